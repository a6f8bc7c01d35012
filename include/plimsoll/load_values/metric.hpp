#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/load_values/load_result.hpp"

namespace plimsoll::load {

enum class metric_kind : std::uint8_t {
  quantile,    ///< Of the latency of successes, in nanoseconds.
  mean,        ///< Likewise.
  max,         ///< Likewise.
  rate,        ///< Successes a second.
  throughput,  ///< Bytes of bodies in both directions, a second.
  errors,      ///< Share of failures in all that ended, 0 to 1; `unfinished` ones are neither.
};

/// One number of a run: of an operation, of a kind of step, or of all operations together.
struct metric {
  std::string operation;  ///< The operation's or step's name; empty: all operations.
  metric_kind kind = metric_kind::quantile;
  double quantile = 0.5;  ///< Where it is one: above 0 and below 1.

  friend bool operator==(const metric&, const metric&) = default;
};

/// "pull.p99", "errors", "push.throughput"
[[nodiscard]] std::string to_string(const metric& metric);

/// Reads what `to_string` wrote. "p" and a percentage of at most three decimals is a quantile:
/// "p50", "p99.9". An error lists the known names.
[[nodiscard]] result<metric> parse_metric(std::string_view text);

/// Whether less of it is better.
[[nodiscard]] bool less_is_better(metric_kind kind) noexcept;

/// The number in a run; an error where the run has nothing of that name, or too few samples.
[[nodiscard]] result<double> value_of(const metric& metric, const load_result& run);

/// The same for work measured for that long; ignores the metric's operation.
[[nodiscard]] result<double> value_of(const metric& metric, const measured_work& work,
                                      std::chrono::nanoseconds measured);

/// A value of the metric for people: "12.3 ms", "0.05 %", "512/s".
[[nodiscard]] std::string shown_value(metric_kind kind, double value);

}  // namespace plimsoll::load
