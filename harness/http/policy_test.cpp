#include "policy.hpp"

#include <chrono>
#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace plimsoll::http {
namespace {

using std::chrono::milliseconds;

// Sun, 06 Nov 1994 08:49:37 GMT
const std::chrono::system_clock::time_point now = std::chrono::system_clock::from_time_t(784111777);

std::optional<milliseconds> delay(const std::string& retry_after, unsigned made = 0) {
  response busy;
  busy.status = 503;
  if (!retry_after.empty()) busy.headers.add("Retry-After", retry_after);
  return retry_delay(busy, "GET", made, client_options(), now);
}

TEST(RetryAfter, IsANumberOfSeconds) {
  EXPECT_EQ(delay("0"), milliseconds(0));
  EXPECT_EQ(delay("7"), milliseconds(7000));
}

TEST(RetryAfter, IsADate) {
  EXPECT_EQ(delay("Sun, 06 Nov 1994 08:49:40 GMT"), milliseconds(3000));
  EXPECT_EQ(delay("Sun, 06 Nov 1994 08:49:30 GMT"), milliseconds(0)) << "it is over";
}

TEST(RetryAfter, IsNotWaitedForWhereItIsLong) {
  EXPECT_EQ(delay("11"), std::nullopt);
  EXPECT_EQ(delay("99999999999999"), std::nullopt);
  EXPECT_EQ(delay("Sun, 06 Nov 1994 09:49:37 GMT"), std::nullopt);
}

TEST(RetryAfter, IsADateHoweverFar) {
  EXPECT_EQ(delay("Fri, 31 Dec 9999 23:59:59 GMT"), std::nullopt);
  EXPECT_EQ(delay("Mon, 01 Jan 0001 00:00:00 GMT"), milliseconds(0)) << "it is over";
}

TEST(RetryAfter, OurOwnPauseGrowsWhereItTellsNothing) {
  for (const char* const text : {"", "soon", "-1", "1.5", "Sunday, 06-Nov-94 08:49:37 GMT",
                                 "Sun, 06 Nov 1994 08:49:40 GMT;", "1994-11-06T08:49:37Z"}) {
    EXPECT_EQ(delay(text), milliseconds(200)) << text;
  }
  EXPECT_EQ(delay("", 2), milliseconds(800));
}

}  // namespace
}  // namespace plimsoll::http
