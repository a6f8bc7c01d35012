#include <algorithm>
#include <array>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/catalogue/catalogue.hpp"
#include "plimsoll/reports/pipeline.hpp"
#include "reports/example_run.hpp"
#include "reports/programme/keys.hpp"

namespace plimsoll::reports {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

scenario_result scenario_of(std::string id, verdict outcome) {
  scenario_result one;
  one.id = std::move(id);
  one.outcome = outcome;
  return one;
}

check_result check_of(std::string requirement, verdict outcome) {
  check_result one;
  one.requirement = std::move(requirement);
  one.outcome = outcome;
  return one;
}

run_result run_of(scenario_result scenario, std::vector<check_result> checks = {}) {
  scenario.checks = std::move(checks);
  run_result run;
  run.registry = "https://registry.example";
  run.scenarios.push_back(std::move(scenario));
  summarize(run);
  return run;
}

TEST(ProgrammeKeys, AreThe28ApisEachOnce) {
  std::set<std::string_view> names;
  for (const programme_key& key : programme_apis()) names.insert(key.name);
  EXPECT_EQ(programme_apis().size(), 28u);
  EXPECT_EQ(names.size(), 28u);
}

TEST(ProgrammeKeys, NameRulesThatThereAre) {
  for (const programme_key& key : programme_apis()) {
    EXPECT_FALSE(key.shown_by.empty()) << key.name;
    EXPECT_FALSE(key.does.empty()) << key.name;
    for (const std::string_view beginning : key.rules) {
      const auto all = all_requirements();
      EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                              [&](const auto& rule) { return rule.id.starts_with(beginning); }))
          << key.name << ": " << beginning;
    }
  }
}

/// What no API of the programme is about, or all of them together.
bool is_of_no_api(std::string_view id) {
  constexpr std::array<std::string_view, 5> others{"errors.", "warnings.", "ext.", "category.",
                                                   "http.rfc9110."};
  return std::any_of(std::begin(others), std::end(others),
                     [&](std::string_view one) { return id.starts_with(one); });
}

/// Else a registry could break the rule, and pass each API.
TEST(ProgrammeKeys, LeaveNoMustOfARegistryOut) {
  for (const requirement& rule : all_requirements()) {
    const bool counts = rule.actor == "registry" && rule.not_observed.empty() &&
                        rule.when_broken(spec_version::v1_2_dev) == verdict::fail;
    if (!counts || is_of_no_api(rule.id)) continue;
    const auto& apis = programme_apis();
    EXPECT_TRUE(std::any_of(apis.begin(), apis.end(), [&](const programme_key& key) {
      return std::any_of(key.rules.begin(), key.rules.end(),
                         [&](std::string_view one) { return rule.id.starts_with(one); });
    })) << rule.id;
  }
}

TEST(ResultsYaml, PassesWhatWasSeenToHold) {
  const run_result run = run_of(scenario_of("pull/determining-support", verdict::pass),
                                {check_of("base.200", verdict::pass)});
  EXPECT_THAT(results_yaml(run),
              AllOf(HasSubstr("\n  Ping: Pass\n"), HasSubstr("\n  Referrers: Skip\n")));
}

TEST(ResultsYaml, FailsWhereverARuleOfTheApiIsBroken) {
  const run_result run = run_of(scenario_of("push/small-blobs", verdict::fail),
                                {check_of("pull.blob.get-body", verdict::fail)});
  EXPECT_THAT(results_yaml(run),
              AllOf(HasSubstr("\n  Blob get: FAIL\n"), HasSubstr("\n  Blob head: Skip\n")));
}

TEST(ResultsYaml, SkipsWhatTheRegistryDoesNotHave) {
  const run_result run = run_of(scenario_of("push/mount", verdict::unsupported),
                                {check_of("push.mount.fallback-202.unsupported", verdict::pass)});
  EXPECT_THAT(results_yaml(run), HasSubstr("\n  Blob mount: Skip\n"));
}

TEST(ResultsYaml, DoesNotPassWhatAnotherBreakKeptFromBeingSeen) {
  const run_result run = run_of(scenario_of("management/tag-deleted", verdict::fail),
                                {check_of("delete.tag.202", verdict::fail)});
  EXPECT_THAT(results_yaml(run), AllOf(HasSubstr("\n  Tag delete: FAIL\n"),
                                       HasSubstr("\n  Tag delete atomic: Skip\n")));
}

TEST(ResultsYaml, FailsAnOptionalApiThatDoesNotDoWhatItIsFor) {
  const run_result run = run_of(scenario_of("pull/blob-range", verdict::warn),
                                {check_of("pull.blob.range.single", verdict::warn)});
  EXPECT_THAT(results_yaml(run), HasSubstr("\n  Blob get range: FAIL\n"));
}

TEST(ResultsYaml, PassesWhereOnlyARecommendationIsNotFollowed) {
  const run_result run = run_of(
      scenario_of("pull/blob", verdict::warn),
      {check_of("pull.blob.get-200", verdict::pass), check_of("pull.blob.get-body", verdict::pass),
       check_of("pull.blob.docker-content-digest", verdict::warn)});
  EXPECT_THAT(results_yaml(run), HasSubstr("\n  Blob get: Pass\n"));
}

TEST(ResultsYaml, KnowsNoAllowances) {
  check_result allowed = check_of("tags.order", verdict::warn);
  allowed.allowed = "being mended (allowed until 2026-12-31)";
  const run_result run = run_of(scenario_of("discovery/tags", verdict::warn),
                                {check_of("tags.200", verdict::pass), allowed});
  EXPECT_THAT(results_yaml(run), HasSubstr("\n  Tag listing: FAIL\n"));
}

TEST(ResultsYaml, TakesAReadOnlyRunForWhatItIs) {
  run_result run = run_of(scenario_of("pull/blob", verdict::skipped));
  scenario_result given = scenario_of("pull/given-blobs", verdict::pass);
  given.checks = {check_of("pull.blob.get-200", verdict::pass),
                  check_of("pull.blob.get-body", verdict::pass)};
  run.scenarios.push_back(given);
  scenario_result push = scenario_of("push/blob-post-put", verdict::skipped);
  push.reason = "pushes, and read-only is on (--read-only)";
  run.scenarios.push_back(push);
  EXPECT_THAT(results_yaml(run),
              AllOf(HasSubstr("\n  Blob get: Pass\n"), HasSubstr("\n  Blob push: Disabled\n"),
                    HasSubstr("\n  Manifest delete: Skip\n")));
}

TEST(ResultsYaml, DisablesWhatASwitchIsFor) {
  scenario_result off = scenario_of("discovery/referrers", verdict::skipped);
  off.reason = "apis.referrer is off (OCI_API_REFERRER)";
  EXPECT_THAT(results_yaml(run_of(off)), HasSubstr("\n  Referrers: Disabled\n"));
}

TEST(ResultsYaml, NeverDisablesThePingThatEachRunBeginsWith) {
  scenario_result ping = scenario_of("pull/determining-support", verdict::skipped);
  ping.reason = "pushes, and read-only is on (--read-only)";
  EXPECT_THAT(results_yaml(run_of(ping)), HasSubstr("\n  Ping: Skip\n"));
  EXPECT_THAT(results_yaml(run_of(scenario_of("pull/blob", verdict::pass))),
              HasSubstr("\n  Ping: Skip\n"));
}

TEST(ResultsYaml, PassesByTagOnlyWhatWasAskedForByTag) {
  scenario_result given = scenario_of("pull/given-manifests", verdict::pass);
  given.calls = {"GET manifest by digest", "HEAD manifest by digest"};
  const std::vector<check_result> held{check_of("pull.manifest.get-200", verdict::pass),
                                       check_of("pull.manifest.get-body", verdict::pass),
                                       check_of("pull.head.manifest-200", verdict::pass)};
  const std::string by_digest = results_yaml(run_of(given, held));
  EXPECT_THAT(by_digest, AllOf(HasSubstr("\n  Manifest get by digest: Pass\n"),
                               HasSubstr("\n  Manifest head by digest: Pass\n"),
                               HasSubstr("\n  Manifest get by tag: Skip\n"),
                               HasSubstr("\n  Manifest head by tag: Skip\n")));
  given.calls = {"GET manifest by tag"};
  EXPECT_THAT(results_yaml(run_of(given, held)),
              AllOf(HasSubstr("\n  Manifest get by tag: Pass\n"),
                    HasSubstr("\n  Manifest get by digest: Skip\n")));
}

TEST(ResultsYaml, FailsPushesOfWhateverBytesAtWhateverLevel) {
  scenario_result push = scenario_of("push/blob-post-put", verdict::pass);
  run_result run = run_of(
      push, {check_of("push.post.202", verdict::pass), check_of("push.put.201", verdict::pass)});
  EXPECT_THAT(results_yaml(run), HasSubstr("\n  Blob post put: Pass\n"));
  scenario_result wrong = scenario_of("push/blob-of-another-digest", verdict::warn);
  wrong.checks = {check_of("push.blob.digest-mismatch-rejected", verdict::warn)};
  run.scenarios.push_back(wrong);
  EXPECT_THAT(results_yaml(run),
              AllOf(HasSubstr("\n  Blob push: FAIL\n"), HasSubstr("\n  Blob post put: FAIL\n"),
                    HasSubstr("\n  Blobs sha256: FAIL\n"), HasSubstr("\n  Blob mount: Skip\n")));
}

TEST(ResultsYaml, IsAnErrorWhereALimitBlockedIt) {
  scenario_result stopped = scenario_of("management/blob-deleted", verdict::blocked);
  stopped.blocked_by = "push.post.202";
  run_result run = run_of(stopped);
  EXPECT_THAT(results_yaml(run), HasSubstr("\n  Blob delete: Error\n"));
  scenario_result broken = scenario_of("push/blob-post-put", verdict::fail);
  broken.checks = {check_of("push.post.202", verdict::fail)};
  run.scenarios.push_back(broken);
  EXPECT_THAT(results_yaml(run), HasSubstr("\n  Blob delete: Skip\n"));
}

TEST(ResultsYaml, SkipsWhatAPolicyRulesOut) {
  scenario_result refused = scenario_of("push/blob-post-put", verdict::blocked);
  refused.reason = "the registry refuses pushes";
  EXPECT_THAT(results_yaml(run_of(refused)), HasSubstr("\n  Blob push: Skip\n"));
}

TEST(ResultsYaml, NamesThePart) {
  run_result run = run_of(scenario_of("pull/blob", verdict::pass));
  run.part = run_part{1, {{"filter", "pull/", "--filter", "98 scenarios", true}}, 99};
  summarize(run);
  EXPECT_THAT(
      results_yaml(run),
      AllOf(HasSubstr("  verdict: partial\n"), HasSubstr("  part: \"1 of 99 scenarios run\"\n"),
            HasSubstr("  - \"filter = pull/ (--filter) leaves out 98 scenarios\"\n")));
}

TEST(ResultsYaml, NeverShowsARunThatWasNotJudgedAsDisabled) {
  run_result run;
  run.reason = "connect: Connection refused";
  summarize(run);
  EXPECT_THAT(results_yaml(run), AllOf(HasSubstr("\n  Ping: Error\n"), Not(HasSubstr("Disabled")),
                                       HasSubstr("  verdict: error\n")));
}

TEST(ResultsYaml, SaysWhatWasJudgedByWhat) {
  run_result run = example_run();
  run.registry = "https://registry.example:5000";
  run.spec_version = "1.2-dev";
  run.configuration = {{"insecure", "true"}};
  EXPECT_THAT(results_yaml(run),
              HasSubstr("config:\n  registry: \"registry.example:5000\"\n  tls: insecure\n"
                        "  version: \"1.1+dev\"\n  commit: \"plimsoll 0.1.0\"\n"));
}

}  // namespace
}  // namespace plimsoll::reports
