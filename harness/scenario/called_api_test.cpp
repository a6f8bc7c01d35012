#include "plimsoll/scenario/called_api.hpp"

#include <gtest/gtest.h>

namespace plimsoll {
namespace {

recorded_exchange exchange(std::string method, std::string url, int status = 200) {
  recorded_exchange made;
  made.method = std::move(method);
  made.url = std::move(url);
  made.status = status;
  return made;
}

TEST(CalledApi, TellsTagsFromDigests) {
  EXPECT_EQ(called_api(exchange("GET", "http://r/v2/a/manifests/v1")), "GET manifest by tag");
  EXPECT_EQ(called_api(exchange("HEAD", "http://r/v2/a/manifests/sha256:00", 404)),
            "HEAD manifest by digest");
  EXPECT_EQ(called_api(exchange("PUT", "http://r/v2/a/manifests/sha256:00?tag=v1")),
            "PUT manifest by digest");
}

TEST(CalledApi, IsNothingElse) {
  EXPECT_EQ(called_api(exchange("GET", "http://r/v2/a/blobs/sha256:00")), "");
  EXPECT_EQ(called_api(exchange("DELETE", "http://r/v2/a/manifests/v1")), "");
  EXPECT_EQ(called_api(exchange("GET", "http://r/v2/a/manifests/v1", 0)), "");
}

}  // namespace
}  // namespace plimsoll
