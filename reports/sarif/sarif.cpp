#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "plimsoll/reports/pipeline.hpp"
#include "reports/spec_link.hpp"
#include "reports/wording.hpp"

namespace plimsoll::reports {
namespace {

using json = nlohmann::ordered_json;

const char* level_of(verdict outcome) {
  return outcome == verdict::fail ? "error" : "warning";
}

json rule_of(const check_result& check, const std::string& spec_version) {
  return {{"id", shown(check.requirement)},
          {"shortDescription", {{"text", shown(check.statement)}}},
          {"helpUri", spec_link(spec_version, check.requirement, check.spec, check.section)},
          {"defaultConfiguration", {{"level", level_of(check.outcome)}}},
          {"properties",
           {{"strength", to_string(check.strength)},
            {"weight", weight_text(check)},
            {"section", shown(check.section)}}}};
}

json result_of(const run_result& run, const scenario_result& scenario, const check_result& check) {
  json made{{"ruleId", shown(check.requirement)},
            {"level", level_of(check.outcome)},
            {"message", {{"text", shown(check.statement) + " " + contrast(check)}}}};
  // What is judged is a service, not a file: its URL stands for the artifact.
  made["locations"] = json::array(
      {{{"physicalLocation", {{"artifactLocation", {{"uri", shown(run.registry)}}}}},
        {"logicalLocations",
         json::array({{{"fullyQualifiedName", shown(scenario.id)}, {"kind", "function"}}})}}});
  made["partialFingerprints"] = {
      {"requirementAndScenario/v1", shown(check.requirement) + "@" + shown(scenario.id)}};
  return made;
}

}  // namespace

std::string sarif(const run_result& run) {
  json rules = json::array();
  json results = json::array();
  std::set<std::string> known;
  for (const scenario_result& scenario : run.scenarios) {
    for (const check_result& check : scenario.checks) {
      if (check.outcome != verdict::fail && check.outcome != verdict::warn) continue;
      if (known.insert(check.requirement).second) rules.push_back(rule_of(check, run.spec_version));
      results.push_back(result_of(run, scenario, check));
    }
  }
  const json driver{{"name", "Plimsoll"}, {"version", shown(run.version)}, {"rules", rules}};
  const json invocation{{"executionSuccessful", run.reason.empty()},
                        {"startTimeUtc", shown(run.started)}};
  json properties{{"verdict", to_string(run.outcome)}};
  if (run.part) {
    properties["part"] = part_summary(run);
    properties["restrictions"] = part_lines(run);
  }
  const json document{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                      {"version", "2.1.0"},
                      {"runs", json::array({{{"tool", {{"driver", driver}}},
                                             {"invocations", json::array({invocation})},
                                             {"results", results},
                                             {"properties", properties}}})}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

}  // namespace plimsoll::reports
