#include "plimsoll/reports/junit.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "reports/junit/xml.hpp"
#include "reports/wording.hpp"

namespace plimsoll::reports {
namespace {

struct tally {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  std::chrono::microseconds took{0};

  void add(const tally& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
    took += other.took;
  }
};

tally count(const scenario_result& scenario) {
  tally one{1, 0, 0, 0, scenario.took};
  switch (scenario.outcome) {
    case verdict::fail:
      one.failures = 1;
      break;
    case verdict::error:
      one.errors = 1;
      break;
    case verdict::skipped:
    case verdict::unsupported:
    case verdict::blocked:
      one.skipped = 1;
      break;
    case verdict::pass:
    case verdict::warn:
    case verdict::partial:
      break;
  }
  return one;
}

std::string attributes(const tally& numbers, std::chrono::microseconds took) {
  return fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{}\"", numbers.tests,
                     numbers.failures, numbers.errors, seconds(took));
}

std::string property(std::string_view name, std::string_view value) {
  return "<property" + xml_attribute("name", name) + xml_attribute("value", value) + "/>\n";
}

/// Escaped line by line, so that the line ends stay readable in the file itself.
std::string element_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += xml_text(line) + "\n";
  return out;
}

std::vector<const check_result*> with_outcome(const scenario_result& scenario, verdict outcome) {
  std::vector<const check_result*> found;
  for (const check_result& one : scenario.checks) {
    if (one.outcome == outcome) found.push_back(&one);
  }
  return found;
}

std::vector<std::string> findings(const std::vector<const check_result*>& checks) {
  std::vector<std::string> lines;
  for (const check_result* check : checks) {
    if (!lines.empty()) lines.emplace_back();
    for (std::string& line : finding_lines(*check)) lines.push_back(std::move(line));
  }
  return lines;
}

/// One element however many checks failed: not every reader takes a second one.
std::string failure(const scenario_result& scenario) {
  const auto broken = with_outcome(scenario, verdict::fail);
  std::string type = "fail";
  std::string message = reason_of(scenario);
  if (!broken.empty()) {
    type = shown(broken.front()->requirement);
    message = fmt::format("{}: {}", type, contrast(*broken.front()));
    if (broken.size() > 1) message += fmt::format(" (and {} more)", broken.size() - 1);
  }
  return "<failure" + xml_attribute("type", type) + xml_attribute("message", message) + ">\n" +
         element_lines(findings(broken)) + "</failure>\n";
}

std::string judgement(const scenario_result& scenario) {
  const std::string_view outcome = to_string(scenario.outcome);
  const tally counted = count(scenario);
  if (counted.failures != 0) return failure(scenario);
  if (counted.errors != 0) {
    return "<error" + xml_attribute("type", outcome) +
           xml_attribute("message", reason_of(scenario)) + "/>\n";
  }
  if (counted.skipped != 0) {
    return "<skipped" +
           xml_attribute("message", fmt::format("{}: {}", display_name(scenario.outcome),
                                                reason_of(scenario))) +
           "/>\n";
  }
  return {};
}

void append_body(std::vector<std::string>& lines, std::string_view mark, std::string_view body,
                 std::uint64_t whole) {
  if (whole == 0 && body.empty()) return;
  lines.push_back(fmt::format("{} [{}]", mark, human_bytes(whole)));
  if (body.empty()) return;
  for (const std::string_view line : split(body, '\n')) {
    lines.push_back(fmt::format("{}   {}", mark, shown(line)));
  }
}

void append_exchange(std::vector<std::string>& lines, const recorded_exchange& one) {
  const std::string purpose = one.purpose.empty() ? "" : " (" + shown(one.purpose) + ")";
  lines.push_back(
      fmt::format("#{} {} {}{}", one.index, shown(one.method), shown(one.url), purpose));
  for (const auto& [name, value] : one.request_headers) {
    lines.push_back(fmt::format("> {}: {}", shown(name), shown(value)));
  }
  append_body(lines, ">", one.request_body, one.request_body_bytes);
  if (one.status != 0) lines.push_back(fmt::format("< {} ({} s)", one.status, seconds(one.took)));
  for (const auto& [name, value] : one.response_headers) {
    lines.push_back(fmt::format("< {}: {}", shown(name), shown(value)));
  }
  append_body(lines, "<", one.response_body, one.response_body_bytes);
  if (!one.error.empty()) lines.push_back("! " + shown(one.error));
}

std::string system_out(const scenario_result& scenario) {
  std::vector<std::string> lines;
  const auto warnings = with_outcome(scenario, verdict::warn);
  if (!warnings.empty() || scenario.outcome == verdict::warn) {
    lines.emplace_back("warn: a recommendation was not followed");
    if (warnings.empty()) lines.push_back(reason_of(scenario));
    for (std::string& line : findings(warnings)) lines.push_back(std::move(line));
  }
  if (scenario.outcome == verdict::fail && !scenario.transcript.empty()) {
    lines.emplace_back("transcript:");
    for (const recorded_exchange& one : scenario.transcript) append_exchange(lines, one);
  }
  return lines.empty() ? "" : "<system-out>\n" + element_lines(lines) + "</system-out>\n";
}

/// They stand with the suite, and name the case: a case has none in the schema that Jenkins' xunit
/// plugin refuses files by. Levels and weights stand in the order of the
/// requirements; "-" for a result that is older than weights.
std::string case_properties(const scenario_result& scenario, const std::string& name) {
  std::string requirements;
  std::string levels;
  std::string weights;
  for (const check_result& check : scenario.checks) {
    const char* const comma = requirements.empty() ? "" : ", ";
    requirements += comma + shown(check.requirement);
    levels.append(comma).append(to_string(check.strength));
    weights.append(comma).append(check.weight ? to_string(*check.weight) : "-");
  }
  return property("verdict:" + name, to_string(scenario.outcome)) +
         property("requirements:" + name, requirements) + property("levels:" + name, levels) +
         property("weights:" + name, weights);
}

/// How often a name was used: what reads the file may merge cases of the same name.
using used_names = std::map<std::string, std::size_t, std::less<>>;

std::string unique_name(const std::string& id, used_names& used) {
  std::string name = shown(id);
  while (used[name]++ != 0) name = fmt::format("{} #{}", name, used[name]);
  return name;
}

std::string test_case(const scenario_result& scenario, const std::string& name) {
  const std::string_view topic = split(scenario.id, '/').front();
  return "<testcase" + xml_attribute("classname", shown(topic)) + xml_attribute("name", name) +
         xml_attribute("time", seconds(scenario.took)) + ">\n" + judgement(scenario) +
         system_out(scenario) + "</testcase>\n";
}

struct suite {
  std::string name;
  tally numbers;
  std::string properties;  ///< Of its cases.
  std::string cases;

  void add(const scenario_result& scenario, used_names& used) {
    const std::string called = unique_name(scenario.id, used);
    numbers.add(count(scenario));
    properties += case_properties(scenario, called);
    cases += test_case(scenario, called);
  }
};

/// In the order in which the categories first occur.
std::vector<suite> suites_of(const run_result& run) {
  std::vector<suite> suites;
  used_names used;
  for (const scenario_result& scenario : run.scenarios) {
    auto into = std::find_if(suites.begin(), suites.end(),
                             [&](const suite& one) { return one.name == scenario.category; });
    if (into == suites.end()) {
      into = suites.insert(suites.end(), suite{scenario.category, {}, {}, {}});
    }
    into->add(scenario, used);
  }
  if (run.scenarios.empty() || !run.reason.empty()) {
    scenario_result unjudged;
    unjudged.id = "run/judged";
    unjudged.outcome = verdict::error;
    unjudged.reason = run.reason.empty() ? "no scenario was run" : run.reason;
    suites.push_back(suite{"run", {}, {}, {}});
    suites.back().add(unjudged, used);
  }
  return suites;
}

/// Empty for what is no category of the run.
std::string verdict_of(const run_result& run, std::string_view category) {
  for (const category_result& one : run.categories) {
    if (one.category == category) {
      return property("category_verdict", to_string(one.outcome));
    }
  }
  return {};
}

std::string claim_of(const run_result& run, std::string_view category) {
  for (const auto& [claimed, outcome] : claims_of(run)) {
    if (claimed == category) return property("claimed", outcome);
  }
  return {};
}

/// What was chosen of the suite; nothing for a whole run.
std::string part_of(const run_result& run) {
  if (!run.part) return {};
  std::string out = property("part", part_summary(run));
  for (const std::string& line : part_lines(run)) out += property("restriction", line);
  return out;
}

std::string suite_properties(const run_result& run, const suite& of) {
  return "<properties>\n" + property("registry", shown(run.registry)) +
         property("spec_version", shown(run.spec_version)) +
         property("profile", shown(run.profile)) + property("run_id", shown(run.run_id)) +
         property("seed", std::to_string(run.seed)) + property("verdict", to_string(run.outcome)) +
         part_of(run) + verdict_of(run, of.name) + claim_of(run, of.name) + of.properties +
         "</properties>\n";
}

}  // namespace

std::string junit(const run_result& run) {
  const std::vector<suite> suites = suites_of(run);
  tally all;
  for (const suite& one : suites) all.add(one.numbers);
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
                    xml_attribute("name", "plimsoll " + shown(run.version)) +
                    attributes(all, run.took) + ">\n";
  const std::string timestamp =
      run.started.empty() ? "" : xml_attribute("timestamp", shown(run.started));
  for (const suite& one : suites) {
    out += "<testsuite" + xml_attribute("name", shown(one.name)) +
           attributes(one.numbers, one.numbers.took) +
           fmt::format(" skipped=\"{}\"", one.numbers.skipped) + timestamp + ">\n" +
           suite_properties(run, one) + one.cases + "</testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace plimsoll::reports
