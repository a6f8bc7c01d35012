#include "reports/wording.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::reports {
namespace {

/// Longer than any sentence of ours; a registry's header field may be longer.
constexpr std::size_t longest_line = 2000;
/// A command is of use only when it is whole.
constexpr std::size_t longest_command = 65536;

std::string_view or_unsaid(const std::string& text) {
  return text.empty() ? std::string_view("(not said)") : std::string_view(text);
}

/// The profile fails a scenario for each end-point that is missing: what is not offered beside
/// that is optional.
const char* claim_wording(const run_result& run, verdict outcome) {
  if (outcome == verdict::fail) return "does not hold";
  if (run.part) return "not judged in full";
  switch (outcome) {
    case verdict::pass:
    case verdict::warn:
    case verdict::unsupported:
      return "holds";
    default:
      return "not judged in full";
  }
}

}  // namespace

std::string shown(std::string_view foreign) {
  return printable(foreign, longest_line);
}

std::string repeat_command(const check_result& check) {
  return printable(check.curl, longest_command);
}

std::string weight_text(const check_result& check) {
  const std::string strength(to_string(check.strength));
  const bool binds = check.strength == level::must || check.strength == level::must_not;
  const bool is_lighter = check.outcome == verdict::warn && binds;
  // Results that are older than weights tell by the outcome.
  const bool is_old_advice = !check.weight && is_lighter && check.allowed.empty();
  if (check.weight == rule_weight::advice || is_old_advice) return "advice";
  std::string text = check.weight == rule_weight::definition ? "definition, " + strength : strength;
  if (is_lighter && !check.allowed.empty()) text += ", allowed";
  if (is_lighter && !check.capped.empty()) text += ", not judged for good";
  return text;
}

std::string contrast(const check_result& check) {
  return fmt::format("expected {}, received {}", shown(or_unsaid(check.expected)),
                     shown(or_unsaid(check.received)));
}

std::vector<std::string> finding_lines(const check_result& check) {
  std::vector<std::string> lines{
      fmt::format("requirement  {} ({})", shown(check.requirement), weight_text(check)),
      fmt::format("section      {}-spec, \"{}\"", shown(check.spec), shown(check.section))};
  if (!check.statement.empty()) lines.push_back("rule         " + shown(check.statement));
  lines.push_back("expected     " + shown(or_unsaid(check.expected)));
  lines.push_back("received     " + shown(or_unsaid(check.received)));
  if (!check.capped.empty()) lines.push_back("only warns   " + shown(check.capped));
  if (!check.allowed.empty()) lines.push_back("known        " + shown(check.allowed));
  if (!check.curl.empty()) lines.push_back("repeat       " + repeat_command(check));
  return lines;
}

std::string reason_of(const scenario_result& scenario) {
  std::string reason = shown(scenario.reason);
  if (!scenario.blocked_by.empty()) {
    const std::string by = "blocked by " + shown(scenario.blocked_by);
    return reason.empty() ? by : by + ": " + reason;
  }
  if (!reason.empty()) return reason;
  const auto decisive =
      std::find_if(scenario.checks.begin(), scenario.checks.end(),
                   [&](const check_result& one) { return one.outcome == scenario.outcome; });
  if (decisive == scenario.checks.end()) return "no reason was given";
  return shown(decisive->requirement) + ": " + contrast(*decisive);
}

std::vector<std::pair<std::string, std::string>> claims_of(const run_result& run) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::string& claimed : run.claims) {
    const auto found = std::find_if(run.categories.begin(), run.categories.end(),
                                    [&](const auto& one) { return one.category == claimed; });
    const verdict outcome = found == run.categories.end() ? verdict::skipped : found->outcome;
    out.emplace_back(shown(claimed), claim_wording(run, outcome));
  }
  return out;
}

std::string part_summary(const run_result& run) {
  if (!run.part) return {};
  return fmt::format("{} of {} scenarios run", run.part->scenarios_run,
                     run.part->scenarios_in_suite);
}

std::vector<std::string> part_lines(const run_result& run) {
  std::vector<std::string> lines;
  if (!run.part) return lines;
  for (const run_restriction& each : run.part->restrictions) {
    lines.push_back(fmt::format("{} = {} ({}) leaves out {}", shown(each.setting),
                                shown(each.value), shown(each.origin), shown(each.leaves_out)));
  }
  return lines;
}

std::string_view display_name(verdict outcome) noexcept {
  return outcome == verdict::unsupported ? "not offered" : to_string(outcome);
}

std::string seconds(std::chrono::microseconds time) {
  constexpr std::chrono::microseconds::rep per_second = 1'000'000;
  const auto ticks = std::max<std::chrono::microseconds::rep>(time.count(), 0);
  return fmt::format("{}.{:06}", ticks / per_second, ticks % per_second);
}

}  // namespace plimsoll::reports
