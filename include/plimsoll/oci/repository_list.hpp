#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/error.hpp"

namespace plimsoll::oci {

/// The body of the reserved extension `_catalog`: a registry's repositories. The specs keep the
/// name free and say nothing of the form, which is that of Docker's registry API.
struct repository_list {
  std::vector<std::string> repositories;
};

/// `repositories: null`, as some registries send for none, is read as an empty list.
[[nodiscard]] result<repository_list> parse_repository_list(std::string_view json);
[[nodiscard]] std::string to_json(const repository_list& list);

}  // namespace plimsoll::oci
