#include "reports/load/units.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::load {
namespace {

/// Three significant digits without an exponent, for 0 to below 1000.
std::string three_digits(double number) {
  const int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f}", number, decimals);
}

template <std::size_t Count>
std::string with_unit(double number,
                      const std::array<std::pair<double, const char*>, Count>& units) {
  auto unit = units.begin();
  while (unit + 1 != units.end() && number / unit->first >= 999.5) ++unit;
  const std::string digits = unit == units.begin() || number / unit->first >= 999.5
                                 ? fmt::format("{:.0f}", number / unit->first)
                                 : three_digits(number / unit->first);
  return digits + " " + unit->second;
}

}  // namespace

std::string shown_time(std::chrono::nanoseconds time) {
  constexpr std::array<std::pair<double, const char*>, 4> units{
      {{1, "ns"}, {1e3, "us"}, {1e6, "ms"}, {1e9, "s"}}};
  return with_unit(static_cast<double>(time.count()), units);
}

std::string shown_throughput(double bytes_per_second) {
  constexpr std::array<std::pair<double, const char*>, 4> units{
      {{1, "B/s"}, {1e3, "KB/s"}, {1e6, "MB/s"}, {1e9, "GB/s"}}};
  return with_unit(bytes_per_second, units);
}

std::string shown_text(std::string_view foreign) {
  return printable(foreign, 300);
}

}  // namespace plimsoll::load
