#include "plimsoll/base/utc_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll {
namespace {

TEST(UtcTime, IsWrittenAsRfc3339HasIt) {
  EXPECT_THAT(utc_now(), testing::MatchesRegex("20..-..-..T..:..:..Z"));
}

TEST(UtcTime, DayIsTheFirstPartOfTheTime) {
  const std::string before = utc_now();
  const std::string day = utc_today();
  const std::string after = utc_now();
  EXPECT_THAT(day, testing::AnyOf(before.substr(0, 10), after.substr(0, 10)));
}

}  // namespace
}  // namespace plimsoll
