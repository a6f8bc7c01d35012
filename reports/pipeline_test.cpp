#include "plimsoll/reports/pipeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plimsoll/base/text.hpp"
#include "plimsoll/reports/metrics.hpp"
#include "reports/example_run.hpp"
#include "reports/rfc3339.hpp"

namespace plimsoll::reports {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// A run with one finding whose texts are given.
run_result run_with(std::string received) {
  check_result check;
  check.requirement = "pull.blob.404";
  check.spec = "distribution";
  check.section = "Pulling blobs";
  check.outcome = verdict::fail;
  check.statement = "An absent blob is answered with 404.";
  check.expected = "status 404";
  check.received = std::move(received);
  scenario_result scenario;
  scenario.id = "pull/absent";
  scenario.category = "pull";
  scenario.outcome = verdict::fail;
  scenario.checks.push_back(check);
  run_result run;
  run.version = "0.1.0";
  run.registry = "http://127.0.0.1:5000";
  run.spec_version = "1.1";
  run.profile = "spec";
  run.started = "2026-01-31T12:00:00Z";
  run.took = std::chrono::milliseconds(1500);
  run.scenarios.push_back(scenario);
  summarize(run);
  return run;
}

run_result passed_run() {
  auto run = run_with("status 404");
  run.scenarios[0].outcome = verdict::pass;
  run.scenarios[0].checks[0].outcome = verdict::pass;
  summarize(run);
  return run;
}

TEST(Markdown, NamesWhatIsBrokenWithWhatCame) {
  const std::string text = markdown(run_with("status 200"));
  EXPECT_THAT(text, HasSubstr("## ❌ Plimsoll: fail"));
  EXPECT_THAT(text, HasSubstr("| pull | ❌ fail | 0 | 0 | 1 | 0 | 0 |"));
  EXPECT_THAT(text, HasSubstr("- expected ` status 404 `\n- received ` status 200 `"));
}

TEST(Markdown, ACommandIsWhole) {
  run_result run = run_with("status 200");
  auto& curl = run.scenarios[0].checks[0].curl;
  curl = "curl -i --data-binary '" + std::string(5000, 'x') + "' 'http://127.0.0.1:5000/v2/'";
  EXPECT_THAT(markdown(run), HasSubstr("\n    " + curl + "\n"));
}

TEST(Markdown, ForeignTextIsNeitherMarkupNorATableCell) {
  const std::string text = markdown(run_with("``a`` <img src=x> | b\n# c"));
  EXPECT_THAT(text, HasSubstr("- received ``` ``a`` <img src=x> \\| b\\x0A# c ```\n"));
}

TEST(Annotations, AreOneLineEachAndEscaped) {
  const std::string text = annotations(run_with("100%\n::error::x"));
  EXPECT_THAT(text, HasSubstr("::error title=pull.blob.404 (MUST)::An absent blob"));
  EXPECT_THAT(text, HasSubstr("received 100%25\\x0A::error::x\n"));
  EXPECT_THAT(text, HasSubstr("::notice title=Plimsoll::fail: http://127.0.0.1:5000\n"));
}

/// How the annotation names the rule of such a check.
std::string named_in_annotation(std::optional<rule_weight> weight, verdict outcome) {
  run_result run = run_with("status 200");
  check_result& check = run.scenarios[0].checks[0];
  check.weight = weight;
  check.outcome = outcome;
  run.scenarios[0].outcome = outcome;
  summarize(run);
  const std::string text = annotations(run);
  const std::size_t begin = text.find(" (");
  return text.substr(begin + 1, text.find(')') - begin);
}

TEST(Annotations, SayHowBindingARuleIs) {
  EXPECT_EQ(named_in_annotation(rule_weight::keyword, verdict::fail), "(MUST)");
  EXPECT_EQ(named_in_annotation(rule_weight::definition, verdict::fail), "(definition%2C MUST)");
  EXPECT_EQ(named_in_annotation(rule_weight::advice, verdict::warn), "(advice)");
}

TEST(Annotations, OfAResultOlderThanWeightsCallAMustThatWarnsAdvice) {
  EXPECT_EQ(named_in_annotation(std::nullopt, verdict::fail), "(MUST)");
  EXPECT_EQ(named_in_annotation(std::nullopt, verdict::warn), "(advice)");
}

TEST(Sarif, HasARuleForEachRequirementAndAResultForEachPlace) {
  auto run = run_with("status 200");
  run.scenarios.push_back(run.scenarios.front());
  run.scenarios.back().id = "pull/other";
  const json log = json::parse(sarif(run)).at("runs").at(0);
  ASSERT_EQ(log.at("tool").at("driver").at("rules").size(), 1u);
  EXPECT_EQ(log.at("tool").at("driver").at("rules")[0].at("id"), "pull.blob.404");
  ASSERT_EQ(log.at("results").size(), 2u);
  EXPECT_EQ(log.at("results")[0].at("level"), "error");
  EXPECT_EQ(
      log.at("results")[1].at("locations")[0].at("logicalLocations")[0].at("fullyQualifiedName"),
      "pull/other");
}

TEST(Badge, SaysTheVerdict) {
  auto run = run_with("status 200");
  EXPECT_EQ(json::parse(badge_json(run)).at("message"), "1.1 not conformant");
  EXPECT_EQ(json::parse(badge_json(run)).at("isError"), true);
  EXPECT_EQ(json::parse(badge_json(passed_run())).at("message"), "1.1 conformant");
  EXPECT_THAT(badge_svg(passed_run()), HasSubstr("OCI distribution: 1.1 conformant</title>"));
  run.scenarios.clear();
  summarize(run);
  EXPECT_EQ(json::parse(badge_json(run)).at("message"), "1.1 not judged");
}

TEST(Badge, EscapesWhatARunSays) {
  auto run = run_with("status 200");
  run.spec_version = "<script>";
  EXPECT_THAT(badge_svg(run), Not(HasSubstr("<script>")));
}

TEST(PrometheusText, CountsChecksByCategoryLevelAndVerdict) {
  const std::string text = prometheus_text(run_with("status 200"));
  EXPECT_THAT(text, HasSubstr("plimsoll_conformance_checks{registry=\"http://127.0.0.1:5000\","
                              "category=\"pull\",level=\"MUST\",verdict=\"fail\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("plimsoll_conformance_conformant{registry=\"http://127.0.0.1:5000\","
                              "spec=\"1.1\",profile=\"spec\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("plimsoll_build_info{version=\"0.1.0\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("last_success")));
}

TEST(PrometheusText, HasTheTimeOfTheLastSuccessOnlyWhereItIsOne) {
  EXPECT_THAT(prometheus_text(passed_run()),
              HasSubstr("plimsoll_conformance_last_success_timestamp_seconds{"
                        "registry=\"http://127.0.0.1:5000\"} 1769860801.5"));
}

TEST(PrometheusText, HasABucketForTheTimeOfEachScenarioThatWasTried) {
  auto run = run_with("status 200");
  run.scenarios[0].exchanges = 2;
  run.scenarios[0].took = std::chrono::milliseconds(30);
  run.scenarios.emplace_back().category = "pull";  // never tried
  const std::string text = prometheus_text(run);
  const std::string of =
      "plimsoll_conformance_scenario_duration_seconds_bucket{registry=\"http://"
      "127.0.0.1:5000\",category=\"pull\",le=";
  EXPECT_THAT(text, HasSubstr(of + "\"0.025\"} 0\n"));
  EXPECT_THAT(text, HasSubstr(of + "\"0.05\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(of + "\"+Inf\"} 1\n"));
}

TEST(PrometheusText, OfARunUnderWayHasNeitherVerdictNorEnd) {
  const std::string text = prometheus_text(metrics_so_far(passed_run(), 7));
  EXPECT_THAT(text, HasSubstr("plimsoll_conformance_scenarios_planned{"
                              "registry=\"http://127.0.0.1:5000\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("plimsoll_conformance_checks{"));
  EXPECT_THAT(text, Not(HasSubstr("_conformant")));
  EXPECT_THAT(text, Not(HasSubstr("_timestamp_")));
}

TEST(PipelineReports, PassNoControlBytesOn) {
  const run_result run = hostile_run();
  for (const std::string& text : {markdown(run), annotations(run), sarif(run), badge_svg(run),
                                  badge_json(run), prometheus_text(run), results_yaml(run)}) {
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_TRUE(is_utf8(text));
  }
}

TEST(UnixSeconds, AreThoseOfTheCalendar) {
  EXPECT_EQ(unix_seconds("1970-01-02T00:00:01Z"), 86401);
  EXPECT_EQ(unix_seconds("2026-01-31T12:00:00Z"), 1769860800);
  EXPECT_EQ(unix_seconds("2026-02-30T12:00:00Z"), std::nullopt);
  EXPECT_EQ(unix_seconds("yesterday"), std::nullopt);
}

}  // namespace
}  // namespace plimsoll::reports
