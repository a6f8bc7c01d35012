#include "session.hpp"

#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

struct location_case {
  const char* request_target;
  const char* location;
  const char* target;
};

TEST(Session, ResolvesALocationAgainstTheRequestThatWasAnswered) {
  const std::string home = "https://registry.example";
  for (const location_case& example : {
           location_case{"/v2/a/blobs/uploads/", "/v2/a/blobs/uploads/7?s=x",
                         "/v2/a/blobs/uploads/7?s=x"},
           location_case{"/v2/a/blobs/uploads/", "7", "/v2/a/blobs/uploads/7"},
           location_case{"/v2/a/tags/list?n=2", "?n=2&last=b", "/v2/a/tags/list?n=2&last=b"},
           location_case{"/v2/a/blobs/b", "https://registry.example/c", "/c"},
           location_case{"/v2/a/blobs/b", "https://cdn.example/c", "https://cdn.example/c"},
           location_case{"https://cdn.example/c", "/d", "https://cdn.example/d"},
           location_case{"https://cdn.example/c", "https://registry.example/d", "/d"},
       }) {
    EXPECT_EQ(resolve_location(home, example.request_target, example.location), example.target)
        << example.location;
  }
}

TEST(Session, KnowsWhatADigestIsMadeBy) {
  EXPECT_EQ(algorithm_of("sha512:00"), oci::hash_algorithm::sha512);
  EXPECT_EQ(algorithm_of("sha256:00"), oci::hash_algorithm::sha256);
}

}  // namespace
}  // namespace plimsoll::load
