#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plimsoll::oci {

/// One challenge of a `WWW-Authenticate` header (RFC 9110, 11.6.1).
struct challenge {
  std::string scheme;   ///< In lower case.
  std::string token68;  ///< Empty where parameters are used.
  std::vector<std::pair<std::string, std::string>> parameters;  ///< Names in lower case.

  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};

/// All challenges of one header value in their order. What cannot be read is left
/// out: a client looks for the one that it can answer.
[[nodiscard]] std::vector<challenge> parse_challenges(std::string_view value);

}  // namespace plimsoll::oci
