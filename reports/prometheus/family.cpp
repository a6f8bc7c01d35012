#include <algorithm>
#include <array>
#include <sstream>

#include <prometheus/text_serializer.h>

#include "plimsoll/reports/metric_family.hpp"
#include "plimsoll/reports/metrics.hpp"
#include "reports/wording.hpp"

namespace plimsoll::reports {
namespace {

prometheus::ClientMetric sample_with(const metric_labels& labels) {
  prometheus::ClientMetric made;
  for (const auto& [name, text] : labels) {
    prometheus::ClientMetric::Label label;
    label.name = name;
    label.value = shown(text);
    made.label.push_back(std::move(label));
  }
  return made;
}

}  // namespace

prometheus::MetricFamily metric_family(std::string name, std::string help,
                                       prometheus::MetricType type) {
  prometheus::MetricFamily made;
  made.name = std::move(name);
  made.help = std::move(help);
  made.type = type;
  return made;
}

void add_sample(prometheus::MetricFamily& to, double value, const metric_labels& labels) {
  auto made = sample_with(labels);
  (to.type == prometheus::MetricType::Counter ? made.counter.value : made.gauge.value) = value;
  to.metric.push_back(std::move(made));
}

std::span<const double> duration_bounds() noexcept {
  static constexpr std::array bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                     0.25,   0.5,   1.0,    2.5,   5.0,  10.0,  30.0, 60.0};
  return bounds;
}

void add_histogram(prometheus::MetricFamily& to, std::span<const double> bounds,
                   const bucket_counts& counts, const metric_labels& labels) {
  auto made = sample_with(labels);
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    so_far += counts.each.at(i);
    prometheus::ClientMetric::Bucket bucket;
    bucket.cumulative_count = so_far;
    bucket.upper_bound = bounds[i];
    made.histogram.bucket.push_back(bucket);
  }
  made.histogram.sample_count = so_far + counts.each.at(bounds.size());
  made.histogram.sample_sum = counts.sum;
  to.metric.push_back(std::move(made));
}

void add_summary(prometheus::MetricFamily& to, const metric_quantiles& of,
                 const metric_labels& labels) {
  auto made = sample_with(labels);
  made.summary.sample_count = of.count;
  made.summary.sample_sum = of.sum;
  for (const auto& [share, value] : of.values) {
    prometheus::ClientMetric::Quantile one;
    one.quantile = share;
    one.value = value;
    made.summary.quantile.push_back(one);
  }
  to.metric.push_back(std::move(made));
}

void add(metric_families& to, metric_families more) {
  for (prometheus::MetricFamily& one : more) {
    const auto known = std::find_if(to.begin(), to.end(),
                                    [&](const auto& other) { return other.name == one.name; });
    if (known == to.end()) {
      to.push_back(std::move(one));
    } else if (one.name != "plimsoll_build_info") {  // one sample says it
      std::move(one.metric.begin(), one.metric.end(), std::back_inserter(known->metric));
    }
  }
}

std::string prometheus_text(const metric_families& families) {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return out.str();
}

prometheus::MetricFamily build_info(std::string_view version) {
  auto made = metric_family("plimsoll_build_info", "The suite that made these figures.",
                            prometheus::MetricType::Gauge);
  add_sample(made, 1, {{"version", std::string(version)}});
  return made;
}

}  // namespace plimsoll::reports
