#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <prometheus/metric_family.h>

#include "plimsoll/load_values/load_result.hpp"
#include "plimsoll/verdict/result.hpp"

/// What runs came to, or have come to so far, as metrics of Prometheus. Names and units go by its
/// conventions; a label's values are the catalogue's, the workload's or the registry's name, never
/// what a registry sent.
namespace plimsoll::reports {

using metric_families = std::vector<prometheus::MetricFamily>;

/// A run that is over: gauges of its checks and scenarios, its verdict and its times. The time of
/// the last success is there only where the run is one.
[[nodiscard]] metric_families metrics_of(const run_result& run);

/// A run under way: what its scenarios have come to, without a verdict or the time of an end.
/// @param planned how many scenarios there are to run
[[nodiscard]] metric_families metrics_so_far(const run_result& run, std::size_t planned);

/// A load run that is over: counts and histograms by operation and step, exact quantiles, the
/// objectives, and whether it is valid.
[[nodiscard]] metric_families metrics_of(const load::load_result& run);

/// What a load run is at.
struct load_progress {
  std::uint64_t in_flight = 0;  ///< Operations.
  std::uint64_t waiting = 0;    ///< Starts for which no client was idle.
};

/// A load run under way: counters and histograms that only grow.
[[nodiscard]] metric_families metrics_so_far(const load::load_result& run,
                                             const load_progress& now);

/// Adds `more`; families of the same name become one.
void add(metric_families& to, metric_families more);

/// Prometheus' text form.
[[nodiscard]] std::string prometheus_text(const metric_families& families);

/// `plimsoll_build_info`.
/// @param version of the suite
[[nodiscard]] prometheus::MetricFamily build_info(std::string_view version);

}  // namespace plimsoll::reports
