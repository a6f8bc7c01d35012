#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/profile/profile.hpp"

/// What a claim of a category asks for: its end-points, and no optional feature.
namespace plimsoll {
namespace {

constexpr std::string_view today = "2026-06-15";

scenario_result judged(std::string id, std::string category, verdict outcome,
                       std::vector<std::string> judges) {
  scenario_result made;
  made.id = std::move(id);
  made.category = std::move(category);
  made.outcome = outcome;
  made.judges = std::move(judges);
  if (outcome == verdict::unsupported) made.reason = "405";
  if (outcome != verdict::pass) return made;
  for (const std::string& rule : made.judges) {
    check_result check;
    check.requirement = rule;
    made.checks.push_back(check);
  }
  return made;
}

/// A registry that has every end-point.
run_result whole_run() {
  run_result run;
  run.spec_version = "1.1";
  run.scenarios = {
      judged("pull/manifest", "pull", verdict::pass,
             {"pull.manifest.get-200", "pull.head.manifest-200"}),
      judged("pull/blob", "pull", verdict::pass, {"pull.blob.get-200", "pull.head.blob-200"}),
      judged("push/blob", "push", verdict::pass, {"push.post.202", "push.put.201"}),
      judged("push/chunks", "push", verdict::pass, {"push.chunk.202"}),
      judged("push/manifest", "push", verdict::pass, {"push.manifest.201"}),
      judged("discovery/tags", "discovery", verdict::pass, {"tags.200"}),
      judged("discovery/referrers", "discovery", verdict::pass, {"referrers.200"}),
      judged("management/tag", "management", verdict::pass, {"delete.tag.202"}),
      judged("management/manifest", "management", verdict::pass, {"delete.manifest.202"}),
      judged("management/blob", "management", verdict::pass, {"delete.blob.202"}),
  };
  return run;
}

scenario_result& find_scenario(run_result& run, std::string_view id) {
  return *std::find_if(run.scenarios.begin(), run.scenarios.end(),
                       [&](const auto& each) { return each.id == id; });
}

void make_absent(run_result& run, std::string_view id) {
  scenario_result& absent = find_scenario(run, id);
  absent.checks.clear();
  absent.outcome = verdict::unsupported;
  absent.reason = "405";
}

void certify(run_result& run) {
  apply(*find_profile("certification"), today, run);
}

TEST(Claim, HoldsWhereOnlyOptionalFeaturesAreNotOffered) {
  run_result run = whole_run();
  for (const char* const rule :
       {"push.mount.201", "push.single-post.201", "tags.link-walk-complete",
        "push.subject.oci-subject", "image.digest.sha512-verify.registry"}) {
    run.scenarios.push_back(judged(rule, "push", verdict::unsupported, {rule}));
  }
  certify(run);
  EXPECT_EQ(run.outcome, verdict::unsupported);
  EXPECT_EQ(exit_code(run), 0);
}

TEST(Claim, OfManagementHoldsWhereDeletionIsByDigestAlone) {
  run_result run = whole_run();
  make_absent(run, "management/tag");
  certify(run);
  EXPECT_EQ(exit_code(run), 0);
}

struct absence {
  const char* name;
  std::vector<const char*> scenarios;
  const char* told_by;
  const char* api;
};

void PrintTo(const absence& row, std::ostream* out) {
  *out << row.name;
}

class ClaimWithout : public testing::TestWithParam<absence> {};

TEST_P(ClaimWithout, AnEndPointFailsByName) {
  run_result run = whole_run();
  for (const char* const id : GetParam().scenarios) make_absent(run, id);
  certify(run);
  EXPECT_EQ(exit_code(run), 1);
  const scenario_result& told = find_scenario(run, GetParam().told_by);
  EXPECT_EQ(told.outcome, verdict::fail);
  EXPECT_THAT(told.reason, testing::AllOf(testing::HasSubstr(GetParam().api),
                                          testing::HasSubstr(" is claimed, and "),
                                          testing::HasSubstr("not offered: 405")));
}

INSTANTIATE_TEST_SUITE_P(, ClaimWithout,
                         testing::Values(absence{"TagList",
                                                 {"discovery/tags"},
                                                 "discovery/tags",
                                                 "GET /v2/<name>/tags/list"},
                                         absence{"Referrers",
                                                 {"discovery/referrers"},
                                                 "discovery/referrers",
                                                 "GET /v2/<name>/referrers/<digest>"},
                                         absence{"BlobDeletion",
                                                 {"management/blob"},
                                                 "management/blob",
                                                 "DELETE /v2/<name>/blobs/<digest>"},
                                         absence{"ManifestDeletion",
                                                 {"management/tag", "management/manifest"},
                                                 "management/tag",
                                                 "DELETE /v2/<name>/manifests/<reference>"},
                                         absence{"Push",
                                                 {"push/blob", "push/chunks", "push/manifest"},
                                                 "push/manifest",
                                                 "PUT /v2/<name>/manifests/<reference>"}),
                         [](const auto& row) { return row.param.name; });

TEST(Claim, OfDiscoveryNeedsNoReferrersIn10) {
  run_result run = whole_run();
  run.spec_version = "1.0";
  make_absent(run, "discovery/referrers");
  certify(run);
  EXPECT_EQ(exit_code(run), 0);
}

TEST(Claim, IsNotBrokenByWhatCouldNotBeJudged) {
  run_result run = whole_run();
  scenario_result& tags = find_scenario(run, "discovery/tags");
  tags.checks.clear();
  tags.outcome = verdict::blocked;
  tags.blocked_by = "push.manifest.201";
  certify(run);
  EXPECT_EQ(run.outcome, verdict::blocked);
}

TEST(Claim, IsNotBrokenByWhatAnotherCategoryLacks) {
  run_result run = whole_run();
  run.part = run_part{};
  scenario_result& push = find_scenario(run, "push/manifest");
  push.checks.clear();
  push.outcome = verdict::skipped;
  run.scenarios.push_back(
      judged("management/pushed-again", "management", verdict::unsupported, {"push.manifest.201"}));
  certify(run);
  EXPECT_EQ(run.outcome, verdict::partial);
}

TEST(Claim, AsksInAPartForNothingThatWasLeftOut) {
  run_result run = whole_run();
  run.part = run_part{};
  scenario_result& tags = find_scenario(run, "discovery/tags");
  tags.checks.clear();
  tags.outcome = verdict::skipped;
  certify(run);
  EXPECT_EQ(run.outcome, verdict::partial);
}

TEST(Claim, IsBrokenInAWholeRunThatHadNothingToShowAnEndPointWith) {
  run_result run = whole_run();
  scenario_result& tags = find_scenario(run, "discovery/tags");
  tags.checks.clear();
  tags.outcome = verdict::skipped;
  certify(run);
  EXPECT_EQ(run.outcome, verdict::fail);
}

}  // namespace
}  // namespace plimsoll
