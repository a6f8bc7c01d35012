#include "plimsoll/load/run.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "plimsoll/load_values/limit.hpp"
#include "prepared_run.hpp"
#include "step.hpp"

namespace plimsoll::load {
namespace {

/// The registry does not keep up where it reaches less of a rate.
constexpr double least_reached = 0.95;
constexpr double first_rate_per_second = 50;

/// The share of starts that run this operation; 1 for all operations, or for a step.
double share_of(const std::string& name, const workload& plan) {
  double all = 0;
  double own = 0;
  for (const auto& operation : plan.operations) {
    all += operation.weight;
    if (operation.name == name) own += operation.weight;
  }
  return own > 0 ? own / all : 1;
}

/// The number of starts that the objectives need.
double needed_starts(const std::vector<objective>& objectives, const workload& plan) {
  double needed = 0;
  for (const objective& objective : objectives) {
    if (objective.metric.kind != metric_kind::quantile) continue;
    const auto samples = static_cast<double>(samples_needed(objective.metric.quantile));
    needed = std::max(needed, samples / share_of(objective.metric.operation, plan));
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

/// Why the registry did not keep up with the rate; empty where it did.
std::string limit_reason(double target_rate, double achieved_rate, const load_result& run) {
  for (const judged_objective& objective : run.objectives) {
    if (objective.outcome == objective_outcome::broken) {
      return objective.objective + ": " + objective.measured;
    }
  }
  if (!run.invalid.empty()) return run.invalid.front();
  if (run.dropped > 0) return fmt::format("{} starts were dropped", run.dropped);
  if (achieved_rate < target_rate * least_reached) {
    return fmt::format("reached {:.1f}/s only", achieved_rate);
  }
  return {};
}

/// The first objective with too few samples; empty: none.
std::string unjudged(const load_result& run) {
  for (const judged_objective& objective : run.objectives) {
    if (objective.outcome == objective_outcome::refused) {
      return objective.objective + ": " + objective.measured;
    }
  }
  return {};
}

tried_rate row_of(double target_rate, const load_result& run) {
  const measured_work all = all_operations(run);
  const auto time = [&](double q) -> std::optional<std::chrono::nanoseconds> {
    const auto estimate = all.latency.quantile(q);
    if (!estimate) return std::nullopt;
    return estimate->value;
  };
  tried_rate out;
  out.asked_per_second = target_rate;
  const double seconds = std::chrono::duration<double>(run.measured).count();
  if (seconds > 0) out.reached_per_second = static_cast<double>(all.latency.count()) / seconds;
  out.p50 = time(0.5);
  out.p99 = time(0.99);
  out.p999 = time(0.999);
  out.failures = failures_of(all);
  out.broken = limit_reason(target_rate, out.reached_per_second, run);
  return out;
}

/// The whole search on a prepared registry.
result<load_result> search(prepared_run& prepared, const run_options& options,
                           const limit_options& limits, const run_observer& observer,
                           const std::atomic<int>& interrupts) {
  const double starts = needed_starts(limits.objectives, options.plan);
  limit_search rates(limits.first_per_second > 0 ? limits.first_per_second : first_rate_per_second);
  std::vector<tried_rate> tried;
  load_result best;
  bool generator_broke = false;
  while (const auto rate = rates.next()) {
    if (observer.phase) observer.phase(fmt::format("trying {:.1f}/s", *rate));
    auto run = prepared.measure(paced(options.plan, *rate, limits.step, starts), interrupts);
    if (!run) return run;
    for (const objective& objective : limits.objectives) {
      run->objectives.push_back(judge(objective, *run));
    }
    tried.push_back(row_of(*rate, *run));
    const bool kept = tried.back().broken.empty();
    if (!kept && !run->invalid.empty()) generator_broke = true;
    if (kept || tried.size() == 1 || !rates.kept()) best = std::move(*run);
    if (const std::string reason = unjudged(best); kept && !reason.empty()) {
      best.invalid.push_back("no limit can be found: " + reason);
      break;
    }
    rates.note(*rate, kept);
    if (interrupts.load() > 0) break;
  }
  // The generator, not the registry, may be what limits the rates.
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

result<load_result> run(const run_options& options, const run_observer& observer,
                        const std::atomic<int>& interrupts) {
  const auto prepared = prepared_run::prepare(options, observer, interrupts);
  if (!prepared) return prepared.error();
  auto out = (*prepared)->measure(options.plan, interrupts);
  auto behind = (*prepared)->clean_up();
  if (out) out->left_behind = std::move(behind);
  return out;
}

result<load_result> find_limit(const run_options& options, const limit_options& limits,
                               const run_observer& observer, const std::atomic<int>& interrupts) {
  if (options.log != nullptr) {
    return error::of("a log has its own pace: no other rate can be tried");
  }
  const auto prepared = prepared_run::prepare(options, observer, interrupts);
  if (!prepared) return prepared.error();
  auto out = search(**prepared, options, limits, observer, interrupts);
  auto behind = (*prepared)->clean_up();
  if (out) out->left_behind = std::move(behind);
  return out;
}

}  // namespace plimsoll::load
