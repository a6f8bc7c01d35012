#pragma once

#include <optional>
#include <string_view>

namespace plimsoll::reports {

/// Seconds since 1970 of a time like 2026-01-31T12:00:00Z, as results have it; nothing for any
/// other text.
[[nodiscard]] std::optional<double> unix_seconds(std::string_view utc);

}  // namespace plimsoll::reports
