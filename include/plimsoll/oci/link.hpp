#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plimsoll::oci {

/// One link of a `Link` header (RFC 8288; the spec cites its predecessor RFC 5988).
struct link {
  std::string target;  ///< What stood between < and >, unchanged.
  std::vector<std::pair<std::string, std::string>>
      parameters;  ///< Names in lower case, values unquoted.

  /// Whether `rel` has this relation type among its space-separated ones, case ignored.
  [[nodiscard]] bool has_relation(std::string_view type) const;
};

/// All links of one header value, or nothing where it breaks the grammar.
[[nodiscard]] std::optional<std::vector<link>> parse_links(std::string_view value);

/// The target of the first link with relation `next`.
[[nodiscard]] std::optional<std::string> next_link(std::string_view value);

}  // namespace plimsoll::oci
