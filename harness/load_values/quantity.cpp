#include "quantity.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <utility>

namespace plimsoll::load {
namespace {

using unit = std::pair<std::string_view, double>;

constexpr std::array<unit, 10> byte_units{{{"", 1},
                                           {"B", 1},
                                           {"KiB", 0x1p10},
                                           {"MiB", 0x1p20},
                                           {"GiB", 0x1p30},
                                           {"TiB", 0x1p40},
                                           {"KB", 1e3},
                                           {"MB", 1e6},
                                           {"GB", 1e9},
                                           {"TB", 1e12}}};

constexpr std::array<unit, 6> time_units{
    {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}}};

/// The largest number of bytes or nanoseconds: it fits 63 bits.
constexpr double limit = 9e18;

std::optional<std::int64_t> parse_units(std::string_view text, std::span<const unit> units) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto number = parse_number(text.substr(0, digits));
  const auto entry = std::find_if(units.begin(), units.end(), [&](const unit& known) {
    return known.first == text.substr(digits);
  });
  if (!number || entry == units.end() || *number * entry->second > limit) return std::nullopt;
  return std::llround(*number * entry->second);
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) {
    return std::nullopt;
  }
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc() || stopped != end) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> parse_whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc() || stopped != end) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  const auto bytes = parse_units(text, byte_units);
  if (!bytes) return std::nullopt;
  return static_cast<std::uint64_t>(*bytes);
}

std::optional<std::chrono::nanoseconds> parse_time(std::string_view text) {
  const auto time = parse_units(text, time_units);
  if (!time) return std::nullopt;
  return std::chrono::nanoseconds(*time);
}

}  // namespace plimsoll::load
