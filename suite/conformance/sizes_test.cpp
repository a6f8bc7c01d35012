#include "sizes.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace plimsoll::suite {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Sizes, AFastRegistryGetsTheFullSize) {
  EXPECT_EQ(affordable(1'000, 64, 8, milliseconds(8)), 1'000u);
  EXPECT_EQ(affordable(1'000, 64, 8, microseconds(0)), 1'000u);
}

TEST(Sizes, ASlowRegistryGetsWhatFitsIntoAFewSeconds) {
  EXPECT_EQ(affordable(1'000, 64, 8, milliseconds(160)), 200u);
}

TEST(Sizes, NoRegistryGetsLessThanTheRuleNeeds) {
  EXPECT_EQ(affordable(1'000, 64, 8, seconds(8)), 64u);
  EXPECT_EQ(affordable(10, 64, 8, seconds(80)), 10u);
}

TEST(Sizes, TheTimeOfExchangesIsThatFromTheFirstToTheLast) {
  std::vector<recorded_exchange> seen(3);
  seen[0].started = seconds(1);
  seen[0].took = seconds(9);
  seen[1].started = seconds(12);
  seen[1].took = seconds(5);
  seen[2].started = seconds(13);
  seen[2].took = seconds(1);
  EXPECT_EQ(time_of_last(seen, 2), seconds(5));
  EXPECT_EQ(time_of_last(seen, 8), seconds(16));
  EXPECT_EQ(time_of_last({}, 8), seconds(0));
}

TEST(Sizes, OnlyASmallerSizeIsWorthANote) {
  EXPECT_EQ(note_on_size(200, 200, "referrers"), "");
  EXPECT_EQ(note_on_size(64, 1'000, "tags"),
            "with 64 tags in place of 1000: each request takes long here");
}

}  // namespace
}  // namespace plimsoll::suite
