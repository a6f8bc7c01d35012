#include <array>
#include <map>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "plimsoll/reports/pipeline.hpp"
#include "reports/rfc3339.hpp"
#include "reports/wording.hpp"

namespace plimsoll::reports {
namespace {

using labels = std::vector<std::pair<std::string, std::string>>;

prometheus::ClientMetric gauge(double value, const labels& with = {}) {
  prometheus::ClientMetric made;
  made.gauge.value = value;
  for (const auto& [name, text] : with) {
    prometheus::ClientMetric::Label label;
    label.name = name;
    label.value = text;
    made.label.push_back(std::move(label));
  }
  return made;
}

prometheus::MetricFamily family(std::string name, std::string help,
                                std::vector<prometheus::ClientMetric> metrics) {
  prometheus::MetricFamily made;
  made.name = std::move(name);
  made.help = std::move(help);
  made.type = prometheus::MetricType::Gauge;
  made.metric = std::move(metrics);
  return made;
}

/// How many checks of each category, level and verdict there are.
prometheus::MetricFamily checks(const run_result& run) {
  std::map<std::tuple<std::string, level, verdict>, std::size_t> counts;
  for (const scenario_result& scenario : run.scenarios) {
    for (const check_result& check : scenario.checks) {
      ++counts[{shown(scenario.category), check.strength, check.outcome}];
    }
  }
  std::vector<prometheus::ClientMetric> metrics;
  for (const auto& [key, count] : counts) {
    metrics.push_back(
        gauge(static_cast<double>(count), {{"category", std::get<0>(key)},
                                           {"level", std::string(to_string(std::get<1>(key)))},
                                           {"verdict", std::string(to_string(std::get<2>(key)))}}));
  }
  return family("plimsoll_conformance_checks", "Requirements judged, by verdict.", metrics);
}

prometheus::MetricFamily scenarios(const run_result& run) {
  std::vector<prometheus::ClientMetric> metrics;
  for (const category_result& category : run.categories) {
    for (const auto& [outcome, count] : category.scenarios) {
      metrics.push_back(gauge(
          static_cast<double>(count),
          {{"category", shown(category.category)}, {"verdict", std::string(to_string(outcome))}}));
    }
  }
  return family("plimsoll_conformance_scenarios", "Scenarios, by verdict.", metrics);
}

bool is_conformant(const run_result& run) {
  return exit_code(run) == 0;
}

}  // namespace

std::string prometheus_text(const run_result& run) {
  const double began = unix_seconds(run.started).value_or(0);
  const double took = static_cast<double>(run.took.count()) / 1e6;
  std::vector<prometheus::MetricFamily> families{
      family("plimsoll_build_info", "The suite that made these figures.",
             {gauge(1, {{"version", shown(run.version)}})}),
      family("plimsoll_conformance_conformant",
             "1 where no MUST was found broken and all could be judged, else 0.",
             {gauge(is_conformant(run) ? 1 : 0,
                    {{"spec", shown(run.spec_version)}, {"profile", shown(run.profile)}})}),
      checks(run),
      scenarios(run),
      family("plimsoll_conformance_duration_seconds", "How long the run took.", {gauge(took)}),
      family("plimsoll_conformance_requests", "Requests of the run.",
             {gauge(static_cast<double>(run.requests))}),
      family("plimsoll_conformance_last_run_timestamp_seconds", "When the run ended.",
             {gauge(began + took)}),
  };
  if (is_conformant(run)) {
    families.push_back(family("plimsoll_conformance_last_success_timestamp_seconds",
                              "When a run last ended without a broken MUST.",
                              {gauge(began + took)}));
  }
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return out.str();
}

}  // namespace plimsoll::reports
