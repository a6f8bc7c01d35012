#include "plimsoll/load_values/past_load.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "plimsoll/load_values/comparison.hpp"
#include "plimsoll/load_values/statistics.hpp"

namespace plimsoll::load {
namespace {

past_work past_work_of(const measured_work& work, std::chrono::nanoseconds measured) {
  past_work out;
  out.name = work.name;
  out.succeeded = work.latency.count();
  out.failed = failures_of(work);
  for (std::size_t i = 0; i < kept_figures.size(); ++i) {
    const auto& [kind, quantile] = kept_figures[i];
    if (const auto value = value_of({{}, kind, quantile}, work, measured)) out.figures[i] = *value;
  }
  return out;
}

/// Registry, workload, and each of `compared_conditions`.
using test_key = std::vector<std::string>;

test_key key_of(const past_load& run) {
  test_key key{run.registry, run.workload};
  for (const compared_condition& condition : compared_conditions) {
    key.push_back(run.conditions.*condition.value);
  }
  return key;
}

/// Whether tests of that registry and workload differ in that condition.
bool differs_in(const compared_condition& condition, const test_history& history,
                const std::vector<test_history>& all) {
  return std::any_of(all.begin(), all.end(), [&](const test_history& other) {
    return other.registry == history.registry && other.workload == history.workload &&
           other.runs.front().conditions.*condition.value !=
               history.runs.front().conditions.*condition.value;
  });
}

std::string conditions_of(const test_history& history, const std::vector<test_history>& all) {
  const fidelity& conditions = history.runs.front().conditions;
  std::string out = conditions.pacing;
  for (const compared_condition& condition : compared_conditions) {
    if (condition.value == &fidelity::pacing || !differs_in(condition, history, all)) continue;
    out += std::string("; ") + condition.name + " " + conditions.*condition.value;
  }
  return out;
}

const past_work* work_of(const past_load& run, const trend& trend) {
  if (trend.operation.empty()) return &run.all;
  for (const past_work& work : trend.is_step ? run.steps : run.operations) {
    if (work.name == trend.operation) return &work;
  }
  return nullptr;
}

std::optional<double> figure_of(const past_load& run, const trend& trend) {
  const past_work* const work = work_of(run, trend);
  return work == nullptr ? std::nullopt : figure_of(*work, trend.figure);
}

/// The valid runs, the newest first: it and at most `baseline_runs` before it.
std::vector<const past_load*> latest_valid(const test_history& history) {
  std::vector<const past_load*> out;
  // NOLINTNEXTLINE(*-loop-convert): clang 14 has no reversed view
  for (auto run = history.runs.rbegin(); run != history.runs.rend(); ++run) {
    if (run->invalid.empty()) out.push_back(&*run);
    if (out.size() > baseline_runs) break;
  }
  return out;
}

void compare_with_baseline(const std::vector<double>& baseline, trend& trend) {
  trend.runs = baseline.size();
  if (baseline.empty()) return;
  trend.median = median(baseline);
  const auto [least, most] = std::minmax_element(baseline.begin(), baseline.end());
  trend.least = *least;
  trend.most = *most;
  const bool less = less_is_better(trend.figure.kind);
  trend.worse_than = static_cast<std::size_t>(
      std::count_if(baseline.begin(), baseline.end(), [&trend, less](double earlier) {
        return less ? earlier < trend.newest : earlier > trend.newest;
      }));
}

/// @param work_trend says of which work; its figures are filled in
void add_trends(trend work_trend, const std::vector<const past_load*>& latest,
                std::vector<trend>& trends) {
  for (const kept_figure& figure : kept_figures) {
    work_trend.figure = figure;
    const auto newest = figure_of(*latest.front(), work_trend);
    if (!newest) continue;
    work_trend.newest = *newest;
    work_trend.before = latest.size() > 1 ? figure_of(*latest[1], work_trend) : std::nullopt;
    std::vector<double> baseline;
    for (std::size_t i = 1; i < latest.size(); ++i) {
      if (const auto earlier = figure_of(*latest[i], work_trend)) baseline.push_back(*earlier);
    }
    compare_with_baseline(baseline, trends.emplace_back(work_trend));
  }
}

}  // namespace

std::optional<double> figure_of(const past_work& work, const kept_figure& figure) noexcept {
  const auto* const entry = std::find(kept_figures.begin(), kept_figures.end(), figure);
  if (entry == kept_figures.end()) return std::nullopt;
  return work.figures[static_cast<std::size_t>(entry - kept_figures.begin())];
}

past_load past_load_of(std::string file, const load_result& run) {
  past_load out;
  out.file = std::move(file);
  out.version = run.version;
  out.run_id = run.run_id;
  out.registry = run.registry;
  out.workload = run.workload;
  out.started = run.started;
  out.conditions = run.conditions;
  out.invalid = run.invalid;
  out.objectives = run.objectives;
  out.all = past_work_of(all_operations(run), run.measured);
  for (const measured_work& work : run.operations) {
    out.operations.push_back(past_work_of(work, run.measured));
  }
  for (const measured_work& work : run.steps) {
    out.steps.push_back(past_work_of(work, run.measured));
  }
  return out;
}

std::vector<test_history> by_test(std::vector<past_load> runs) {
  std::map<test_key, std::vector<past_load>> tests;
  for (past_load& run : runs) tests[key_of(run)].push_back(std::move(run));
  std::vector<test_history> out;
  for (auto& [key, test_runs] : tests) {
    std::sort(test_runs.begin(), test_runs.end(), [](const past_load& a, const past_load& b) {
      return std::tie(a.started, a.file) < std::tie(b.started, b.file);
    });
    out.push_back({key[0], key[1], {}, std::move(test_runs)});
  }
  for (test_history& history : out) history.conditions = conditions_of(history, out);
  return out;
}

const past_load* newest_valid(const test_history& history) noexcept {
  const auto entry = std::find_if(history.runs.rbegin(), history.runs.rend(),
                                  [](const past_load& run) { return run.invalid.empty(); });
  return entry == history.runs.rend() ? nullptr : &*entry;
}

bool is_worse(const trend& trend) noexcept {
  if (trend.runs == 0) return false;
  const double margin = margin_of({{}, trend.figure.kind, trend.figure.quantile}, {});
  const double more =
      less_is_better(trend.figure.kind) ? trend.newest - trend.median : trend.median - trend.newest;
  return more > margin * (trend.figure.kind == metric_kind::errors ? 1 : trend.median);
}

bool is_unusual(const trend& trend) noexcept {
  return trend.runs >= least_unusual_runs && is_worse(trend) &&
         trend.worse_than * 10 >= trend.runs * 9;
}

std::vector<trend> trends_of(const test_history& history) {
  std::vector<trend> out;
  const auto latest = latest_valid(history);
  if (latest.empty()) return out;
  if (latest.front()->operations.size() > 1) add_trends({}, latest, out);
  for (const bool steps : {false, true}) {
    for (const past_work& work : steps ? latest.front()->steps : latest.front()->operations) {
      trend work_trend;
      work_trend.operation = work.name;
      work_trend.is_step = steps;
      add_trends(work_trend, latest, out);
    }
  }
  return out;
}

}  // namespace plimsoll::load
