#include "plimsoll/verdict/verdict.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "plimsoll/verdict/names.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll {
namespace {

constexpr std::array<std::string_view, 5> level_names{"MUST", "MUST NOT", "SHOULD", "SHOULD NOT",
                                                      "MAY"};
constexpr std::array<std::string_view, 3> weight_names{"keyword", "definition", "advice"};
constexpr std::array<std::string_view, 8> verdict_names{
    "pass", "skipped", "unsupported", "warn", "partial", "blocked", "error", "fail"};

template <class Enum, std::size_t Size>
std::optional<Enum> named(std::string_view name,
                          const std::array<std::string_view, Size>& names) noexcept {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

void count(std::vector<std::pair<verdict, std::size_t>>& counts, verdict one) {
  const auto found = std::find_if(counts.begin(), counts.end(),
                                  [one](const auto& entry) { return entry.first == one; });
  if (found == counts.end()) {
    counts.emplace_back(one, 1);
  } else {
    ++found->second;
  }
}

category_result& category_of(run_result& run, const std::string& name) {
  const auto found = std::find_if(run.categories.begin(), run.categories.end(),
                                  [&](const auto& one) { return one.category == name; });
  if (found != run.categories.end()) return *found;
  category_result added;
  added.category = name;
  added.outcome = verdict::skipped;
  run.categories.push_back(std::move(added));
  return run.categories.back();
}

/// A category in which anything was judged is no longer merely skipped.
verdict combined(verdict so_far, verdict one) {
  if (so_far == verdict::skipped || one == verdict::skipped) {
    return so_far == verdict::skipped ? one : so_far;
  }
  return worst(so_far, one);
}

}  // namespace

std::string_view to_string(level value) noexcept {
  return level_names.at(static_cast<std::size_t>(value));
}

std::string_view to_string(rule_weight value) noexcept {
  return weight_names.at(static_cast<std::size_t>(value));
}

std::string_view to_string(verdict value) noexcept {
  return verdict_names.at(static_cast<std::size_t>(value));
}

std::optional<level> level_named(std::string_view name) noexcept {
  return named<level>(name, level_names);
}

std::optional<rule_weight> weight_named(std::string_view name) noexcept {
  return named<rule_weight>(name, weight_names);
}

std::optional<verdict> verdict_named(std::string_view name) noexcept {
  return named<verdict>(name, verdict_names);
}

int exit_code(const run_result& run) noexcept {
  switch (run.outcome) {
    case verdict::fail:
      return 1;
    case verdict::error:
    case verdict::blocked:
    case verdict::skipped:
      return 3;
    case verdict::pass:
    case verdict::unsupported:
    case verdict::warn:
      return 0;
    case verdict::partial:
      return accidental_restriction(run) == nullptr ? 0 : 3;
  }
  return 3;
}

std::size_t scenarios_run(const run_result& run) noexcept {
  return static_cast<std::size_t>(
      std::count_if(run.scenarios.begin(), run.scenarios.end(),
                    [](const scenario_result& each) { return each.outcome != verdict::skipped; }));
}

const run_restriction* accidental_restriction(const run_result& run) noexcept {
  if (!run.part) return nullptr;
  const auto& all = run.part->restrictions;
  const auto accidental = std::find_if(
      all.begin(), all.end(), [](const run_restriction& each) { return !each.deliberate; });
  return accidental == all.end() ? nullptr : &*accidental;
}

void summarize(run_result& run) {
  run.categories.clear();
  for (const scenario_result& scenario : run.scenarios) {
    category_result& category = category_of(run, scenario.category);
    category.outcome = combined(category.outcome, scenario.outcome);
    count(category.scenarios, scenario.outcome);
    for (const check_result& check : scenario.checks) count(category.checks, check.outcome);
  }
  run.outcome = run.reason.empty() ? verdict::skipped : verdict::error;
  for (category_result& category : run.categories) {
    std::sort(category.scenarios.begin(), category.scenarios.end());
    std::sort(category.checks.begin(), category.checks.end());
    run.outcome = combined(run.outcome, category.outcome);
  }
  if (run.part) run.part->scenarios_run = scenarios_run(run);
  const bool nothing_broken = run.outcome == verdict::pass || run.outcome == verdict::unsupported ||
                              run.outcome == verdict::warn;
  if (run.part && nothing_broken) run.outcome = verdict::partial;
}

}  // namespace plimsoll
