#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Numbers with units, as people write them. Nothing where the text is not one.
namespace plimsoll::load {

/// A decimal number without a sign or an exponent, finite.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

[[nodiscard]] std::optional<std::uint64_t> parse_whole_number(std::string_view text);

/// "512", "512B", "1.5KiB", "10MB": binary and decimal units up to TiB and TB; whole bytes.
[[nodiscard]] std::optional<std::uint64_t> parse_bytes(std::string_view text);

/// "250ms", "1.5s", "10us", "300ns", "2m", "1h"; below 300 years.
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_time(std::string_view text);

}  // namespace plimsoll::load
