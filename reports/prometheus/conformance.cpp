#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "plimsoll/reports/metric_family.hpp"
#include "plimsoll/reports/metrics.hpp"
#include "plimsoll/reports/pipeline.hpp"
#include "reports/rfc3339.hpp"

namespace plimsoll::reports {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily gauge(const run_result& run, std::string name, std::string help, double value) {
  auto made = metric_family(std::move(name), std::move(help), MetricType::Gauge);
  add_sample(made, value, {{"registry", run.registry}});
  return made;
}

/// How many checks of each category, level and verdict there are.
MetricFamily checks(const run_result& run) {
  std::map<std::tuple<std::string, level, verdict>, std::size_t> counts;
  for (const scenario_result& scenario : run.scenarios) {
    for (const check_result& check : scenario.checks) {
      ++counts[{scenario.category, check.strength, check.outcome}];
    }
  }
  auto made = metric_family("plimsoll_conformance_checks", "Requirements judged, by verdict.",
                            MetricType::Gauge);
  for (const auto& [key, count] : counts) {
    const auto& [category, strength, outcome] = key;
    add_sample(made, static_cast<double>(count),
               {{"registry", run.registry},
                {"category", category},
                {"level", std::string(to_string(strength))},
                {"verdict", std::string(to_string(outcome))}});
  }
  return made;
}

MetricFamily scenarios(const run_result& run) {
  std::map<std::pair<std::string, verdict>, std::size_t> counts;
  for (const scenario_result& one : run.scenarios) ++counts[{one.category, one.outcome}];
  auto made =
      metric_family("plimsoll_conformance_scenarios", "Scenarios, by verdict.", MetricType::Gauge);
  for (const auto& [key, count] : counts) {
    add_sample(made, static_cast<double>(count),
               {{"registry", run.registry},
                {"category", key.first},
                {"verdict", std::string(to_string(key.second))}});
  }
  return made;
}

/// Of those that were tried, whatever they came to.
MetricFamily scenario_durations(const run_result& run) {
  const auto bounds = duration_bounds();
  std::map<std::string, bucket_counts> by_category;
  for (const scenario_result& one : run.scenarios) {
    if (one.exchanges == 0) continue;
    bucket_counts& counts = by_category[one.category];
    counts.each.resize(bounds.size() + 1);
    const double took = static_cast<double>(one.took.count()) / 1e6;
    const auto* const at = std::lower_bound(bounds.data(), bounds.data() + bounds.size(), took);
    ++counts.each[static_cast<std::size_t>(at - bounds.data())];
    counts.sum += took;
  }
  auto made = metric_family("plimsoll_conformance_scenario_duration_seconds",
                            "How long each scenario took.", MetricType::Histogram);
  for (const auto& [category, counts] : by_category) {
    add_histogram(made, bounds, counts, {{"registry", run.registry}, {"category", category}});
  }
  return made;
}

}  // namespace

metric_families metrics_so_far(const run_result& run, std::size_t planned) {
  return {build_info(run.version), checks(run), scenarios(run), scenario_durations(run),
          gauge(run, "plimsoll_conformance_scenarios_planned", "Scenarios that there are to run.",
                static_cast<double>(planned))};
}

metric_families metrics_of(const run_result& run) {
  const double took = static_cast<double>(run.took.count()) / 1e6;
  const double ended = unix_seconds(run.started).value_or(0) + took;
  const bool conformant = run.outcome != verdict::partial && exit_code(run) == 0;
  metric_families all{
      build_info(run.version),
      checks(run),
      scenarios(run),
      scenario_durations(run),
      gauge(run, "plimsoll_conformance_duration_seconds", "How long the run took.", took),
      gauge(run, "plimsoll_conformance_requests", "Requests of the run.",
            static_cast<double>(run.requests)),
      gauge(run, "plimsoll_conformance_scenarios_run", "Scenarios that were not skipped.",
            static_cast<double>(scenarios_run(run))),
      gauge(run, "plimsoll_conformance_last_run_timestamp_seconds", "When the run ended.", ended),
  };
  // Of a part in which nothing is broken nobody can say that the registry is conformant.
  if (run.outcome != verdict::partial) {
    auto verdict_of_all = metric_family(
        "plimsoll_conformance_conformant",
        "1 where no MUST was found broken and all could be judged, else 0.", MetricType::Gauge);
    add_sample(verdict_of_all, conformant ? 1 : 0,
               {{"registry", run.registry}, {"spec", run.spec_version}, {"profile", run.profile}});
    all.push_back(std::move(verdict_of_all));
  }
  if (conformant) {
    all.push_back(gauge(run, "plimsoll_conformance_last_success_timestamp_seconds",
                        "When a run last ended without a broken MUST.", ended));
  }
  return all;
}

std::string prometheus_text(const run_result& run) {
  return prometheus_text(metrics_of(run));
}

}  // namespace plimsoll::reports
