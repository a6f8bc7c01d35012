#include "reports/coverage.hpp"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/spec_link.hpp"

namespace plimsoll::reports {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* rule = "push.chunk.out-of-order-416.overlap";

scenario_result judging(verdict outcome, const char* requirement) {
  scenario_result one;
  one.id = "push/chunks";
  one.judges = {requirement};
  one.outcome = outcome;
  return one;
}

scenario_result checked(verdict outcome, const char* requirement) {
  scenario_result one = judging(outcome, requirement);
  check_result check;
  check.requirement = requirement;
  check.outcome = outcome;
  one.checks = {check};
  return one;
}

covered entry_of(std::vector<scenario_result> scenarios, std::string_view id,
                 const char* version = "1.1") {
  run_result run;
  run.spec_version = version;
  run.scenarios = std::move(scenarios);
  const auto all = coverage_of(run);
  EXPECT_EQ(all.size(), all_requirements().size());
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const covered& one) { return one.rule->id == id; });
  return found == all.end() ? covered() : *found;
}

TEST(Coverage, HasTheGravestVerdictOfAllScenariosThatJudgedIt) {
  const covered entry =
      entry_of({checked(verdict::pass, rule), checked(verdict::fail, rule)}, rule);
  EXPECT_EQ(entry.outcome, verdict::fail);
  EXPECT_THAT(entry.scenarios, ElementsAre(0, 1));
  EXPECT_THAT(entry.reason, IsEmpty());
}

TEST(Coverage, NamesTheScenarioThatDidNotComeToIt) {
  const covered entry = entry_of({judging(verdict::blocked, rule)}, rule);
  EXPECT_FALSE(entry.outcome.has_value());
  EXPECT_THAT(entry.scenarios, ElementsAre(0));
  EXPECT_EQ(entry.reason, "push/chunks: blocked");
  EXPECT_EQ(entry_of({judging(verdict::pass, rule)}, rule).reason,
            "push/chunks did not come to it");
}

TEST(Coverage, SaysWhyNoScenarioJudgesIt) {
  EXPECT_EQ(entry_of({}, rule).reason, "no scenario of this run judges it");
  const auto newer = std::find_if(all_requirements().begin(), all_requirements().end(),
                                  [](const auto& one) { return one.since == spec_version::v1_1; });
  ASSERT_NE(newer, all_requirements().end());
  EXPECT_EQ(entry_of({}, newer->id, "1.0").reason, "not in 1.0 of the spec: came with 1.1");
}

TEST(Coverage, SaysWhatTheSuiteDoesAboutIt) {
  run_result run;
  run.spec_version = "1.1";
  run.coverage = {
      {rule, {"chunk-overlap-taken"}, ""}, {"tags.200", {}, ""}, {"tags.empty", {}, "a choice"}};
  std::map<std::string_view, covered> by_id;
  for (const covered& one : coverage_of(run)) by_id[one.rule->id] = one;
  EXPECT_EQ(by_id[rule].state, "proven");
  EXPECT_THAT(by_id[rule].faults, ElementsAre("chunk-overlap-taken"));
  EXPECT_EQ(by_id["tags.200"].state, "judged");
  EXPECT_EQ(by_id["tags.empty"].state, "not judged");
  EXPECT_EQ(by_id["tags.empty"].reason, "a choice");
}

TEST(Coverage, OfAResultWithoutNotesIsWhatItsScenariosJudge) {
  EXPECT_EQ(entry_of({judging(verdict::pass, rule)}, rule).state, "judged");
  EXPECT_EQ(entry_of({}, rule).state, "not judged");
}

TEST(SpecLink, LeadsToTheHeadingAtTheVersionsTag) {
  EXPECT_EQ(spec_link("1.1", "push.chunk.order", "distribution", "Pushing a blob in chunks"),
            "https://github.com/opencontainers/distribution-spec/blob/v1.1.1/"
            "spec.md#pushing-a-blob-in-chunks");
  EXPECT_EQ(spec_link("1.0", "ext.discover.name", "distribution", "Module: discover"),
            "https://github.com/opencontainers/distribution-spec/blob/v1.0.1/"
            "extensions/_oci.md#module-discover");
  EXPECT_EQ(spec_link("1.2-dev", "image.layer.gzip", "image", "+gzip Media Types"),
            "https://github.com/opencontainers/image-spec/blob/main/layer.md#gzip-media-types");
  EXPECT_THAT(spec_link("1.1", "ext.none-supported", "distribution", "Error Codes"),
              HasSubstr("/spec.md#error-codes"));
  EXPECT_THAT(spec_link("1.1", "image.artifact.x", "image", "Guidance for Artifacts Authors"),
              HasSubstr("/artifacts-guidance.md#"));
}

}  // namespace
}  // namespace plimsoll::reports
