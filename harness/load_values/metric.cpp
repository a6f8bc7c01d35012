#include "plimsoll/load_values/metric.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "names.hpp"
#include "plimsoll/base/text.hpp"
#include "quantity.hpp"

namespace plimsoll::load {
namespace {

// The enumerators' order; quantiles have names of their own.
constexpr name_table<6> metric_names{"p99", "mean", "max", "rate", "throughput", "errors"};

std::optional<double> parse_quantile(std::string_view name) {
  if (name.size() < 2 || name.front() != 'p') return std::nullopt;
  const std::string_view digits = name.substr(1);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const auto percentage = parse_number(digits);
  if (!percentage || digits.size() - point > 4) return std::nullopt;
  if (*percentage <= 0 || *percentage >= 100) return std::nullopt;
  return *percentage / 100;
}

double seconds_of(std::chrono::nanoseconds time) noexcept {
  return std::chrono::duration<double>(time).count();
}

result<measured_work> work_of(const metric& metric, const load_result& run) {
  if (metric.operation.empty()) return all_operations(run);
  for (const auto* list : {&run.operations, &run.steps}) {
    for (const measured_work& work : *list) {
      if (work.name == metric.operation) return work;
    }
  }
  return error::of(fmt::format("the run has no operation or step \"{}\"", metric.operation));
}

error too_few(std::uint64_t samples, std::uint64_t needed) {
  return error::of(fmt::format("too few samples: {}, where {} are needed", samples, needed));
}

result<double> quantile_of(const histogram& times, double q) {
  const auto estimate = times.quantile(q);
  if (!estimate) return too_few(times.count(), samples_needed(q));
  return static_cast<double>(estimate->value.count());
}

result<double> error_share(const measured_work& work) {
  const std::uint64_t failed = failures_of(work);
  const std::uint64_t ended = work.latency.count() + failed;
  if (ended == 0) return too_few(0, 1);
  return static_cast<double>(failed) / static_cast<double>(ended);
}

result<double> per_second(double amount, std::chrono::nanoseconds measured) {
  if (measured.count() <= 0) return error::of("the run has no duration");
  return amount / seconds_of(measured);
}

std::string three_digits(double number) {
  return fmt::format("{:.{}f}", number, number < 9.995 ? 2 : number < 99.95 ? 1 : 0);
}

}  // namespace

std::string to_string(const metric& metric) {
  const std::string name = metric.kind == metric_kind::quantile
                               ? fmt::format("p{:.6g}", metric.quantile * 100)
                               : std::string(metric_names[static_cast<std::size_t>(metric.kind)]);
  return metric.operation.empty() ? name : metric.operation + "." + name;
}

result<metric> parse_metric(std::string_view text) {
  metric read;
  // "pull.p99.9": the metric's name begins after the first dot; "p99.9" alone has no operation.
  const std::size_t dot = text.find('.');
  if (dot != std::string_view::npos && !parse_quantile(text)) {
    read.operation = text.substr(0, dot);
    text.remove_prefix(dot + 1);
    if (read.operation.empty()) {
      return error::of("expected the name of an operation before the dot");
    }
  }
  if (const auto q = parse_quantile(text)) {
    read.quantile = *q;
    return read;
  }
  const auto kind = value_of<metric_kind>(metric_names, text);
  if (!kind) {
    return error::of(fmt::format("there is no metric \"{}\", expected {} (or another percentile){}",
                                 printable(text, 60), any_of(metric_names),
                                 suggestion(text, metric_names)));
  }
  read.kind = *kind;
  return read;
}

bool less_is_better(metric_kind kind) noexcept {
  return kind != metric_kind::rate && kind != metric_kind::throughput;
}

result<double> value_of(const metric& metric, const load_result& run) {
  const auto work = work_of(metric, run);
  if (!work) return work.error();
  return value_of(metric, *work, run.measured);
}

result<double> value_of(const metric& metric, const measured_work& work,
                        std::chrono::nanoseconds measured) {
  const std::uint64_t succeeded = work.latency.count();
  switch (metric.kind) {
    case metric_kind::quantile:
      return quantile_of(work.latency, metric.quantile);
    case metric_kind::mean:
      if (succeeded < least_samples_beyond) return too_few(succeeded, least_samples_beyond);
      return static_cast<double>(work.latency.mean().count());
    case metric_kind::max:
      if (succeeded == 0) return too_few(0, 1);
      return static_cast<double>(work.latency.max().count());
    case metric_kind::rate:
      return per_second(static_cast<double>(succeeded), measured);
    case metric_kind::throughput:
      return per_second(
          static_cast<double>(work.bytes_sent) + static_cast<double>(work.bytes_received),
          measured);
    case metric_kind::errors:
      break;
  }
  return error_share(work);
}

std::string shown_value(metric_kind kind, double value) {
  if (kind == metric_kind::errors) return fmt::format("{:.3g} %", value * 100);
  const bool time = less_is_better(kind);
  const auto units =
      time ? name_table<4>{" ns", " us", " ms", " s"} : name_table<4>{"", "K", "M", "G"};
  std::size_t unit = 0;
  while (unit + 1 < units.size() && value >= 999.5) {
    value /= 1000;
    ++unit;
  }
  const bool whole = value >= 99.95 || (unit == 0 && value == std::floor(value));
  const std::string number = whole ? fmt::format("{:.0f}", value) : three_digits(value);
  if (kind == metric_kind::throughput) return fmt::format("{} {}B/s", number, units[unit]);
  return fmt::format("{}{}{}", number, units[unit], time ? "" : "/s");
}

}  // namespace plimsoll::load
