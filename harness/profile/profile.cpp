#include "plimsoll/profile/profile.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "claims.hpp"
#include "plimsoll/catalogue/catalogue.hpp"

namespace plimsoll {
namespace {

const std::array<profile, 2>& built_in() {
  static const std::array<profile, 2> all{
      profile{},
      profile{"certification", {"pull", "push", "discovery", "management"}, true, {}, {}}};
  return all;
}

bool is_listed(const std::vector<std::string>& list, const std::string& what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

/// Advice stays a warning under any profile: nobody promised to keep to it.
bool is_advice(const std::string& id) {
  const requirement* const rule = find_requirement(id);
  return rule == nullptr || rule->weight == rule_weight::advice;
}

void judge_check(const profile& how, std::string_view today, check_result& check) {
  if (check.outcome == verdict::warn && check.capped.empty()) {
    const bool counts = how.should_fails && !is_advice(check.requirement);
    if (counts || is_listed(how.required, check.requirement)) check.outcome = verdict::fail;
  }
  if (check.outcome != verdict::fail) return;
  for (const allowance& one : how.allowed) {
    if (one.requirement != check.requirement || one.until < today) continue;
    check.outcome = verdict::warn;
    check.allowed = fmt::format("{} (allowed until {})", one.reason, one.until);
  }
}

/// What a scenario came to beside its checks: blocked, unsupported, an error.
verdict own_outcome(const scenario_result& scenario) {
  const bool judged = scenario.outcome == verdict::pass || scenario.outcome == verdict::warn ||
                      scenario.outcome == verdict::fail;
  if (!judged) return scenario.outcome;
  return scenario.blocked_by.empty() ? verdict::pass : verdict::blocked;
}

void judge_scenario(const profile& how, std::string_view today, scenario_result& scenario) {
  verdict outcome = own_outcome(scenario);
  for (check_result& check : scenario.checks) {
    judge_check(how, today, check);
    outcome = worst(outcome, check.outcome);
  }
  scenario.outcome = outcome;
}

enum class judged : std::uint8_t { not_at_all, held, broken };

judged what_became_of(const std::string& requirement, const run_result& run) {
  auto found = judged::not_at_all;
  for (const scenario_result& scenario : run.scenarios) {
    for (const check_result& check : scenario.checks) {
      if (check.requirement != requirement) continue;
      if (check.outcome != verdict::pass) return judged::broken;
      found = judged::held;
    }
  }
  return found;
}

void find_stale(const profile& how, std::string_view today, run_result& run) {
  for (const allowance& one : how.allowed) {
    const judged found = what_became_of(one.requirement, run);
    if (one.until < today) {
      run.stale.push_back(fmt::format("{}: its allowance ended on {}", one.requirement, one.until));
    } else if (found == judged::held) {
      run.stale.push_back(fmt::format("{}: holds, and needs no allowance", one.requirement));
    }
  }
}

}  // namespace

const profile* find_profile(std::string_view name) noexcept {
  for (const profile& one : built_in()) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

result<void> check_dates(const profile& how, std::string_view today) {
  for (const allowance& one : how.allowed) {
    if (one.until >= today) continue;
    return error::of(
        fmt::format("{}: allowed: that of {} ended on {}: take it out, or give it another day",
                    one.place, one.requirement, one.until));
  }
  return {};
}

void apply(const profile& how, std::string_view today, run_result& run) {
  run.profile = how.name;
  run.claims = how.claims;
  run.stale.clear();
  for (scenario_result& scenario : run.scenarios) judge_scenario(how, today, scenario);
  judge_claims(how, run);
  find_stale(how, today, run);
  summarize(run);
}

}  // namespace plimsoll
