#include "reports/load/units.hpp"

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/load_values/metric.hpp"

namespace plimsoll::load {

std::string shown_time(std::chrono::nanoseconds time) {
  return shown_value(metric_kind::mean, static_cast<double>(time.count()));
}

std::string shown_throughput(double bytes_per_second) {
  return shown_value(metric_kind::throughput, bytes_per_second);
}

std::string shown_change(effect_kind effect, double change) {
  if (effect == effect_kind::ratio) return fmt::format("{:+.1f} %", (change - 1) * 100);
  return fmt::format("{:+.2f} points", change * 100);
}

std::string shown_text(std::string_view foreign) {
  return printable(foreign, 300);
}

}  // namespace plimsoll::load
