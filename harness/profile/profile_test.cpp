#include "plimsoll/profile/profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll {
namespace {

constexpr std::string_view today = "2026-06-15";

check_result check(std::string id, verdict outcome) {
  check_result made;
  made.requirement = std::move(id);
  made.outcome = outcome;
  return made;
}

run_result run_with(std::vector<check_result> checks, verdict outcome) {
  scenario_result scenario;
  scenario.id = "push/one";
  scenario.category = "push";
  scenario.outcome = outcome;
  scenario.checks = std::move(checks);
  run_result run;
  run.scenarios.push_back(scenario);
  return run;
}

profile read(std::string_view yaml) {
  const auto made = parse_profile(yaml, "p.yaml");
  EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().what());
  return made ? *made : profile{};
}

TEST(Profile, SpecLeavesTheLevelsAsTheyAre) {
  auto run = run_with({check("pull.blob.docker-content-digest", verdict::warn)}, verdict::warn);
  apply(*find_profile("spec"), today, run);
  EXPECT_EQ(run.outcome, verdict::warn);
  EXPECT_EQ(run.profile, "spec");
}

TEST(Profile, CertificationFailsOnAShouldButNotOnAdvice) {
  auto run = run_with({check("pull.blob.docker-content-digest", verdict::warn)}, verdict::warn);
  apply(*find_profile("certification"), today, run);
  EXPECT_EQ(run.outcome, verdict::fail);

  run = run_with({check("push.cancel.session-gone", verdict::warn)}, verdict::warn);
  apply(*find_profile("certification"), today, run);
  EXPECT_EQ(run.outcome, verdict::fail);

  run = run_with({check("base.200", verdict::warn)}, verdict::warn);
  apply(*find_profile("certification"), today, run);
  EXPECT_EQ(run.outcome, verdict::warn);
}

TEST(Profile, AWaitThatWasCutShortOnlyWarns) {
  auto capped = check("pull.blob.docker-content-digest", verdict::warn);
  capped.capped = "the wait ended after 5.0 s: --settle 60s judges";
  auto run = run_with({capped}, verdict::warn);
  apply(*find_profile("certification"), today, run);
  EXPECT_EQ(run.outcome, verdict::warn);
}

TEST(Profile, ARequiredRuleFails) {
  auto run = run_with({check("push.chunk.range-value", verdict::warn)}, verdict::warn);
  apply(read("required: [push.chunk.range-value]"), today, run);
  EXPECT_EQ(run.outcome, verdict::fail);
}

constexpr std::string_view known_failure =
    "allowed:\n- {requirement: tags.order, reason: being mended, until: 2026-06-15}\n";

TEST(Profile, AKnownFailureWarnsUpToItsDay) {
  auto run = run_with({check("tags.order", verdict::fail)}, verdict::fail);
  apply(read(known_failure), today, run);
  EXPECT_EQ(run.outcome, verdict::warn);
  EXPECT_EQ(run.scenarios[0].checks[0].allowed, "being mended (allowed until 2026-06-15)");
  EXPECT_THAT(run.stale, testing::IsEmpty());
}

TEST(Profile, AKnownFailureFailsBehindItsDay) {
  auto run = run_with({check("tags.order", verdict::fail)}, verdict::fail);
  apply(read(known_failure), "2026-06-16", run);
  EXPECT_EQ(run.outcome, verdict::fail);
  EXPECT_THAT(run.stale, testing::ElementsAre("tags.order: its allowance ended on 2026-06-15"));
}

TEST(Profile, AnAllowanceThatEndedIsToldWithItsLine) {
  EXPECT_TRUE(check_dates(read(known_failure), "2026-06-15").has_value());
  const auto late = check_dates(read(known_failure), "2026-06-16");
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().what(),
            "p.yaml:2: allowed: that of tags.order ended on 2026-06-15: take it out, or give it "
            "another day");
}

TEST(Profile, AnAllowanceThatNothingNeedsIsStale) {
  auto run = run_with({check("tags.order", verdict::pass)}, verdict::pass);
  apply(read(known_failure), today, run);
  EXPECT_EQ(run.outcome, verdict::pass);
  EXPECT_THAT(run.stale, testing::ElementsAre("tags.order: holds, and needs no allowance"));
}

TEST(Profile, ABlockedScenarioStaysBlocked) {
  auto run = run_with({check("tags.order", verdict::pass)}, verdict::blocked);
  run.scenarios[0].blocked_by = "push.manifest.201";
  apply(*find_profile("certification"), today, run);
  EXPECT_EQ(run.outcome, verdict::blocked);
}

struct malformed {
  const char* name;
  const char* yaml;
  const char* why;
};

void PrintTo(const malformed& row, std::ostream* out) {
  *out << row.yaml;
}

class ProfileFile : public testing::TestWithParam<malformed> {};

TEST_P(ProfileFile, IsRefusedWithTheLine) {
  const auto made = parse_profile(GetParam().yaml, "p.yaml");
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().what(), GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    , ProfileFile,
    testing::Values(
        malformed{"NoMap", "- a", "p.yaml:1: expected keys with values"},
        malformed{"UnknownKey", "name: x\nclaim: [pull]",
                  "p.yaml:2: unknown key 'claim'; did you mean claims?"},
        malformed{"UnknownCategory", "claims: [pull, pusch]",
                  "p.yaml:1: claims: unknown 'pusch'; did you mean push?"},
        malformed{"UnknownRequirement", "required:\n- tags.ordre",
                  "p.yaml:2: required: unknown 'tags.ordre'; did you mean tags.order?"},
        malformed{"NoReason", "allowed:\n- {requirement: tags.order, until: 2026-01-01}",
                  "p.yaml:2: allowed: each entry has requirement, reason and until"},
        malformed{"NoDay", "allowed:\n- {requirement: tags.order, reason: r, until: 2026-02-30}",
                  "p.yaml:2: until: expected a day as YYYY-MM-DD"},
        malformed{"Scalar", "required: tags.order", "p.yaml:1: required: expected a list"}),
    [](const auto& row) { return row.param.name; });

TEST(ProfileFileSyntax, IsRefusedWithTheLine) {
  const auto made = parse_profile("name: [x", "p.yaml");
  ASSERT_FALSE(made.has_value());
  EXPECT_THAT(made.error().what(), testing::StartsWith("p.yaml:1: "));
}

}  // namespace
}  // namespace plimsoll
