#include "plimsoll/reports/history.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>

#include <simdjson.h>

#include "plimsoll/reports/json.hpp"
#include "plimsoll/verdict/names.hpp"

namespace plimsoll::reports {
namespace {

namespace ondemand = simdjson::ondemand;

using verdicts_by_id = std::map<std::string, verdict, std::less<>>;

bool is_broken(verdict outcome) {
  return outcome == verdict::fail || outcome == verdict::warn;
}

void note(verdicts_by_id& all, std::string_view requirement, verdict outcome) {
  const auto found = all.find(requirement);
  if (found == all.end()) {
    all.emplace(requirement, outcome);
  } else {
    found->second = worst(found->second, outcome);
  }
}

/// What the form does not allow; `parse_result` says why.
struct not_of_the_form {};

verdict verdict_of(std::string_view name) {
  const auto found = verdict_named(name);
  if (!found) throw not_of_the_form();
  return *found;
}

std::string text_of(ondemand::value value) {
  return std::string(std::string_view(value.get_string()));
}

void read_check(ondemand::object check, verdicts_by_id& all) {
  std::string requirement;
  std::optional<verdict> outcome;
  for (auto field : check) {
    const std::string_view key = field.unescaped_key();
    if (key == "requirement") requirement = text_of(field.value());
    if (key == "verdict") outcome = verdict_of(field.value().get_string());
  }
  if (!outcome) throw not_of_the_form();
  note(all, requirement, *outcome);
}

void read_scenario(ondemand::object scenario, verdicts_by_id& all) {
  for (auto field : scenario) {
    const std::string_view key = field.unescaped_key();
    if (key != "checks") continue;
    for (auto check : field.value().get_array()) read_check(check.get_object(), all);
  }
}

struct named_text {
  std::string_view key;
  std::string past_run::*member;
};

constexpr std::array texts{
    named_text{"run_id", &past_run::run_id}, named_text{"registry", &past_run::registry},
    named_text{"suite_version", &past_run::version},
    named_text{"spec_version", &past_run::spec_version}, named_text{"started", &past_run::started}};

void read_member(std::string_view key, ondemand::value value, past_run& into, verdicts_by_id& all) {
  if (key == "verdict") into.outcome = verdict_of(value.get_string());
  if (key == "scenarios") {
    for (auto scenario : value.get_array()) read_scenario(scenario.get_object(), all);
  }
  for (const named_text& one : texts) {
    if (one.key == key) into.*one.member = text_of(value);
  }
}

past_run read_document(ondemand::document& document) {
  past_run run;
  verdicts_by_id all;
  std::uint64_t version = 0;
  for (auto field : document.get_object()) {
    const std::string_view key = field.unescaped_key();
    if (key == "plimsoll_result") {
      version = field.value()["version"].get_uint64();
    } else {
      read_member(key, field.value(), run, all);
    }
  }
  if (version == 0 || version > json_version) throw not_of_the_form();
  run.requirements.assign(all.begin(), all.end());
  return run;
}

std::optional<past_run> read_quickly(std::string_view json) {
  // One a thread: it keeps its memory for the next file.
  thread_local ondemand::parser parser;
  const simdjson::padded_string padded(json);
  try {
    ondemand::document document = parser.iterate(padded);
    return read_document(document);
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  } catch (const not_of_the_form&) {
    return std::nullopt;
  }
}

}  // namespace

past_run past_run_of(std::string file, const run_result& run) {
  verdicts_by_id all;
  for (const scenario_result& scenario : run.scenarios) {
    for (const check_result& check : scenario.checks) {
      note(all, check.requirement, check.outcome);
    }
  }
  past_run out;
  out.file = std::move(file);
  out.run_id = run.run_id;
  out.registry = run.registry;
  out.version = run.version;
  out.spec_version = run.spec_version;
  out.started = run.started;
  out.outcome = run.outcome;
  out.requirements.assign(all.begin(), all.end());
  return out;
}

result<past_run> read_past_run(std::string file, std::string_view json) {
  if (auto quick = read_quickly(json)) {
    quick->file = std::move(file);
    return std::move(*quick);
  }
  const auto whole = parse_result(json);
  if (!whole) return whole.error();
  return past_run_of(std::move(file), *whole);
}

run_changes changes_between(const past_run& before, const past_run& after) {
  const verdicts_by_id then(before.requirements.begin(), before.requirements.end());
  const verdicts_by_id now(after.requirements.begin(), after.requirements.end());
  run_changes changes;
  for (const auto& [id, outcome] : now) {
    const auto earlier = then.find(id);
    const bool was_broken = earlier != then.end() && is_broken(earlier->second);
    if (is_broken(outcome)) (was_broken ? changes.still : changes.broken).push_back(id);
    if (was_broken && outcome == verdict::pass) changes.fixed.push_back(id);
  }
  // A part was never to judge the rest.
  if (after.outcome == verdict::partial) return changes;
  for (const auto& [id, outcome] : then) {
    if (!now.contains(id)) changes.unknown.push_back(id);
  }
  return changes;
}

std::vector<std::vector<past_run>> by_registry(std::vector<past_run> runs) {
  std::map<std::string, std::vector<past_run>> registries;
  for (past_run& one : runs) registries[one.registry].push_back(std::move(one));
  std::vector<std::vector<past_run>> out;
  for (auto& [name, of_one] : registries) {
    std::sort(of_one.begin(), of_one.end(), [](const past_run& a, const past_run& b) {
      return std::tie(a.started, a.file) < std::tie(b.started, b.file);
    });
    out.push_back(std::move(of_one));
  }
  return out;
}

}  // namespace plimsoll::reports
