#include "plimsoll/scenario/unanswered.hpp"

#include <gmock/gmock.h>

#include "plimsoll/scenario/own_content.hpp"
#include "target_rules.hpp"

namespace plimsoll {
namespace {

using ::testing::HasSubstr;

http::request put_manifest() {
  return {"PUT", "/v2/app/manifests/v1"};
}

http::exchange failed(const char* error) {
  http::exchange seen;
  seen.error = error;
  return seen;
}

constexpr const char* timed_out = "first byte 127.0.0.1:5000: timed out after 30000 ms";

TEST(UnansweredRequests, AKindThatTimedOutThriceInARowIsNotWorthSending) {
  unanswered_requests memory;
  for (int i = 0; i < 2; ++i) memory.record(put_manifest(), failed(timed_out));
  EXPECT_EQ(memory.reason_against(put_manifest()), "");
  memory.record(put_manifest(), failed(timed_out));
  EXPECT_THAT(memory.reason_against(put_manifest()), HasSubstr("PUT of a manifest"));
  EXPECT_THAT(memory.reason_against({"PUT", "/v2/other/manifests/v2"}), HasSubstr(timed_out));
  EXPECT_EQ(memory.reason_against({"GET", "/v2/app/manifests/v1"}), "");
  EXPECT_EQ(memory.reason_against({"PUT", "/v2/app/blobs/uploads/1"}), "");
}

TEST(UnansweredRequests, AnAnswerBeginsTheCountAnew) {
  unanswered_requests memory;
  for (int i = 0; i < 2; ++i) memory.record(put_manifest(), failed(timed_out));
  memory.record(put_manifest(), http::exchange());
  for (int i = 0; i < 2; ++i) memory.record(put_manifest(), failed(timed_out));
  EXPECT_EQ(memory.reason_against(put_manifest()), "");
}

TEST(UnansweredRequests, AConnectionThatBreaksIsNoTimeOut) {
  unanswered_requests memory;
  for (int i = 0; i < 5; ++i) memory.record(put_manifest(), failed("cut as asked"));
  EXPECT_EQ(memory.reason_against(put_manifest()), "");
}

TEST(UnansweredRequests, AnotherHostIsAnotherKind) {
  EXPECT_EQ(kind_of({"PUT", "http://b.example/v2/app/blobs/uploads/1?digest=x"}),
            "PUT of an upload at http://b.example");
  EXPECT_EQ(kind_of({"GET", "/v2/"}), "GET of another URL");
  EXPECT_EQ(kind_of({"GET", "/v2/manifests/blobs/sha256:x"}), "GET of a blob");
}

TEST(UnansweredRequests, OnlyTheServersOwnConnectionCounts) {
  EXPECT_TRUE(is_no_connection("connect 127.0.0.1:1: Connection refused"));
  EXPECT_TRUE(is_no_connection("tls registry:5000: the answer is not TLS"));
  EXPECT_FALSE(is_no_connection("connect proxy p:3128 (to registry:443): Connection refused"));
  EXPECT_FALSE(is_no_connection("connect 127.0.0.1:1: interrupted"));
  EXPECT_FALSE(is_no_connection("first byte 127.0.0.1:1: timed out after 30 ms"));
}

struct location_case {
  const char* method;
  const char* target;
  int status;
  const char* rule;  ///< "" for none.
};

TEST(TargetRules, EachLocationHasTheRuleOfItsAnswer) {
  for (const auto& it :
       {location_case{"POST", "/v2/a/blobs/uploads/", 202, "push.post.location"},
        location_case{"POST", "/v2/a/blobs/uploads/?digest=x", 201, "push.single-post.location"},
        location_case{"POST", "/v2/a/blobs/uploads/?digest=x", 202,
                      "push.single-post.fallback-location"},
        location_case{"POST", "/v2/a/blobs/uploads/?mount=x&from=b", 201, "push.mount.location"},
        location_case{"POST", "/v2/a/blobs/uploads/?mount=x&from=b", 202,
                      "push.mount.fallback-location"},
        location_case{"PATCH", "/v2/a/blobs/uploads/1", 202, "push.chunk.location"},
        location_case{"PUT", "/v2/a/blobs/uploads/1?digest=x", 201, "push.chunk.close-location"},
        location_case{"PUT", "/v2/a/manifests/v1", 201, "push.manifest.location"},
        location_case{"GET", "/v2/a/blobs/uploads/1", 204, "push.status.location"},
        location_case{"POST", "/v2/a/blobs/uploads/", 404, ""},
        location_case{"GET", "/v2/a/blobs/sha256:x", 307, ""}}) {
    http::exchange answer;
    answer.response.status = it.status;
    const auto rule = location_rule({it.method, it.target}, answer);
    EXPECT_EQ(rule ? rule->str() : "", it.rule) << it.method << ' ' << it.target;
  }
}

TEST(OwnContent, IsWhatHoldsTheMarkRandomBytesOrAnOwnDigest) {
  own_content own("0123456789abcdef");
  EXPECT_FALSE(own.holds_own("{}"));
  EXPECT_TRUE(own.holds_own(R"({"a":"0123456789abcdef"})"));
  own.add_random("sixteen or more random bytes");
  EXPECT_TRUE(own.holds_own("...sixteen or more random bytes"));
  own.add_random("few");
  EXPECT_FALSE(own.holds_own("a few"));
  own.add_digest("sha256:aa");
  EXPECT_TRUE(own.holds_own(R"({"digest":"sha256:aa"})"));
}

}  // namespace
}  // namespace plimsoll
