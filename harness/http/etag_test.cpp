#include "plimsoll/http/etag.hpp"

#include <gtest/gtest.h>

namespace plimsoll::http {
namespace {

std::string strong_etag_of(std::string value) {
  response from;
  from.headers.add("ETag", std::move(value));
  return strong_etag(from);
}

TEST(StrongEtag, IsNoWeakOne) {
  EXPECT_EQ(strong_etag_of("\"v1\""), "\"v1\"");
  EXPECT_EQ(strong_etag_of("W/\"v1\""), "");
  EXPECT_EQ(strong_etag_of("v1"), "");
  EXPECT_EQ(strong_etag(response()), "");
}

}  // namespace
}  // namespace plimsoll::http
