#include "reports/html/page_data.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include <nlohmann/json.hpp>

#include "reports/causes.hpp"
#include "reports/coverage.hpp"
#include "reports/html/load_data.hpp"
#include "reports/json/encode.hpp"
#include "reports/spec_link.hpp"
#include "reports/wording.hpp"

namespace plimsoll::reports {
namespace {

/// How much of a transcript is shown: all of it, or less and less.
struct transcript_limit {
  std::size_t body_bytes;
  std::size_t neighbours;  ///< Exchanges kept on each side of one that decided something.
};

constexpr std::size_t all = SIZE_MAX;
constexpr std::array limits{transcript_limit{all, all}, transcript_limit{1024, all},
                            transcript_limit{256, 8}, transcript_limit{256, 2},
                            transcript_limit{0, 1}};

/// Of load runs over time, the same: a year of nights, then a season, and no steps.
constexpr std::array drawn_histories{history_limit{365, 100, true}, history_limit{365, 100, false},
                                     history_limit{90, 100, true}, history_limit{90, 50, false},
                                     history_limit{30, 20, false}};

void shorten(std::string& body, std::size_t limit) {
  if (body.size() > limit) body.resize(limit);  // a character cut in half is replaced when written
}

std::set<std::size_t> deciding(const scenario_result& scenario) {
  std::set<std::size_t> out;
  for (const check_result& check : scenario.checks) {
    if (check.outcome != verdict::pass && check.exchange) out.insert(*check.exchange);
  }
  if (out.empty() && !scenario.transcript.empty()) out.insert(scenario.transcript.back().index);
  return out;
}

bool is_near(std::size_t index, const std::set<std::size_t>& centres, std::size_t distance) {
  return std::any_of(centres.begin(), centres.end(), [&](std::size_t centre) {
    return (index > centre ? index - centre : centre - index) <= distance;
  });
}

void shorten(run_result& run, const transcript_limit& limit) {
  for (scenario_result& scenario : run.scenarios) {
    const auto centres = deciding(scenario);
    std::erase_if(scenario.transcript, [&](const recorded_exchange& one) {
      return !is_near(one.index, centres, limit.neighbours);
    });
    for (recorded_exchange& one : scenario.transcript) {
      shorten(one.request_body, limit.body_bytes);
      shorten(one.response_body, limit.body_bytes);
    }
  }
}

ordered_json page_cause(const cause& one, const run_result& run) {
  ordered_json out = {{"verdict", to_string(one.outcome)},
                      {"requirement", one.requirement},
                      {"reason", one.reason},
                      {"affected", one.affected},
                      {"occurrences", ordered_json::array()}};
  for (const occurrence& at : one.occurrences) {
    out["occurrences"].push_back({at.scenario, at.check});
  }
  if (!one.occurrences.empty()) {
    const occurrence& first = one.occurrences.front();
    const check_result& check = run.scenarios[first.scenario].checks[first.check];
    out["level"] = weight_text(check);
    out["statement"] = check.statement;
    out["spec"] = check.spec;
    out["section"] = check.section;
    out["link"] = spec_link(run.spec_version, check.requirement, check.spec, check.section);
  } else if (const requirement* rule = find_requirement(one.requirement)) {
    out["level"] = to_string(rule->strength);
    out["statement"] = rule->statement;
    out["spec"] = rule->spec;
    out["section"] = rule->section;
    out["link"] = spec_link(run.spec_version, rule->id, rule->spec, rule->section);
  }
  return out;
}

ordered_json page_entry(const covered& one, const run_result& run) {
  const requirement& rule = *one.rule;
  const auto version = parse_spec_version(run.spec_version);
  const std::string_view linked =
      version && rule.level_in(*version) ? run.spec_version : to_string(rule.since);
  ordered_json out = {{"id", rule.id},
                      {"spec", rule.spec},
                      {"section", rule.section},
                      {"level", to_string(one.strength)},
                      {"statement", rule.statement},
                      {"category", rule.category},
                      {"actor", rule.actor},
                      {"link", spec_link(linked, rule.id, rule.spec, rule.section)},
                      {"scenarios", one.scenarios},
                      {"reason", one.reason},
                      {"state", one.state},
                      {"faults", one.faults}};
  if (one.outcome) out["verdict"] = to_string(*one.outcome);
  return out;
}

/// A letter for each verdict, and a dot for what was not judged: a thousand runs fit in a page.
std::string letters_of(const past_run& run, const std::map<std::string, std::size_t>& places) {
  std::string letters(places.size(), '.');
  for (const auto& [id, outcome] : run.requirements) {
    letters[places.at(id)] = to_string(outcome).front();
  }
  return letters;
}

ordered_json page_past_run(const past_run& run, const std::map<std::string, std::size_t>& places) {
  return {{"file", run.file},
          {"run_id", run.run_id},
          {"registry", run.registry},
          {"suite_version", run.version},
          {"spec_version", run.spec_version},
          {"started", run.started},
          {"verdict", to_string(run.outcome)},
          {"letters", letters_of(run, places)}};
}

ordered_json page_history(std::vector<past_run> runs) {
  std::sort(runs.begin(), runs.end(), [](const past_run& a, const past_run& b) {
    return std::tie(a.started, a.file) < std::tie(b.started, b.file);
  });
  std::map<std::string, std::size_t> places;
  for (const past_run& run : runs) {
    for (const auto& [id, outcome] : run.requirements) places.emplace(id, 0);
  }
  ordered_json out = {{"requirements", ordered_json::array()}, {"runs", ordered_json::array()}};
  for (auto& [id, place] : places) {
    place = out["requirements"].size();
    out["requirements"].push_back(id);
  }
  for (const past_run& run : runs) out["runs"].push_back(page_past_run(run, places));
  return out;
}

/// Each check of the run with how binding its rule is, in words.
void add_weights(const run_result& run, ordered_json& to) {
  for (std::size_t i = 0; i < run.scenarios.size(); ++i) {
    const auto& checks = run.scenarios[i].checks;
    for (std::size_t k = 0; k < checks.size(); ++k) {
      to["scenarios"][i]["checks"][k]["binding"] = weight_text(checks[k]);
    }
  }
}

ordered_json page_of(const report_source& source, const history_limit& drawn) {
  ordered_json out = ordered_json::object();
  if (source.run) {
    const run_result& run = *source.run;
    out["run"] = encode(run);
    out["run"].erase("coverage");  // stands in the catalogue
    add_weights(run, out["run"]);
    for (const auto& [category, outcome] : claims_of(run)) {
      out["claims"].push_back({{"name", category}, {"value", outcome}});
    }
    for (const cause& one : causes_of(run)) out["causes"].push_back(page_cause(one, run));
    for (const covered& one : coverage_of(run)) out["catalogue"].push_back(page_entry(one, run));
  }
  if (source.proof) out["proof"] = encode(*source.proof);
  for (const load::load_result& one : source.loads) out["loads"].push_back(page_load(one));
  if (source.comparison) out["comparison"] = page_comparison(*source.comparison);
  if (!source.history.empty()) out["history"] = page_history(source.history);
  if (!source.load_history.empty()) {
    out["load_history"] = page_load_history(source.load_history, drawn);
  }
  return out;
}

/// `<` stands in JSON only inside strings, where it may be written as an escape.
std::string without_markup(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

std::string text_of(const report_source& source, const history_limit& drawn = {}) {
  return without_markup(
      page_of(source, drawn).dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

}  // namespace

std::string page_data(const report_source& source, std::size_t most_bytes) {
  std::string text = text_of(source);
  if (text.size() <= most_bytes) return text;
  if (!source.load_history.empty()) {
    for (const history_limit& drawn : drawn_histories) {
      text = text_of(source, drawn);
      if (text.size() <= most_bytes) return text;
    }
  }
  if (!source.run) return text;
  report_source shorter = source;
  for (const transcript_limit& limit : limits) {
    shorten(*shorter.run, limit);
    text = text_of(shorter, drawn_histories.back());
    if (text.size() <= most_bytes) break;
  }
  return text;
}

}  // namespace plimsoll::reports
