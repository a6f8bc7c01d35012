#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "plimsoll/reports/pipeline.hpp"
#include "reports/programme/keys.hpp"
#include "reports/wording.hpp"

namespace plimsoll::reports {
namespace {

template <class List, class Value>
bool holds(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool is_one_of(const std::vector<requirement_id>& ids, std::string_view id) {
  return std::any_of(ids.begin(), ids.end(), [&](requirement_id one) { return one.str() == id; });
}

bool begins_one_of(const std::vector<std::string_view>& beginnings, std::string_view id) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view one) { return id.starts_with(one); });
}

/// The programme knows no allowances: what only warns for one is broken.
bool is_broken_must(const check_result& check) {
  return check.outcome == verdict::fail ||
         (check.outcome == verdict::warn && !check.allowed.empty());
}

bool breaks(const programme_key& key, const scenario_result& scenario, const check_result& check) {
  const bool shows_it = holds(key.shown_by, scenario.id);
  if (shows_it && is_one_of(key.does, check.requirement)) return check.outcome != verdict::pass;
  const bool is_of_it = key.rules.empty() ? shows_it : begins_one_of(key.rules, check.requirement);
  return is_of_it && is_broken_must(check);
}

/// Whether content was taken that its digest does not fit.
bool takes_any_bytes(const programme_key& key, const scenario_result& scenario,
                     const check_result& check) {
  return holds(key.verified_by, scenario.id) && check.outcome != verdict::pass &&
         check.requirement.ends_with("-rejected");
}

bool is_broken(const programme_key& key, const run_result& run) {
  return std::any_of(run.scenarios.begin(), run.scenarios.end(), [&](const auto& scenario) {
    return std::any_of(scenario.checks.begin(), scenario.checks.end(), [&](const auto& check) {
      return breaks(key, scenario, check) || takes_any_bytes(key, scenario, check);
    });
  });
}

const scenario_result* find_scenario(const run_result& run, std::string_view id) {
  const auto found = std::find_if(run.scenarios.begin(), run.scenarios.end(),
                                  [&](const auto& one) { return one.id == id; });
  return found == run.scenarios.end() ? nullptr : &*found;
}

/// The first that was not switched off; nothing where all were.
const scenario_result* deciding(const programme_key& key, const run_result& run) {
  for (const std::string_view id : key.shown_by) {
    const scenario_result* const found = find_scenario(run, id);
    if (found != nullptr && found->outcome != verdict::skipped) return found;
  }
  return nullptr;
}

bool saw_all(const programme_key& key, const scenario_result& scenario) {
  if (!key.call.empty() && !holds(scenario.calls, key.call)) return false;
  return std::all_of(key.does.begin(), key.does.end(), [&](requirement_id id) {
    return std::any_of(scenario.checks.begin(), scenario.checks.end(),
                       [&](const auto& check) { return check.requirement == id.str(); });
  });
}

/// Whether a setting, or the version of the spec, says that nothing of the kind is to be tried;
/// `make_plan` has the words.
bool is_switched_off(const scenario_result& scenario) {
  return scenario.outcome == verdict::skipped &&
         (scenario.reason.find("judges nothing that distribution-spec") != std::string::npos ||
          scenario.reason.find(" is off (") != std::string::npos ||
          scenario.reason.find("read-only is on (") != std::string::npos);
}

/// Of an API that no scenario of the run has tried. `GET /v2/` is asked in every run, whatever is
/// judged: it is never disabled.
std::string_view status_of_untried(const programme_key& key, const run_result& run) {
  constexpr std::string_view always_asked = "Ping";
  if (!run.reason.empty()) return "Error";
  const scenario_result* const first = find_scenario(run, key.shown_by.front());
  const bool disabled = first != nullptr && is_switched_off(*first) && key.name != always_asked;
  return disabled ? "Disabled" : "Skip";
}

/// Whether the registry itself is why a scenario was blocked: by a rule that it breaks, or by a
/// policy, which is no rule.
bool is_blocked_by_registry(const run_result& run, const std::string& id) {
  if (id.empty()) return run.reason.empty();
  return std::any_of(run.scenarios.begin(), run.scenarios.end(), [&](const auto& scenario) {
    return std::any_of(scenario.checks.begin(), scenario.checks.end(), [&](const auto& check) {
      return check.requirement == id && check.outcome != verdict::pass;
    });
  });
}

/// In the programme's words. A registry that does not have what is optional is a Skip there, and so
/// is what was not tried, or stands on what is broken; what could not be judged for another reason,
/// such as a limit, is an Error.
std::string_view status_of(const programme_key& key, const run_result& run) {
  if (is_broken(key, run)) return "FAIL";
  const scenario_result* const decides = deciding(key, run);
  if (decides == nullptr) return status_of_untried(key, run);
  switch (decides->outcome) {
    case verdict::error:
      return "Error";
    case verdict::blocked:
      return is_blocked_by_registry(run, decides->blocked_by) ? "Skip" : "Error";
    case verdict::unsupported:
    case verdict::skipped:
      return "Skip";
    case verdict::pass:
    case verdict::warn:
    case verdict::partial:
    case verdict::fail:
      break;
  }
  return saw_all(key, *decides) ? "Pass" : "Skip";
}

/// What JSON writes of a text means the same in YAML, which wants two characters more escaped.
std::string text(std::string_view foreign) {
  std::string out = nlohmann::json(shown(foreign)).dump();
  for (const auto& [character, escape] :
       {std::pair{"\xef\xbf\xbe", "\\uFFFE"}, {"\xef\xbf\xbf", "\\uFFFF"}}) {
    for (std::size_t at = out.find(character); at != std::string::npos; at = out.find(character)) {
      out.replace(at, std::string_view(character).size(), escape);
    }
  }
  return out;
}

std::string statuses(const std::vector<programme_key>& keys, const run_result& run) {
  std::string out;
  for (const programme_key& key : keys) {
    out += fmt::format("  {}: {}\n", key.name, status_of(key, run));
  }
  return out;
}

std::string configuration_of(const run_result& run) {
  constexpr std::string_view scheme_end = "://";
  const std::size_t end = run.registry.find(scheme_end);
  const bool has_scheme = end != std::string::npos;
  const std::string host = has_scheme ? run.registry.substr(end + scheme_end.size()) : run.registry;
  const bool insecure =
      holds(run.configuration, std::pair<std::string, std::string>("insecure", "true"));
  const char* const tls = run.registry.starts_with("http://") ? "disabled"
                          : insecure                          ? "insecure"
                                                              : "enabled";
  // Its draft of what comes after 1.1 is called that there.
  const std::string version = run.spec_version == "1.2-dev" ? "1.1+dev" : run.spec_version;
  return fmt::format("config:\n  registry: {}\n  tls: {}\n  version: {}\n  commit: {}\n",
                     text(host), tls, text(version), text("plimsoll " + run.version));
}

/// Beside what the programme reads: a broken rule need not be of one of its APIs.
std::string whole_run(const run_result& run) {
  std::string out = fmt::format(
      "plimsoll:\n  verdict: {}\n  reason: {}\n  profile: {}\n  run: {}\n"
      "  started: {}\n",
      to_string(run.outcome), text(run.reason), text(run.profile), text(run.run_id),
      text(run.started));
  if (!run.part) return out;
  out += fmt::format("  part: {}\n  restrictions:\n", text(part_summary(run)));
  for (const std::string& line : part_lines(run)) out += fmt::format("  - {}\n", text(line));
  return out;
}

}  // namespace

std::string results_yaml(const run_result& run) {
  return configuration_of(run) + whole_run(run) + "apis:\n" + statuses(programme_apis(), run) +
         "data:\n" + statuses(programme_data(), run);
}

}  // namespace plimsoll::reports
