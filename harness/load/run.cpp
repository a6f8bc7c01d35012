#include "plimsoll/load/run.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "plimsoll/load_values/limit.hpp"
#include "prepared_run.hpp"
#include "step.hpp"

namespace plimsoll::load {
namespace {

/// Less of the rate than that reached, and the registry does not keep up with it.
constexpr double least_reached = 0.95;
constexpr double first_rate_per_second = 50;

/// The part of all starts that is of this operation; 1 where it is of all, or of a step.
double share_of(const std::string& operation, const workload& plan) {
  double all = 0;
  double its = 0;
  for (const auto& one : plan.operations) {
    all += one.weight;
    if (one.name == operation) its += one.weight;
  }
  return its > 0 ? its / all : 1;
}

/// Starts without which an objective cannot be judged.
double needed_starts(const std::vector<objective>& objectives, const workload& plan) {
  double needed = 0;
  for (const objective& one : objectives) {
    if (one.what.kind != metric_kind::quantile) continue;
    const auto samples = static_cast<double>(samples_needed(one.what.quantile));
    needed = std::max(needed, samples / share_of(one.what.of, plan));
  }
  return needed;
}

/// A constant rate, for as long as the objectives need to be judged.
workload paced(workload plan, double per_second, std::chrono::nanoseconds least, double starts) {
  constexpr double reserve = 1.2;
  const auto needed = std::chrono::duration<double>(starts * reserve / per_second);
  plan.duration = std::clamp<std::chrono::nanoseconds>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(needed), least,
      std::max<std::chrono::nanoseconds>(least, std::chrono::minutes(10)));
  plan.pace = rate_plan{{{per_second, per_second, plan.duration}}, spacing::even};
  return plan;
}

/// What was not kept at that rate; empty: all was.
std::string broken_at(double asked, double reached, const load_result& run) {
  for (const judged_objective& one : run.objectives) {
    if (one.outcome == objective_outcome::broken) return one.objective + ": " + one.measured;
  }
  if (!run.invalid.empty()) return run.invalid.front();
  if (run.dropped > 0) return fmt::format("{} starts were given up", run.dropped);
  if (reached < asked * least_reached) return fmt::format("reached {:.1f}/s only", reached);
  return {};
}

/// An objective of which the rate that was kept up gives too few samples; empty: there is none.
std::string unjudged(const load_result& run) {
  for (const judged_objective& one : run.objectives) {
    if (one.outcome == objective_outcome::refused) return one.objective + ": " + one.measured;
  }
  return {};
}

tried_rate row_of(double asked, const load_result& run) {
  const measured_work all = all_operations(run);
  const auto time = [&](double q) -> std::optional<std::chrono::nanoseconds> {
    const auto found = all.latency.quantile(q);
    if (!found) return std::nullopt;
    return found->value;
  };
  tried_rate out;
  out.asked_per_second = asked;
  const double seconds = std::chrono::duration<double>(run.measured).count();
  if (seconds > 0) out.reached_per_second = static_cast<double>(all.latency.count()) / seconds;
  out.p50 = time(0.5);
  out.p99 = time(0.99);
  out.p999 = time(0.999);
  out.failures = failures_of(all);
  out.broken = broken_at(asked, out.reached_per_second, run);
  return out;
}

/// The whole search on a prepared registry.
result<load_result> search(campaign& on, const run_options& how, const limit_options& limits,
                           const run_observer& watching, const std::atomic<int>& interrupts) {
  const double starts = needed_starts(limits.objectives, how.plan);
  limit_search rates(limits.first_per_second > 0 ? limits.first_per_second : first_rate_per_second);
  std::vector<tried_rate> tried;
  load_result best;
  bool generator_broke = false;
  while (const auto rate = rates.next()) {
    if (watching.phase) watching.phase(fmt::format("trying {:.1f}/s", *rate));
    auto run = on.measure(paced(how.plan, *rate, limits.step, starts), interrupts);
    if (!run) return run;
    for (const objective& one : limits.objectives) run->objectives.push_back(judge(one, *run));
    tried.push_back(row_of(*rate, *run));
    const bool kept = tried.back().broken.empty();
    if (!kept && !run->invalid.empty()) generator_broke = true;
    if (kept || tried.size() == 1 || !rates.kept()) best = std::move(*run);
    if (const std::string why = unjudged(best); kept && !why.empty()) {
      best.invalid.push_back("no limit can be found: " + why);
      break;
    }
    rates.note(*rate, kept);
    if (interrupts.load() > 0) break;
  }
  // What bounds the rates that were kept may have been this side.
  if (generator_broke && best.invalid.empty()) {
    best.invalid.emplace_back("the generator was the limit at a rate of the search");
  }
  best.rates = std::move(tried);
  return best;
}

}  // namespace

std::vector<std::string_view> step_names() {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < step_kinds; ++i) out.push_back(to_string(static_cast<step>(i)));
  return out;
}

result<load_result> run(const run_options& how, const run_observer& watching,
                        const std::atomic<int>& interrupts) {
  const auto prepared = campaign::prepare(how, watching, interrupts);
  if (!prepared) return prepared.error();
  auto out = (*prepared)->measure(how.plan, interrupts);
  auto behind = (*prepared)->clean_up();
  if (out) out->left_behind = std::move(behind);
  return out;
}

result<load_result> find_limit(const run_options& how, const limit_options& limits,
                               const run_observer& watching, const std::atomic<int>& interrupts) {
  if (how.log != nullptr) return error::of("a log has its own pace: it cannot be tried at others");
  const auto prepared = campaign::prepare(how, watching, interrupts);
  if (!prepared) return prepared.error();
  auto out = search(**prepared, how, limits, watching, interrupts);
  auto behind = (*prepared)->clean_up();
  if (out) out->left_behind = std::move(behind);
  return out;
}

}  // namespace plimsoll::load
