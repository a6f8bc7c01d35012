#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/plan/plan.hpp"

/// Which settings make a run a partial one, and which of them were meant for it.
namespace plimsoll {
namespace {

using testing::ElementsAre;

constexpr auto blob_rules = requirement_ids("pull.blob.get-200");
constexpr auto referrer_rules = requirement_ids("referrers.200", "tags.200");

constexpr scenario blob{.id = "pull/blob",
                        .title = "A blob is pulled",
                        .category = "pull",
                        .judges = blob_rules,
                        .body = nullptr};
constexpr scenario referrers{.id = "discovery/referrers",
                             .title = "Referrers are listed",
                             .category = "discovery",
                             .judges = referrer_rules,
                             .body = nullptr};
constexpr scenario given{.id = "discovery/given-tags",
                         .title = "Tags that are there are listed",
                         .category = "discovery",
                         .judges = referrer_rules,
                         .body = nullptr,
                         .stands_on = basis::given_tags};
constexpr std::array<const scenario*, 3> all{&blob, &referrers, &given};

std::optional<run_part> part_with(const std::vector<setting>& flags, const environment& env = {}) {
  const auto chosen = load_configuration(flags, env, std::nullopt, "/nonexistent");
  EXPECT_TRUE(chosen.has_value()) << (chosen ? "" : chosen.error().what());
  return make_plan(*chosen, all, {}).part;
}

std::vector<std::string> leaves_out(const std::optional<run_part>& part) {
  std::vector<std::string> lines;
  if (!part) return lines;
  for (const run_restriction& each : part->restrictions) {
    lines.push_back(each.setting + "=" + each.value + " (" + each.origin + "): " + each.leaves_out);
  }
  return lines;
}

TEST(Part, IsNotThereWhereNothingIsLeftOut) {
  EXPECT_FALSE(part_with({}).has_value());
  EXPECT_FALSE(part_with({{"filter", "/"}}).has_value());
  EXPECT_FALSE(part_with({{"concurrency", "1"}, {"apis.referrer", "true"}}).has_value());
}

TEST(Part, SaysWhatEachSettingLeavesOut) {
  const auto filtered = part_with({{"filter", "pull/"}});
  EXPECT_THAT(leaves_out(filtered), ElementsAre("filter=pull/ (--filter): 2 scenarios"));
  EXPECT_EQ(filtered->scenarios_in_suite, 3u);
  EXPECT_THAT(leaves_out(part_with({{"category", "discovery"}})),
              ElementsAre("category=discovery (--category): 1 scenario"));
  EXPECT_THAT(leaves_out(part_with({{"read-only", "true"}})),
              ElementsAre("read-only=true (--read-only): 2 scenarios"));
  EXPECT_THAT(leaves_out(part_with({{"apis.push", "false"}})),
              ElementsAre("apis.push=false (--apis.push): 2 scenarios"));
  EXPECT_THAT(leaves_out(part_with({{"apis.referrer", "false"}})),
              ElementsAre("apis.referrer=false (--apis.referrer): 1 rule"));
  EXPECT_THAT(leaves_out(part_with({{"filter", "discovery"}, {"apis.referrer", "false"}})),
              ElementsAre("filter=discovery (--filter): 1 scenario",
                          "apis.referrer=false (--apis.referrer): 1 rule"));
}

TEST(Part, IsNoneWhereASwitchIsOffByDefault) {
  EXPECT_FALSE(part_with({{"apis.blobs.digest-header", "false"}}).has_value());
  EXPECT_FALSE(part_with({{"spec", "1.0"}, {"apis.referrer", "false"}}).has_value());
}

TEST(Part, OfAVariableMayBeLeftOver) {
  EXPECT_TRUE(part_with({{"filter", "pull/"}})->restrictions[0].deliberate);
  for (const environment& env :
       {environment{{"PLIMSOLL_FILTER", "pull/"}}, environment{{"PLIMSOLL_READ_ONLY", "1"}},
        environment{{"OCI_FILTER_TEST", "pull/"}, {"OCI_REPO1", "a"}},
        environment{{"OCI_API_PULL", "0"}}, environment{{"OCI_API_PUSH", "0"}}}) {
    EXPECT_FALSE(part_with({}, env)->restrictions[0].deliberate) << env.begin()->first;
  }
}

TEST(Part, OfASwitchOfTheOfficialSuiteIsMeantWhereverItStands) {
  EXPECT_TRUE(part_with({}, {{"OCI_API_REFERRER", "0"}})->restrictions[0].deliberate);
}

}  // namespace
}  // namespace plimsoll
