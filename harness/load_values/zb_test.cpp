#include "plimsoll/load_values/zb.hpp"

#include <map>

#include <gmock/gmock.h>

#include "plimsoll/load_values/sampler.hpp"

namespace plimsoll::load {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20u;

const zb_test& named(std::string_view name) {
  for (const zb_test& test : zb_tests()) {
    if (test.name == name) return test;
  }
  throw std::out_of_range(std::string(name));
}

/// How often each size of layer is asked for, by what the starts do.
std::map<std::uint64_t, double> shares_of(const workload& test) {
  const sampler choose(test, 1);
  std::map<std::uint64_t, double> out;
  constexpr int starts = 20'000;
  for (int i = 0; i < starts; ++i) {
    const planned_start start = choose.start(static_cast<std::uint64_t>(i));
    const bool push = test.operations[start.operation].kind == operation_kind::image_push;
    const planned_image image =
        push ? choose.pushed_image(start) : choose.prepared_image(start.repository, start.tag);
    EXPECT_EQ(image.layers.size(), 1u);
    out[image.layers.front().bytes / mebibyte] += 1.0 / starts;
  }
  return out;
}

void expect_shares(std::string_view name, double small, double medium, double large) {
  auto shares = shares_of(zb_workload(named(name), 4, 100, 1));
  EXPECT_NEAR(shares[1], small, 0.02) << name;
  EXPECT_NEAR(shares[10], medium, 0.02) << name;
  EXPECT_NEAR(shares[100], large, 0.02) << name;
}

TEST(Zb, HasItsTestsInItsOrder) {
  std::vector<std::string_view> names;
  for (const zb_test& test : zb_tests()) names.push_back(test.name);
  EXPECT_THAT(
      names, testing::ElementsAre(
                 "Get Catalog", "Push Monolith 1MB", "Push Monolith 10MB", "Push Monolith 100MB",
                 "Push Chunk Streamed 1MB", "Push Chunk Streamed 10MB", "Push Chunk Streamed 100MB",
                 "Pull 1MB", "Pull 10MB", "Pull 100MB", "Pull Mixed 20% 1MB, 70% 10MB, 10% 100MB",
                 "Push Monolith Mixed 20% 1MB, 70% 10MB, 10% 100MB",
                 "Push Chunk Mixed 33% 1MB, 33% 10MB, 33% 100MB", "Pull 75% and Push 25% Mixed 1MB",
                 "Pull 75% and Push 25% Mixed 10MB", "Pull 75% and Push 25% Mixed 100MB",
                 "On-demand Sync 100MB", "On-demand Sync 1GB"));
}

TEST(Zb, SizesComeInTheSharesThatTheNamesSay) {
  expect_shares("Push Monolith 10MB", 0, 1, 0);
  expect_shares("Pull Mixed 20% 1MB, 70% 10MB, 10% 100MB", 0.2, 0.7, 0.1);
  expect_shares("Push Monolith Mixed 20% 1MB, 70% 10MB, 10% 100MB", 0.2, 0.7, 0.1);
  expect_shares("Push Chunk Mixed 33% 1MB, 33% 10MB, 33% 100MB", 1.0 / 3, 1.0 / 3, 1.0 / 3);
}

TEST(Zb, ThreeOfFourAreOnesThatPullWhereTheNameSaysSo) {
  const workload test = zb_workload(named("Pull 75% and Push 25% Mixed 1MB"), 4, 100, 1);
  const sampler choose(test, 1);
  int pulls = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const auto& operation = test.operations[choose.start(i).operation];
    if (operation.kind == operation_kind::image_pull) ++pulls;
  }
  EXPECT_NEAR(pulls, 7'500, 150);
}

TEST(Zb, EachClientHasAnImageAndTheCatalogueHasOneForEachRequest) {
  EXPECT_EQ(zb_workload(named("Pull 1MB"), 7, 100, 1).content.repositories, 7u);
  EXPECT_EQ(zb_workload(named("Get Catalog"), 7, 100, 1).content.repositories, 100u);
}

TEST(Zb, AnImageThatIsFetchedOnDemandIsPulledAndHasTheSizeThatTheNameSays) {
  EXPECT_TRUE(named("On-demand Sync 100MB").by_upstream);
  EXPECT_TRUE(named("On-demand Sync 1GB").by_upstream);
  EXPECT_FALSE(named("Pull 100MB").by_upstream);
  auto shares = shares_of(zb_workload(named("On-demand Sync 1GB"), 1, 1, 1));
  EXPECT_NEAR(shares[1024], 1, 0.001);
}

TEST(Zb, KnowsWhatItPushes) {
  const auto pushed = [](std::string_view name) {
    return zb_pushed_bytes(zb_workload(named(name), 4, 100, 1), 100) / mebibyte;
  };
  EXPECT_EQ(pushed("Push Monolith 10MB"), 1000);
  EXPECT_EQ(pushed("Pull 10MB"), 40);
  EXPECT_EQ(pushed("Pull 75% and Push 25% Mixed 1MB"), 4 + 25);
}

}  // namespace
}  // namespace plimsoll::load
