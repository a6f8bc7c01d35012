#include "session.hpp"

#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

struct one_location {
  const char* asked;
  const char* location;
  const char* target;
};

TEST(Session, ResolvesALocationAgainstTheRequestThatWasAnswered) {
  const std::string home = "https://registry.example";
  for (const one_location& one : {
           one_location{"/v2/a/blobs/uploads/", "/v2/a/blobs/uploads/7?s=x",
                        "/v2/a/blobs/uploads/7?s=x"},
           one_location{"/v2/a/blobs/uploads/", "7", "/v2/a/blobs/uploads/7"},
           one_location{"/v2/a/tags/list?n=2", "?n=2&last=b", "/v2/a/tags/list?n=2&last=b"},
           one_location{"/v2/a/blobs/b", "https://registry.example/c", "/c"},
           one_location{"/v2/a/blobs/b", "https://cdn.example/c", "https://cdn.example/c"},
           one_location{"https://cdn.example/c", "/d", "https://cdn.example/d"},
           one_location{"https://cdn.example/c", "https://registry.example/d", "/d"},
       }) {
    EXPECT_EQ(locate(home, one.asked, one.location), one.target) << one.location;
  }
}

TEST(Session, KnowsWhatADigestIsMadeBy) {
  EXPECT_EQ(algorithm_of("sha512:00"), oci::hash_algorithm::sha512);
  EXPECT_EQ(algorithm_of("sha256:00"), oci::hash_algorithm::sha256);
}

}  // namespace
}  // namespace plimsoll::load
