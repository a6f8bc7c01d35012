#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>

/// How families of metrics are put together.
namespace plimsoll::reports {

using metric_labels = std::vector<std::pair<std::string, std::string>>;

/// A family without samples.
/// @param help one sentence
[[nodiscard]] prometheus::MetricFamily metric_family(std::string name, std::string help,
                                                     prometheus::MetricType type);

/// Adds a sample to a family of counters or gauges.
void add_sample(prometheus::MetricFamily& to, double value, const metric_labels& labels = {});

/// The upper bounds of most histograms here, in seconds: from a small answer of a registry on
/// this machine to a large blob over a slow line.
[[nodiscard]] std::span<const double> duration_bounds() noexcept;

/// What a histogram counted.
struct bucket_counts {
  std::vector<std::uint64_t>
      each;        ///< Up to each bound and above the one before; the last: beyond.
  double sum = 0;  ///< Of all values.
};

/// Adds a sample to a family of histograms.
/// @param bounds one fewer than `counts.each`
void add_histogram(prometheus::MetricFamily& to, std::span<const double> bounds,
                   const bucket_counts& counts, const metric_labels& labels);

/// What a summary tells.
struct metric_quantiles {
  std::vector<std::pair<double, double>> values;  ///< A share of all, and the value there.
  std::uint64_t count = 0;
  double sum = 0;
};

/// Adds a sample to a family of summaries.
void add_summary(prometheus::MetricFamily& to, const metric_quantiles& of,
                 const metric_labels& labels);

}  // namespace plimsoll::reports
