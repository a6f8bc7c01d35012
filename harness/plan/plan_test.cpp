#include "plimsoll/plan/plan.hpp"

#include <array>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "harness/plan/switches.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/catalogue/catalogue.hpp"

namespace plimsoll {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::array<requirement_id, 1> pulls{"pull.blob.get-200"};
constexpr std::array<requirement_id, 2> deletes{"delete.tag.202", "delete.blob.202"};
constexpr std::array<requirement_id, 1> lists_referrers{"referrers.200"};
constexpr std::array<requirement_id, 1> reads_tags{"tags.200"};

constexpr scenario pull{
    .id = "pull/blob", .title = "", .category = "pull", .judges = pulls, .body = nullptr};
constexpr scenario deletion{.id = "management/all",
                            .title = "",
                            .category = "management",
                            .judges = deletes,
                            .body = nullptr};
constexpr scenario referrers{.id = "discovery/referrers",
                             .title = "",
                             .category = "discovery",
                             .judges = lists_referrers,
                             .body = nullptr};
constexpr scenario given_tags{.id = "discovery/given-tags",
                              .title = "",
                              .category = "discovery",
                              .judges = reads_tags,
                              .body = nullptr,
                              .stands_on = basis::given_tags};
constexpr std::array<const scenario*, 4> all{&pull, &deletion, &referrers, &given_tags};

configuration with(const std::vector<setting>& flags) {
  auto loaded = load_configuration(flags, {}, std::nullopt, "/nonexistent");
  EXPECT_TRUE(loaded) << loaded.error().what();
  return loaded ? *loaded : configuration();
}

plan plan_with(const std::vector<setting>& flags) {
  return make_plan(with(flags), all, {});
}

std::vector<std::string> ids_to_run(const plan& from) {
  std::vector<std::string> ids;
  for (const scenario* one : to_run(from)) ids.emplace_back(one->id);
  return ids;
}

TEST(Plan, RunsAllThatNeedsNothingGiven) {
  const plan made = plan_with({});
  EXPECT_THAT(ids_to_run(made), ElementsAre("pull/blob", "management/all", "discovery/referrers"));
  EXPECT_THAT(made.switched_off, IsEmpty());
  EXPECT_EQ(made.scenarios.at(3).skipped, "reads what is there already: name it with --given.tags");
}

TEST(Plan, SkipsWhatNeedsAFreshRepositoryWhereOnesAreGiven) {
  scenario fresh = pull;
  fresh.needs_fresh = true;
  const std::array<const scenario*, 1> one{&fresh};
  EXPECT_EQ(make_plan(with({}), one, {}).scenarios.at(0).skipped, "");
  const auto given = with({{"repo", "a"}, {"repo", "b"}});
  EXPECT_EQ(make_plan(given, one, {}).scenarios.at(0).skipped,
            "needs a repository that nobody has pushed to, and repo is given (--repo)");
}

TEST(Plan, RunsALargeScenarioOnlyWhereItIsAskedFor) {
  scenario large = pull;
  large.is_large = true;
  const std::array<const scenario*, 1> one{&large};
  EXPECT_EQ(make_plan(with({}), one, {}).scenarios.at(0).skipped,
            "moves much: runs where it is asked for by --filter pull/blob");
  EXPECT_THAT(ids_to_run(make_plan(with({{"filter", "blob"}}), one, {})), ElementsAre("pull/blob"));
}

TEST(Plan, HasOnlyWhatFilterAndCategoryLeave) {
  EXPECT_EQ(plan_with({{"filter", "tags"}}).scenarios.size(), 1u);
  EXPECT_EQ(plan_with({{"category", "discovery"}}).scenarios.size(), 2u);
  EXPECT_THAT(plan_with({{"filter", "no/such"}}).scenarios, IsEmpty());
}

TEST(Plan, PushesNothingWhereTheRegistryIsOnlyToBeRead) {
  const plan made = plan_with({{"read-only", "true"}, {"repo", "a"}, {"given.tags", "v1"}});
  EXPECT_THAT(ids_to_run(made), ElementsAre("discovery/given-tags"));
  EXPECT_EQ(made.scenarios.at(0).skipped, "pushes, and read-only is on (--read-only)");
  EXPECT_THAT(ids_to_run(plan_with({{"apis.push", "false"}})), IsEmpty());
}

TEST(Plan, ReadsWhatNeedsNothingWhereTheRegistryIsOnlyToBeRead) {
  scenario reads = pull;
  reads.stands_on = basis::nothing;
  const std::array<const scenario*, 1> planned{&reads};
  EXPECT_EQ(make_plan(with({{"read-only", "true"}}), planned, {}).scenarios.at(0).skipped, "");
  EXPECT_EQ(make_plan(with({{"apis.push", "false"}}), planned, {}).scenarios.at(0).skipped, "");
}

TEST(Plan, SkipsWhatWritesElsewhereWhereRepositoriesAreGiven) {
  scenario elsewhere = pull;
  elsewhere.pushes_elsewhere = true;
  const std::array<const scenario*, 1> planned{&elsewhere};
  EXPECT_EQ(make_plan(with({}), planned, {}).scenarios.at(0).skipped, "");
  const auto given = with({{"repo", "a"}, {"repo", "b"}});
  EXPECT_EQ(make_plan(given, planned, {}).scenarios.at(0).skipped,
            "writes to other repositories, and repo is given (--repo)");
}

TEST(Plan, SkipsWhatTheVersionDoesNotHave) {
  EXPECT_EQ(plan_with({{"spec", "1.0"}}).scenarios.at(2).skipped,
            "judges nothing that distribution-spec 1.0 has");
}

TEST(Plan, SkipsAScenarioThatIsSwitchedOffAsAWhole) {
  const plan made = plan_with({{"apis.referrer", "false"}});
  EXPECT_EQ(made.scenarios.at(2).skipped, "apis.referrer is off (--apis.referrer)");
  EXPECT_THAT(made.switched_off, Contains("referrers.200"));
}

TEST(Plan, RunsAScenarioThatIsSwitchedOffInPartWithoutThatPart) {
  const plan made = plan_with({{"apis.tags.delete", "false"}});
  EXPECT_THAT(ids_to_run(made), Contains("management/all"));
  EXPECT_THAT(made.switched_off, Contains("delete.tag.202"));
  EXPECT_THAT(made.switched_off, ::testing::Not(Contains("delete.blob.202")));
}

TEST(Plan, SwitchThatNobodySetLeavesItToTheVersion) {
  // apis.blobs.upload-cancel is off by default in 1.1, and no switch is needed for that.
  EXPECT_THAT(plan_with({{"spec", "1.2-dev"}}).switched_off, IsEmpty());
  EXPECT_THAT(plan_with({}).switched_off, IsEmpty());
}

TEST(Plan, SaysWhichSettingHasNoEffect) {
  EXPECT_THAT(plan_with({{"data.image", "false"}}).notes,
              ElementsAre(HasSubstr("data.image (--data.image) has no effect")));
}

TEST(Plan, ResultsStandWhereThePlanHasThem) {
  const plan made = plan_with({{"apis.pull", "false"}, {"apis.referrer", "false"}});
  scenario_result ran;
  ran.id = "management/all";
  scenario_result observed;
  observed.id = "observer";
  const auto results = with_skipped(made, {ran, observed});
  ASSERT_EQ(results.size(), 5u);
  EXPECT_EQ(results.at(0).id, "pull/blob");
  EXPECT_EQ(results.at(0).outcome, verdict::skipped);
  EXPECT_EQ(results.at(0).reason, "apis.pull is off (--apis.pull)");
  EXPECT_EQ(results.at(1).id, "management/all");
  EXPECT_EQ(results.at(1).outcome, verdict::pass);
  EXPECT_EQ(results.at(4).id, "observer");
}

TEST(Plan, TextHasALineForEach) {
  EXPECT_EQ(to_text(plan_with({{"apis.pull", "false"}, {"category", "pull"}})),
            "skip  pull/blob: apis.pull is off (--apis.pull)\n");
}

TEST(Switches, EachStandsForRequirementsOfTheCatalogue) {
  for (const feature_switch& one : feature_switches()) {
    for (const std::string_view beginning : split(one.requirements, ' ')) {
      bool found = false;
      for (const requirement& known : all_requirements()) {
        found = found || known.id.starts_with(beginning);
      }
      EXPECT_TRUE(found) << one.setting << ": " << beginning;
    }
  }
}

}  // namespace
}  // namespace plimsoll
