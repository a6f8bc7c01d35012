#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/error.hpp"

namespace plimsoll::oci {

/// The body of a tag list; distribution-spec 1.1.1, "Listing Tags".
struct tag_list {
  std::string name;
  std::vector<std::string> tags;
};

/// `tags: null`, as some registries send for none, is read as an empty list.
[[nodiscard]] result<tag_list> parse_tag_list(std::string_view json);
[[nodiscard]] std::string to_json(const tag_list& list);

}  // namespace plimsoll::oci
