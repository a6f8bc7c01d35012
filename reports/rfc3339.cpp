#include "reports/rfc3339.hpp"

#include <chrono>
#include <cstdio>
#include <string>

namespace plimsoll::reports {

std::optional<double> unix_seconds(std::string_view utc) {
  constexpr std::size_t length = 20;
  if (utc.size() != length || utc.back() != 'Z') return std::nullopt;
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  // NOLINTNEXTLINE(cert-err34-c): six numbers of fixed width; the ranges are checked behind it.
  const int read = std::sscanf(std::string(utc).c_str(), "%4d-%2u-%2uT%2d:%2d:%2dZ", &year, &month,
                               &day, &hour, &minute, &second);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (read != 6 || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  return static_cast<double>(std::chrono::seconds(days).count() + hour * 3600L + minute * 60L +
                             second);
}

}  // namespace plimsoll::reports
