#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "plimsoll/load_values/statistics.hpp"

/// How reports of load runs write numbers for people.
namespace plimsoll::load {

/// Three digits and a unit: "950 ns", "12.3 ms", "61.2 s".
[[nodiscard]] std::string shown_time(std::chrono::nanoseconds time);

/// "812 B/s", "1.25 GB/s": decimal, as networks and objectives have it.
[[nodiscard]] std::string shown_throughput(double bytes_per_second);

/// "+12.3 %" for a ratio, "+0.05 points" for a difference of shares.
[[nodiscard]] std::string shown_change(effect_kind effect, double change);

/// Foreign text on one line.
[[nodiscard]] std::string shown_text(std::string_view foreign);

}  // namespace plimsoll::load
