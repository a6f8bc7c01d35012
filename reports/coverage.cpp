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

/// Results that were written before there were notes have none.
const requirement_note* note_on(const run_result& run, std::string_view id) {
  for (const requirement_note& one : run.coverage) {
    if (one.requirement == id) return &one;
  }
  return nullptr;
}

std::string state_of(const requirement_note* note, bool has_scenario) {
  if (note == nullptr) return has_scenario ? "judged" : "not judged";
  if (!note->not_judged.empty()) return "not judged";
  return note->faults.empty() ? "judged" : "proven";
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
  const requirement_note* const note = note_on(run, rule.id);
  if (note != nullptr && !note->not_judged.empty()) return note->not_judged;
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
    const requirement_note* const note = note_on(run, rule.id);
    entry.state = state_of(note, !entry.scenarios.empty());
    if (note != nullptr) entry.faults = note->faults;
  }
  return out;
}

}  // namespace plimsoll::reports
