#pragma once

#include <string>

namespace plimsoll {

/// The time of day in UTC as RFC 3339 has it, to the second: 2026-01-02T03:04:05Z.
[[nodiscard]] std::string utc_now();

/// The day in UTC: 2026-01-02.
[[nodiscard]] std::string utc_today();

}  // namespace plimsoll
