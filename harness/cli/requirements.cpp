#include "requirements.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <span>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/suite/scenarios.hpp"

namespace plimsoll::cli {
namespace {

bool lists(std::span<const requirement_id> judges, std::string_view id) {
  return std::any_of(judges.begin(), judges.end(),
                     [&](requirement_id one) { return one.str() == id; });
}

std::string why_not_judged(const requirement& rule) {
  if (!rule.not_observed.empty()) return std::string(rule.not_observed);
  if (rule.actor != "registry") return "a duty of clients, which a registry cannot show";
  if (rule.testable != "wire") return "cannot be seen in what a registry sends";
  if (rule.strength == level::may) return "the registry's choice, of which nothing complains";
  return "no scenario judges it yet";
}

struct requirement_filter {
  std::string text;
  std::string level;
  std::string category;
  std::string actor;
  std::string since;
  std::string state;
};

bool matches(const requirement& rule, const requirement_filter& only) {
  const auto is = [](const std::string& wanted, std::string_view value) {
    return wanted.empty() || equal_ignoring_case(wanted, value);
  };
  const bool has_text = rule.id.find(only.text) != std::string_view::npos ||
                        rule.statement.find(only.text) != std::string_view::npos ||
                        rule.section.find(only.text) != std::string_view::npos;
  return has_text && is(only.level, to_string(rule.strength)) && is(only.category, rule.category) &&
         is(only.actor, rule.actor) && is(only.since, to_string(rule.since)) &&
         (only.state.empty() || only.state == state_of(treatment_of(rule)));
}

std::string level_text(const requirement& rule, spec_version version) {
  const auto at = rule.level_in(version);
  return at ? std::string(to_string(*at)) : "not in it";
}

std::string_view wording_text(wording words) {
  if (words == wording::no_keyword) return "plain wording without an RFC 2119 keyword";
  if (words == wording::implied) return "follows from a rule about another case";
  if (words == wording::table) return "stands only in a table";
  return "an RFC 2119 keyword";
}

std::string weight_text(const requirement& rule) {
  const bool binds = rule.strength == level::must || rule.strength == level::must_not;
  const char* const effect = rule.strength == level::may                    ? "nothing complains"
                             : rule.weight == rule_weight::advice || !binds ? "a break warns"
                                                                            : "a break fails";
  return fmt::format("{}: {}", to_string(rule.weight), effect);
}

int unknown(const std::string& id) {
  std::vector<std::string_view> known;
  for (const requirement& one : all_requirements()) known.push_back(one.id);
  const auto near = nearest(id, known);
  std::cerr << fmt::format("plimsoll explain: the catalogue has no requirement '{}'{}\n",
                           printable(id), near ? fmt::format("; did you mean {}?", *near) : "");
  return 2;
}

int explain(const std::string& id) {
  const requirement* const rule = find_requirement(id);
  if (rule == nullptr) return unknown(id);
  const treatment what = treatment_of(*rule);
  std::cout << fmt::format("{}\n  {}\n\n", rule->id, rule->statement);
  const auto line = [](std::string_view name, const std::string& value) {
    std::cout << fmt::format("  {:<13}{}\n", name, value);
  };
  line("section", fmt::format("{}-spec, \"{}\"", rule->spec, rule->section));
  line("level", fmt::format("1.0: {}, 1.1: {}, 1.2-dev: {}", level_text(*rule, spec_version::v1_0),
                            level_text(*rule, spec_version::v1_1),
                            level_text(*rule, spec_version::v1_2_dev)));
  line("wording", std::string(wording_text(rule->words)));
  line("weight", weight_text(*rule));
  if (!rule->reason.empty()) line("reason", std::string(rule->reason));
  line("who", std::string(rule->actor));
  if (!rule->endpoints.empty()) line("endpoints", std::string(rule->endpoints));
  if (!rule->changed.empty()) line("changed", std::string(rule->changed));
  line("to tell", std::string(rule->observe));
  if (what.scenarios.empty()) {
    line("not judged", what.not_judged);
  } else {
    line("judged by", fmt::format("{}", fmt::join(what.scenarios, ", ")));
  }
  if (!what.faults.empty()) line("proven by", fmt::format("{}", fmt::join(what.faults, ", ")));
  return 0;
}

/// A requirement, with what the suite does about it.
struct listed {
  const requirement* rule;
  treatment what;
};

constexpr std::array<std::string_view, 3> states{"proven", "judged", "not"};

/// How many there are of each level and state.
void print_counts(const std::vector<listed>& all) {
  std::cout << fmt::format("{:<12}{:>8}{:>8}{:>8}\n", "", states[0], states[1], states[2]);
  for (const level strength :
       {level::must, level::must_not, level::should, level::should_not, level::may}) {
    std::string line = fmt::format("{:<12}", to_string(strength));
    for (const std::string_view state : states) {
      line += fmt::format("{:>8}", std::count_if(all.begin(), all.end(), [&](const listed& one) {
                            return one.rule->strength == strength && state_of(one.what) == state;
                          }));
    }
    std::cout << line << '\n';
  }
  std::cout << '\n';
}

int list(const requirement_filter& only) {
  std::vector<listed> all;
  for (const requirement& one : all_requirements()) {
    if (matches(one, only)) all.push_back({&one, treatment_of(one)});
  }
  print_counts(all);
  for (const auto& [rule, what] : all) {
    std::cout << fmt::format("{:<48} {:<10} {:<7} {:<6} {}\n", rule->id, to_string(rule->strength),
                             to_string(rule->since), state_of(what), rule->statement);
    if (!what.not_judged.empty()) std::cout << "    " << what.not_judged << '\n';
  }
  std::cout << fmt::format("{} of {} requirements\n", all.size(), all_requirements().size());
  return 0;
}

}  // namespace

treatment treatment_of(const requirement& rule) {
  treatment what;
  for (const scenario* one : suite::all_scenarios()) {
    if (lists(one->judges, rule.id)) what.scenarios.push_back(one->id);
  }
  for (const observer& one : suite::all_observers()) {
    if (lists(one.judges, rule.id)) what.scenarios.push_back(one.id);
  }
  for (const auto& one : reference::faults()) {
    if (one.requirement == rule.id) what.faults.push_back(one.name);
  }
  if (what.scenarios.empty()) what.not_judged = why_not_judged(rule);
  return what;
}

std::string_view state_of(const treatment& what) {
  if (what.scenarios.empty()) return "not";
  return what.faults.empty() ? "judged" : "proven";
}

runnable describe_requirements(CLI::App& app) {
  const auto only = std::make_shared<requirement_filter>();
  app.add_option("--filter", only->text, "Text in the id, the section or the statement");
  app.add_option("--level", only->level, "MUST, \"MUST NOT\", SHOULD, \"SHOULD NOT\" or MAY");
  app.add_option("--category", only->category, "For example push, discovery, image");
  app.add_option("--actor", only->actor, "Who has to comply")
      ->check(CLI::IsMember({"registry", "client"}));
  app.add_option("--since", only->since, "The version of the spec that brought it")
      ->check(CLI::IsMember({"1.0", "1.1", "1.2-dev"}));
  app.add_option("--state", only->state, "not judged, judged, or also proven by a fault")
      ->check(CLI::IsMember({"not", "judged", "proven"}));
  return [only] { return list(*only); };
}

runnable describe_explain(CLI::App& app) {
  const auto id = std::make_shared<std::string>();
  app.add_option("ID", *id, "A requirement, for example push.chunk.range-value")->required();
  return [id] { return explain(*id); };
}

}  // namespace plimsoll::cli
