#include "plimsoll/scenario/requests.hpp"

#include <gtest/gtest.h>

namespace plimsoll::api {
namespace {

http::exchange answer_with(const char* name, const char* value) {
  http::exchange seen;
  seen.url = "http://127.0.0.1:5000/v2/a/tags/list?n=2";
  if (name != nullptr) seen.response.headers.add(name, value);
  return seen;
}

TEST(Requests, TheNextPageIsResolvedAgainstTheAnswer) {
  EXPECT_EQ(next_page_of(answer_with("Link", "</v2/a/tags/list?n=2&last=b>; rel=\"next\"")).url,
            "http://127.0.0.1:5000/v2/a/tags/list?n=2&last=b");
  EXPECT_EQ(next_page_of(answer_with("Link", "<list?last=b>; rel=next")).url,
            "http://127.0.0.1:5000/v2/a/tags/list?last=b");
  EXPECT_EQ(next_page_of(answer_with("Link", "<https://other.example/x>; rel=next")).url,
            "https://other.example/x");
}

TEST(Requests, TheNextPageMayStandInAnyOfSeveralLinkHeaders) {
  auto seen = answer_with("Link", "</first>; rel=first");
  seen.response.headers.add("link", "</next>; rel=next");
  EXPECT_EQ(next_page_of(seen).url, "http://127.0.0.1:5000/next");
}

TEST(Requests, WithoutARelationNextThereIsNoNextPage) {
  EXPECT_TRUE(next_page_of(answer_with(nullptr, "")).is_absent());
  EXPECT_TRUE(next_page_of(answer_with("Link", "</v2/>; rel=first")).is_absent());
}

TEST(Requests, ALinkThatLeadsNowhereIsUnusable) {
  EXPECT_TRUE(next_page_of(answer_with("Link", "/v2/a/tags/list?n=2")).is_unusable());
  EXPECT_EQ(next_page_of(answer_with("Link", "<ftp://a.example/x>; rel=next")).problem,
            "URL ftp://a.example/x: starts with neither http:// nor https://");
}

TEST(Requests, ALocationIsResolvedAgainstTheAnswer) {
  EXPECT_EQ(location_of(answer_with("Location", "/v2/a/blobs/uploads/1")).url,
            "http://127.0.0.1:5000/v2/a/blobs/uploads/1");
  EXPECT_EQ(location_of(answer_with("Location", "../blobs/uploads/%7B1%7D?a=%2F&b='~!")).url,
            "http://127.0.0.1:5000/v2/a/blobs/uploads/%7B1%7D?a=%2F&b='~!");
  EXPECT_TRUE(location_of(answer_with(nullptr, "")).is_absent());
}

TEST(Requests, AnUnusableLocationSaysWhy) {
  for (const char* const text :
       {"sha256:0123", "ftp://a.example/x", "registry.internal:5000/v2/x", "http:///v2/x",
        "http://a.example:port/v2/x", "", "/v2/a b", "http://me:secret@a.example/v2/x"}) {
    const auto location = location_of(answer_with("Location", text));
    EXPECT_TRUE(location.is_unusable()) << text;
    EXPECT_FALSE(location.is_absent()) << text;
    EXPECT_EQ(location.problem.find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace plimsoll::api
