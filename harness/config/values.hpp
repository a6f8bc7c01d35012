#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/config/config.hpp"

namespace plimsoll {

// Text to values. Nothing where the text is not one.

/// As Go's strconv.ParseBool, which the official suite reads them with.
[[nodiscard]] std::optional<bool> parse_switch(std::string_view text);
/// A count with its unit: "500ms", "30s", "2m" or "1h"; above zero, at most a day.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text);
/// Ours and the official suite's names.
[[nodiscard]] std::optional<spec_version> parse_version(std::string_view text);
[[nodiscard]] std::optional<log_level> parse_log_level(std::string_view text);
[[nodiscard]] std::string_view to_string(log_level level);

/// "30s", "1500ms"
[[nodiscard]] std::string to_text(std::chrono::milliseconds duration);

/// Why the text is not host[:port], with or without http:// or https:// in front; a login in
/// it is not repeated.
[[nodiscard]] std::optional<std::string> registry_fault(std::string_view text);

[[nodiscard]] bool is_repository(std::string_view text);
[[nodiscard]] bool is_tag(std::string_view text);
[[nodiscard]] bool is_digest(std::string_view text);

}  // namespace plimsoll
