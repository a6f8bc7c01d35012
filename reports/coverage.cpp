#include "reports/coverage.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace plimsoll::reports {
namespace {

struct seen {
  std::optional<verdict> outcome;
  std::vector<std::size_t> scenarios;
  const scenario_result* unjudged = nullptr;  ///< One that was there to judge it, and did not.
};

using seen_by_id = std::map<std::string, seen, std::less<>>;

void note(seen& one, std::size_t scenario) {
  if (one.scenarios.empty() || one.scenarios.back() != scenario) one.scenarios.push_back(scenario);
}

seen_by_id gather(const run_result& run) {
  seen_by_id all;
  for (std::size_t i = 0; i < run.scenarios.size(); ++i) {
    for (const check_result& check : run.scenarios[i].checks) {
      seen& one = all[check.requirement];
      note(one, i);
      one.outcome = worst(one.outcome.value_or(check.outcome), check.outcome);
    }
    for (const std::string& id : run.scenarios[i].judges) {
      seen& one = all[id];
      note(one, i);
      if (one.unjudged == nullptr) one.unjudged = &run.scenarios[i];
    }
  }
  return all;
}

std::string why_not_judged(const requirement& rule, const run_result& run, const seen* found) {
  const auto version = parse_spec_version(run.spec_version);
  if (version && !rule.level_in(*version)) {
    return fmt::format("not in {} of the spec: came with {}", run.spec_version,
                       to_string(rule.since));
  }
  if (found != nullptr && found->unjudged != nullptr) {
    const scenario_result& scenario = *found->unjudged;
    const bool judged = scenario.outcome == verdict::pass || scenario.outcome == verdict::warn ||
                        scenario.outcome == verdict::fail;
    if (judged) return scenario.id + " did not come to it";
    return fmt::format("{}: {}", scenario.id, to_string(scenario.outcome));
  }
  if (rule.actor == "client") return "a duty of clients, which a registry cannot show";
  if (rule.testable == "not-observable") return "cannot be seen from outside";
  if (rule.testable == "clientside") return "can be seen only by what a client does";
  return "no scenario of this run judges it";
}

}  // namespace

std::vector<covered> coverage_of(const run_result& run) {
  const seen_by_id all = gather(run);
  const auto version = parse_spec_version(run.spec_version);
  std::vector<covered> out;
  for (const requirement& rule : all_requirements()) {
    covered& entry = out.emplace_back();
    entry.rule = &rule;
    entry.strength = version ? rule.level_in(*version).value_or(rule.strength) : rule.strength;
    const auto found = all.find(rule.id);
    if (found != all.end()) {
      entry.outcome = found->second.outcome;
      entry.scenarios = found->second.scenarios;
    }
    if (!entry.outcome) {
      entry.reason = why_not_judged(rule, run, found == all.end() ? nullptr : &found->second);
    }
  }
  return out;
}

}  // namespace plimsoll::reports
