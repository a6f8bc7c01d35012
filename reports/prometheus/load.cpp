#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "plimsoll/reports/metric_family.hpp"
#include "plimsoll/reports/metrics.hpp"
#include "reports/rfc3339.hpp"

namespace plimsoll::reports {
namespace {

using load::load_result;
using load::measured_work;
using prometheus::MetricFamily;
using prometheus::MetricType;
using seconds = std::chrono::duration<double>;

metric_labels labels_of(const load_result& run) {
  return {{"registry", run.registry}, {"workload", run.workload}};
}

metric_labels labels_of(const load_result& run, std::string name, std::string value) {
  auto labels = labels_of(run);
  labels.emplace_back(std::move(name), std::move(value));
  return labels;
}

MetricFamily single(const load_result& run, std::string name, std::string help, MetricType type,
                    double value) {
  auto made = metric_family(std::move(name), std::move(help), type);
  add_sample(made, value, labels_of(run));
  return made;
}

/// A bucket counts whole where its last time is within the bound, so a time may be told up to
/// 0.8 % too long.
bucket_counts counts_of(const load::histogram& times, std::span<const double> bounds) {
  bucket_counts out;
  out.each.resize(bounds.size() + 1);
  for (const load::histogram::bucket& one : times.buckets()) {
    const double last = seconds(load::histogram::bounds_of(one.index).last).count();
    const auto* const at = std::lower_bound(bounds.data(), bounds.data() + bounds.size(), last);
    out.each[static_cast<std::size_t>(at - bounds.data())] += one.count;
  }
  out.sum = seconds(times.mean()).count() * static_cast<double>(times.count());
  return out;
}

metric_quantiles summary_of(const load::histogram& times) {
  metric_quantiles out;
  out.count = times.count();
  out.sum = seconds(times.mean()).count() * static_cast<double>(times.count());
  for (const double share : {0.5, 0.9, 0.95, 0.99, 0.999}) {
    const auto at = times.quantile(share);
    if (at) out.values.emplace_back(share, seconds(at->value).count());
  }
  return out;
}

MetricFamily durations(const load_result& run, std::string name, std::string help,
                       const std::string& label, const std::vector<measured_work>& works) {
  auto made = metric_family(std::move(name), std::move(help), MetricType::Histogram);
  for (const measured_work& one : works) {
    add_histogram(made, duration_bounds(), counts_of(one.latency, duration_bounds()),
                  labels_of(run, label, one.name));
  }
  return made;
}

MetricFamily operations(const load_result& run) {
  auto made = metric_family("plimsoll_load_operations_total", "Operations that succeeded.",
                            MetricType::Counter);
  for (const measured_work& one : run.operations) {
    add_sample(made, static_cast<double>(one.latency.count()),
               labels_of(run, "operation", one.name));
  }
  return made;
}

MetricFamily failures(const load_result& run) {
  auto made = metric_family("plimsoll_load_operation_failures_total",
                            "Operations that failed, by kind.", MetricType::Counter);
  for (const measured_work& one : run.operations) {
    for (const auto& [kind, count] : one.failures) {
      if (kind == load::unfinished) continue;
      auto labels = labels_of(run, "operation", one.name);
      labels.emplace_back("kind", kind);
      add_sample(made, static_cast<double>(count), labels);
    }
  }
  return made;
}

MetricFamily body_bytes(const load_result& run, std::string name, std::string help,
                        std::uint64_t measured_work::*which) {
  std::uint64_t sum = 0;
  for (const measured_work& one : run.operations) sum += one.*which;
  return single(run, std::move(name), std::move(help), MetricType::Counter,
                static_cast<double>(sum));
}

MetricFamily schedule_lag(const load_result& run) {
  auto made =
      metric_family("plimsoll_load_schedule_lag_seconds",
                    "How late the generator itself was with its starts.", MetricType::Histogram);
  add_histogram(made, duration_bounds(), counts_of(run.lag, duration_bounds()), labels_of(run));
  return made;
}

/// Exact to 0.8 %, other than what is made of the buckets above.
MetricFamily latencies(const load_result& run) {
  auto made = metric_family("plimsoll_load_operation_latency_seconds",
                            "Latency of operations that succeeded, with each quantile that "
                            "enough samples stand beyond.",
                            MetricType::Summary);
  for (const measured_work& one : run.operations) {
    add_summary(made, summary_of(one.latency), labels_of(run, "operation", one.name));
  }
  return made;
}

MetricFamily objectives(const load_result& run) {
  auto made = metric_family("plimsoll_load_objective_kept",
                            "1 where the objective is kept, 0 where it is broken or could not be "
                            "judged.",
                            MetricType::Gauge);
  for (const load::judged_objective& one : run.objectives) {
    const bool kept = one.outcome == load::objective_outcome::kept;
    add_sample(made, kept ? 1 : 0, labels_of(run, "objective", one.objective));
  }
  return made;
}

/// What a run has at any time of it.
metric_families counted(const load_result& run) {
  const auto& used = run.generator;
  return {
      build_info(run.version),
      operations(run),
      failures(run),
      durations(run, "plimsoll_load_operation_duration_seconds",
                "Latency of operations that succeeded, from the intended start.", "operation",
                run.operations),
      durations(run, "plimsoll_load_request_duration_seconds",
                "Time of requests that succeeded, by what they ask for.", "step", run.steps),
      body_bytes(run, "plimsoll_load_sent_bytes_total", "Bytes of bodies that were sent.",
                 &measured_work::bytes_sent),
      body_bytes(run, "plimsoll_load_received_bytes_total", "Bytes of bodies that were received.",
                 &measured_work::bytes_received),
      single(run, "plimsoll_load_dropped_starts_total",
             "Starts that were given up: too many were waiting already.", MetricType::Counter,
             static_cast<double>(run.dropped)),
      schedule_lag(run),
      single(run, "plimsoll_load_generator_cpu_seconds_total",
             "Processor time of the generator while the clock ran.", MetricType::Counter,
             seconds(used.user_time + used.system_time).count()),
      single(run, "plimsoll_load_generator_resident_memory_bytes", "Memory of the generator.",
             MetricType::Gauge, static_cast<double>(used.last_memory_bytes)),
  };
}

}  // namespace

metric_families metrics_so_far(const load_result& run, const load_progress& now) {
  auto all = counted(run);
  all.push_back(single(run, "plimsoll_load_operations_in_flight", "Operations under way.",
                       MetricType::Gauge, static_cast<double>(now.in_flight)));
  all.push_back(single(run, "plimsoll_load_starts_waiting", "Starts for which no client was idle.",
                       MetricType::Gauge, static_cast<double>(now.waiting)));
  return all;
}

metric_families metrics_of(const load_result& run) {
  auto all = counted(run);
  const double measured = seconds(run.measured).count();
  all.push_back(latencies(run));
  all.push_back(objectives(run));
  all.push_back(single(run, "plimsoll_load_valid",
                       "1 where the run measured the registry and not the generator, else 0.",
                       MetricType::Gauge, run.invalid.empty() ? 1 : 0));
  all.push_back(single(run, "plimsoll_load_measured_seconds",
                       "How long the clock ran: counts over it are rates.", MetricType::Gauge,
                       measured));
  all.push_back(single(run, "plimsoll_load_last_run_timestamp_seconds",
                       "When the clock of the run ended.", MetricType::Gauge,
                       unix_seconds(run.started).value_or(0) + measured));
  return all;
}

}  // namespace plimsoll::reports
