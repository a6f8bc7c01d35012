#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::oci {

/// One warning-value of RFC 7234, 5.5: `code agent "text" ["date"]`. The
/// distribution-spec 1.1.1, "Warnings", narrows it to code 299, agent `-`, no date.
struct warning {
  int code = 0;  ///< Three digits.
  std::string agent;
  std::string text;  ///< Unquoted and unescaped.
  std::optional<std::string> date;
};

/// All warnings of one header value, or nothing where it breaks RFC 7234's grammar.
[[nodiscard]] std::optional<std::vector<warning>> parse_warnings(std::string_view value);

/// The value of a header with this text, as the distribution-spec wants it.
[[nodiscard]] std::string to_warning_value(std::string_view text);

}  // namespace plimsoll::oci
