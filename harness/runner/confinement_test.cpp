#include "confinement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll {
namespace {

using ::testing::HasSubstr;

http::request message(const char* method, const char* target) {
  return {method, target};
}

TEST(Confinement, NoWriteLeavesTheRepositories) {
  const request_filter filter = confined_to({{"a", "b/c"}, false}, nullptr);
  EXPECT_EQ(filter(message("POST", "/v2/a/blobs/uploads/")), "");
  EXPECT_EQ(filter(message("PUT", "/v2/b/c/manifests/v1")), "");
  EXPECT_EQ(filter(message("POST", "/v2/a/blobs/uploads/?mount=x&from=elsewhere")), "");
  EXPECT_EQ(filter(message("POST", "/v2/a/d/blobs/uploads/")),
            "writes to a/d, and only a and b/c may be written to");
  EXPECT_THAT(filter(message("POST", "/v2/b/blobs/uploads/?mount=x&from=a")), HasSubstr("to b,"));
  EXPECT_THAT(filter(message("PUT", "/v2/a/UPPER/manifests/v1")), HasSubstr("a/UPPER"));
  EXPECT_THAT(filter(message("DELETE", "/v2/c/manifests/v1")), HasSubstr("to c,"));
  EXPECT_THAT(filter(message("DELETE", "/v2/c/blobs/sha256:1")), HasSubstr("to c,"));
}

TEST(Confinement, ReadsAndSessionsAreNotConfined) {
  const request_filter filter = confined_to({{"a"}, false}, nullptr);
  EXPECT_EQ(filter(message("GET", "/v2/c/manifests/v1")), "");
  EXPECT_EQ(filter(message("HEAD", "/v2/c/blobs/sha256:1")), "");
  EXPECT_EQ(filter(message("PATCH", "https://r.example/v2/inner/a/blobs/uploads/1?state=2")), "");
  EXPECT_EQ(filter(message("PUT", "/upload/1?digest=x")), "");
}

TEST(Confinement, NothingIsWrittenWhereARunOnlyReads) {
  const request_filter filter = confined_to({{}, true}, nullptr);
  EXPECT_EQ(filter(message("GET", "/v2/a/manifests/v1")), "");
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    EXPECT_THAT(filter(message(method, "/v2/a/blobs/uploads/1")), HasSubstr("only reads"));
  }
}

TEST(Confinement, AsksFurther) {
  const request_filter filter =
      confined_to({{"a"}, false}, [](const http::request&) { return std::string("never"); });
  EXPECT_EQ(filter(message("GET", "/v2/")), "never");
  EXPECT_THAT(filter(message("DELETE", "/v2/c/blobs/x")), HasSubstr("to c,"));
}

}  // namespace
}  // namespace plimsoll
