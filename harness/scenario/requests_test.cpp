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
  EXPECT_EQ(next_page_of(answer_with("Link", "</v2/a/tags/list?n=2&last=b>; rel=\"next\"")),
            "http://127.0.0.1:5000/v2/a/tags/list?n=2&last=b");
  EXPECT_EQ(next_page_of(answer_with("Link", "<list?last=b>; rel=next")),
            "http://127.0.0.1:5000/v2/a/tags/list?last=b");
  EXPECT_EQ(next_page_of(answer_with("Link", "<https://other.example/x>; rel=next")),
            "https://other.example/x");
}

TEST(Requests, TheNextPageMayStandInAnyOfSeveralLinkHeaders) {
  auto seen = answer_with("Link", "</first>; rel=first");
  seen.response.headers.add("link", "</next>; rel=next");
  EXPECT_EQ(next_page_of(seen), "http://127.0.0.1:5000/next");
}

TEST(Requests, WithoutARelationNextThereIsNoNextPage) {
  EXPECT_EQ(next_page_of(answer_with(nullptr, "")), "");
  EXPECT_EQ(next_page_of(answer_with("Link", "</v2/>; rel=first")), "");
  EXPECT_EQ(next_page_of(answer_with("Link", "no link")), "");
}

TEST(Requests, ALocationIsResolvedAgainstTheAnswer) {
  EXPECT_EQ(location_of(answer_with("Location", "/v2/a/blobs/uploads/1")),
            "http://127.0.0.1:5000/v2/a/blobs/uploads/1");
  EXPECT_EQ(location_of(answer_with(nullptr, "")), "");
}

}  // namespace
}  // namespace plimsoll::api
