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

std::optional<milliseconds> delay(const std::string& retry_after) {
  response answer;
  answer.status = 503;
  if (!retry_after.empty()) answer.headers.add("Retry-After", retry_after);
  return setback_of(answer, now).value().retry_after;
}

TEST(RetryAfter, IsANumberOfSeconds) {
  EXPECT_EQ(delay("0"), milliseconds(0));
  EXPECT_EQ(delay("7"), milliseconds(7000));
  EXPECT_EQ(delay("99999999999999"), milliseconds::max());
}

TEST(RetryAfter, IsADate) {
  EXPECT_EQ(delay("Sun, 06 Nov 1994 08:49:40 GMT"), milliseconds(3000));
  EXPECT_EQ(delay("Sun, 06 Nov 1994 09:49:37 GMT"), milliseconds(3'600'000));
  EXPECT_EQ(delay("Sun, 06 Nov 1994 08:49:30 GMT"), milliseconds(0)) << "it is over";
  EXPECT_EQ(delay("Mon, 01 Jan 0001 00:00:00 GMT"), milliseconds(0)) << "it is over";
  EXPECT_GT(delay("Fri, 31 Dec 9999 23:59:59 GMT"), std::chrono::hours(24)) << "however far";
}

TEST(RetryAfter, TellsNothingWhereItIsNeither) {
  for (const char* const text : {"", "soon", "-1", "1.5", "Sunday, 06-Nov-94 08:49:37 GMT",
                                 "Sun, 06 Nov 1994 08:49:40 GMT;", "1994-11-06T08:49:37Z"}) {
    EXPECT_EQ(delay(text), std::nullopt) << text;
  }
}

TEST(Setback, IsWhatSaysNothingOfTheRequest) {
  for (const int status : {429, 502, 503, 504}) {
    response answer;
    answer.status = status;
    EXPECT_EQ(setback_of(answer, now)->text, std::to_string(status));
    answer.headers.add("Retry-After", "3600");
    EXPECT_EQ(setback_of(answer, now)->text, std::to_string(status) + ", Retry-After: 3600");
  }
  for (const int status : {200, 404, 500, 501, 507}) {
    response answer;
    answer.status = status;
    EXPECT_FALSE(setback_of(answer, now)) << status;
  }
}

TEST(RequestKind, IsTheMethodAndTheEndpoint) {
  EXPECT_EQ(kind_of_request("HEAD", "/v2/a/b/blobs/sha256:0?x=/tags/"), "HEAD /blobs/");
  EXPECT_EQ(kind_of_request("PATCH", "/v2/a/blobs/uploads/1"), "PATCH /blobs/uploads");
  EXPECT_EQ(kind_of_request("GET", "/v2/"), "GET /v2/");
}

}  // namespace
}  // namespace plimsoll::http
