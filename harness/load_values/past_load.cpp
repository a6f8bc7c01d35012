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
  for (const compared_condition& one : compared_conditions) {
    key.push_back(run.conditions.*one.value);
  }
  return key;
}

/// Whether tests of that registry and workload differ in that condition.
bool tells_apart(const compared_condition& condition, const test_history& of,
                 const std::vector<test_history>& all) {
  return std::any_of(all.begin(), all.end(), [&](const test_history& other) {
    return other.registry == of.registry && other.workload == of.workload &&
           other.runs.front().conditions.*condition.value !=
               of.runs.front().conditions.*condition.value;
  });
}

std::string conditions_of(const test_history& of, const std::vector<test_history>& all) {
  const fidelity& conditions = of.runs.front().conditions;
  std::string out = conditions.pacing;
  for (const compared_condition& one : compared_conditions) {
    if (one.value == &fidelity::pacing || !tells_apart(one, of, all)) continue;
    out += std::string("; ") + one.name + " " + conditions.*one.value;
  }
  return out;
}

const past_work* work_of(const past_load& run, const standing& of) {
  if (of.of.empty()) return &run.all;
  for (const past_work& one : of.is_step ? run.steps : run.operations) {
    if (one.name == of.of) return &one;
  }
  return nullptr;
}

std::optional<double> figure_of(const past_load& run, const standing& of) {
  const past_work* const work = work_of(run, of);
  return work == nullptr ? std::nullopt : figure_of(*work, of.what);
}

/// The newest first, and at most so many as a newest run is set beside, and itself.
std::vector<const past_load*> latest_valid(const test_history& of) {
  std::vector<const past_load*> out;
  for (auto run = of.runs.rbegin(); run != of.runs.rend(); ++run) {  // NOLINT(*-loop-convert)
    if (run->invalid.empty()) out.push_back(&*run);
    if (out.size() > baseline_runs) break;
  }
  return out;
}

void set_beside(const std::vector<double>& baseline, standing& one) {
  one.runs = baseline.size();
  if (baseline.empty()) return;
  one.median = median(baseline);
  const auto [least, most] = std::minmax_element(baseline.begin(), baseline.end());
  one.least = *least;
  one.most = *most;
  const bool less = less_is_better(one.what.kind);
  one.worse_than = static_cast<std::size_t>(std::count_if(
      baseline.begin(), baseline.end(),
      [&one, less](double earlier) { return less ? earlier < one.newest : earlier > one.newest; }));
}

/// `one` says of which work.
void add_standings(standing one, const std::vector<const past_load*>& latest,
                   std::vector<standing>& to) {
  for (const kept_figure& what : kept_figures) {
    one.what = what;
    const auto newest = figure_of(*latest.front(), one);
    if (!newest) continue;
    one.newest = *newest;
    one.before = latest.size() > 1 ? figure_of(*latest[1], one) : std::nullopt;
    std::vector<double> baseline;
    for (std::size_t i = 1; i < latest.size(); ++i) {
      if (const auto earlier = figure_of(*latest[i], one)) baseline.push_back(*earlier);
    }
    set_beside(baseline, to.emplace_back(one));
  }
}

}  // namespace

std::optional<double> figure_of(const past_work& work, const kept_figure& what) noexcept {
  const auto* const found = std::find(kept_figures.begin(), kept_figures.end(), what);
  if (found == kept_figures.end()) return std::nullopt;
  return work.figures[static_cast<std::size_t>(found - kept_figures.begin())];
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
  for (const measured_work& one : run.operations) {
    out.operations.push_back(past_work_of(one, run.measured));
  }
  for (const measured_work& one : run.steps) {
    out.steps.push_back(past_work_of(one, run.measured));
  }
  return out;
}

std::vector<test_history> by_test(std::vector<past_load> runs) {
  std::map<test_key, std::vector<past_load>> tests;
  for (past_load& one : runs) tests[key_of(one)].push_back(std::move(one));
  std::vector<test_history> out;
  for (auto& [key, of_one] : tests) {
    std::sort(of_one.begin(), of_one.end(), [](const past_load& a, const past_load& b) {
      return std::tie(a.started, a.file) < std::tie(b.started, b.file);
    });
    out.push_back({key[0], key[1], {}, std::move(of_one)});
  }
  for (test_history& one : out) one.conditions = conditions_of(one, out);
  return out;
}

const past_load* newest_valid(const test_history& of) noexcept {
  const auto found = std::find_if(of.runs.rbegin(), of.runs.rend(),
                                  [](const past_load& run) { return run.invalid.empty(); });
  return found == of.runs.rend() ? nullptr : &*found;
}

bool is_worse(const standing& one) noexcept {
  if (one.runs == 0) return false;
  const double margin = margin_of({{}, one.what.kind, one.what.quantile}, {});
  const double more =
      less_is_better(one.what.kind) ? one.newest - one.median : one.median - one.newest;
  return more > margin * (one.what.kind == metric_kind::errors ? 1 : one.median);
}

bool is_unusual(const standing& one) noexcept {
  return one.runs >= least_unusual_runs && is_worse(one) && one.worse_than * 10 >= one.runs * 9;
}

std::vector<standing> standings_of(const test_history& of) {
  std::vector<standing> out;
  const auto latest = latest_valid(of);
  if (latest.empty()) return out;
  if (latest.front()->operations.size() > 1) add_standings({}, latest, out);
  for (const bool steps : {false, true}) {
    for (const past_work& one : steps ? latest.front()->steps : latest.front()->operations) {
      standing of_one;
      of_one.of = one.name;
      of_one.is_step = steps;
      add_standings(of_one, latest, out);
    }
  }
  return out;
}

}  // namespace plimsoll::load
