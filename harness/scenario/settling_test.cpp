#include "plimsoll/scenario/settling.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace plimsoll {
namespace {

using namespace std::chrono_literals;

TEST(Settling, WaitsForAKindInFullUntilOneOfItHasRunOut) {
  settling waits(60s);
  EXPECT_EQ(waits.limit(settle_kind::tag_list), 60s);
  waits.ran_out(settle_kind::tag_list);
  EXPECT_EQ(waits.limit(settle_kind::tag_list), 2s);
  EXPECT_EQ(waits.limit(settle_kind::referrers), 60s);
}

TEST(Settling, GoesOnWaitingForAKindThatWasSeenToSettleLate) {
  settling waits(60s);
  waits.settled(settle_kind::deleted_blob, 5s);
  waits.ran_out(settle_kind::deleted_blob);
  EXPECT_EQ(waits.limit(settle_kind::deleted_blob), 60s);
}

TEST(Settling, OfLessThanAMinuteJudgesNothingForGood) {
  EXPECT_EQ(settling(60s).cut_short(), "");
  EXPECT_EQ(settling(2min).cut_short(), "");
  EXPECT_EQ(settling(5s).cut_short(), "the wait ended after 5.0 s: --settle 60s judges");
}

TEST(Settling, OfNoTimeWaitsForNothing) {
  EXPECT_EQ(settling(0s).limit(settle_kind::upload), 0s);
}

}  // namespace
}  // namespace plimsoll
