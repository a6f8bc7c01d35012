#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plimsoll/reports/console.hpp"
#include "plimsoll/reports/history.hpp"
#include "plimsoll/reports/json.hpp"
#include "plimsoll/reports/junit.hpp"
#include "plimsoll/reports/metrics.hpp"
#include "plimsoll/reports/pipeline.hpp"

/// What each report makes of a run of a part of the suite.
namespace plimsoll::reports {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

run_result partial_run(verdict outcome = verdict::pass) {
  run_result run;
  run.version = "0.1.0";
  run.registry = "http://127.0.0.1:5000";
  run.spec_version = "1.1";
  run.profile = "spec";
  run.started = "2026-01-31T12:00:00Z";
  scenario_result scenario;
  scenario.id = "pull/blob";
  scenario.category = "pull";
  scenario.outcome = outcome;
  scenario.calls = {"GET manifest by tag"};
  check_result check;
  check.requirement = "pull.blob.get-200";
  check.outcome = outcome;
  scenario.checks.push_back(check);
  run.scenarios.push_back(scenario);
  run.part = run_part{0, {{"filter", "pull/blob", "PLIMSOLL_FILTER", "176 scenarios", false}}, 177};
  summarize(run);
  return run;
}

constexpr const char* numbers = "1 of 177 scenarios run";

TEST(PartialRun, IsSummedUpAsWhatItIs) {
  EXPECT_THAT(
      summary(partial_run()),
      AllOf(HasSubstr("verdict: partial (1 of 177 scenarios run, nothing broken)\n"),
            HasSubstr("part: filter = pull/blob (PLIMSOLL_FILTER) leaves out 176 scenarios\n"),
            Not(HasSubstr("conformant"))));
}

TEST(PartialRun, ThatBreaksSomethingFailsAndStillNamesThePart) {
  EXPECT_THAT(summary(partial_run(verdict::fail)),
              AllOf(HasSubstr("verdict: fail (not conformant)\n"),
                    HasSubstr("part: filter = pull/blob (PLIMSOLL_FILTER)")));
}

TEST(PartialRun, HasAGreyBadge) {
  const auto badge = json::parse(badge_json(partial_run()));
  EXPECT_EQ(badge.at("message"), std::string("1.1 partial: ") + numbers);
  EXPECT_EQ(badge.at("color"), "lightgrey");
  EXPECT_EQ(badge.at("isError"), false);
  EXPECT_THAT(badge_svg(partial_run()), AllOf(HasSubstr(numbers), HasSubstr("#5f6368")));
  EXPECT_EQ(json::parse(badge_json(partial_run(verdict::fail))).at("message"),
            "1.1 not conformant");
}

TEST(PartialRun, IsNoSampleOfWhetherTheRegistryIsConformant) {
  EXPECT_THAT(
      prometheus_text(partial_run()),
      AllOf(Not(HasSubstr("plimsoll_conformance_conformant")), Not(HasSubstr("last_success")),
            HasSubstr("plimsoll_conformance_scenarios_run{registry=\"http://127.0.0.1:5000\"} 1")));
  EXPECT_THAT(prometheus_text(partial_run(verdict::fail)),
              HasSubstr("plimsoll_conformance_conformant{"));
}

TEST(PartialRun, IsNamedInTheOtherReports) {
  const run_result run = partial_run();
  EXPECT_THAT(markdown(run), AllOf(HasSubstr("Plimsoll: partial"), HasSubstr(numbers),
                                   HasSubstr("leaves out 176 scenarios")));
  EXPECT_THAT(annotations(run),
              HasSubstr(std::string("partial: http://127.0.0.1:5000, ") + numbers));
  EXPECT_THAT(junit(run),
              AllOf(HasSubstr(R"(<property name="verdict" value="partial"/>)"),
                    HasSubstr(std::string(R"(<property name="part" value=")") + numbers)));
  const auto properties = json::parse(sarif(run)).at("runs").at(0).at("properties");
  EXPECT_EQ(properties.at("verdict"), "partial");
  EXPECT_EQ(properties.at("part"), numbers);
}

TEST(PartialRun, ComesBackFromJson) {
  const auto read = parse_result(to_json(partial_run()));
  ASSERT_TRUE(read) << read.error().what();
  EXPECT_EQ(read->outcome, verdict::partial);
  ASSERT_TRUE(read->part.has_value());
  EXPECT_EQ(read->part->scenarios_run, 1u);
  EXPECT_EQ(read->part->scenarios_in_suite, 177u);
  ASSERT_EQ(read->part->restrictions.size(), 1u);
  EXPECT_EQ(read->part->restrictions[0].origin, "PLIMSOLL_FILTER");
  EXPECT_FALSE(read->part->restrictions[0].deliberate);
  EXPECT_EQ(read->scenarios.at(0).calls, partial_run().scenarios[0].calls);
  EXPECT_EQ(exit_code(*read), 3);
}

TEST(PartialRun, IsNoneInAResultOfBeforeThereWerePartialRuns) {
  auto document = json::parse(to_json(partial_run()));
  document.erase("part");
  document["verdict"] = "pass";
  for (auto& scenario : document["scenarios"]) scenario.erase("calls");
  const auto read = parse_result(document.dump());
  ASSERT_TRUE(read) << read.error().what();
  EXPECT_FALSE(read->part.has_value());
  EXPECT_EQ(read->outcome, verdict::pass);
}

TEST(PartialRun, DoesNotMakeAHistoryMissWhatItLeftOut) {
  const auto read = read_past_run("r.json", to_json(partial_run()));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->outcome, verdict::partial);
  past_run before = *read;
  before.outcome = verdict::pass;
  before.started = "2026-01-30T12:00:00Z";
  before.requirements.emplace_back("tags.200", verdict::pass);
  EXPECT_THAT(changes_between(before, *read).unknown, IsEmpty());
  EXPECT_THAT(history_summary({before, *read}),
              AllOf(HasSubstr("2026-01-31T12:00:00Z  partial "), Not(HasSubstr("not judged"))));
}

}  // namespace
}  // namespace plimsoll::reports
