#include "plimsoll/scenario/judge.hpp"

#include <gmock/gmock.h>

namespace plimsoll {
namespace {

finding broken(requirement_id rule, std::string received = "status 500") {
  return {rule, false, "status 404", std::move(received), 0};
}

finding kept(requirement_id rule) {
  return {rule, true, "status 404", "status 404", 0};
}

std::vector<recorded_exchange> one_exchange() {
  recorded_exchange one;
  one.method = "GET";
  one.url = "http://127.0.0.1:5000/v2/it's/blobs/x";
  one.request_headers = {{"Host", "127.0.0.1:5000"}, {"Accept", "*/*"}};
  return {one};
}

std::vector<check_result> judged(const std::vector<finding>& findings,
                                 spec_version version = spec_version::v1_1) {
  return judge(findings, one_exchange(), version);
}

TEST(Judge, ABrokenMustFails) {
  const auto checks = judged({broken("pull.blob.404")});
  ASSERT_EQ(checks.size(), 1u);
  EXPECT_EQ(checks[0].outcome, verdict::fail);
  EXPECT_EQ(checks[0].strength, level::must);
  EXPECT_EQ(checks[0].expected, "status 404");
  EXPECT_EQ(checks[0].received, "status 500");
}

TEST(Judge, ABrokenShouldWarnsAndFailsWhereMainMadeItAMust) {
  const std::vector findings{broken("pull.blob.docker-content-digest")};
  EXPECT_EQ(judged(findings)[0].outcome, verdict::warn);
  EXPECT_EQ(judged(findings, spec_version::v1_2_dev)[0].outcome, verdict::fail);
}

TEST(Judge, ADefinitionFailsLikeItsLevelAndAdviceWarns) {
  const auto definition = judged({broken("push.put.location-pullable")});
  EXPECT_EQ(definition[0].outcome, verdict::fail);
  EXPECT_EQ(definition[0].weight, rule_weight::definition);
  const auto advice = judged({broken("base.200")});
  EXPECT_EQ(advice[0].outcome, verdict::warn);
  EXPECT_EQ(advice[0].strength, level::must);
  EXPECT_EQ(advice[0].weight, rule_weight::advice);
}

TEST(Judge, AWaitThatWasCutShortWarnsUntilABreakCounts) {
  finding early = broken("pull.blob.404", "status 200, still so after 5.0 s");
  early.capped = "the wait ended after 5.0 s: --settle 60s judges";
  const auto warned = judged({kept("pull.blob.404"), early});
  EXPECT_EQ(warned[0].outcome, verdict::warn);
  EXPECT_EQ(warned[0].capped, early.capped);
  const auto failed = judged({early, broken("pull.blob.404", "status 500")});
  EXPECT_EQ(failed[0].outcome, verdict::fail);
  EXPECT_EQ(failed[0].received, "status 500");
  EXPECT_EQ(failed[0].capped, "");
}

TEST(Judge, APassCanHaveANote) {
  finding late = kept("pull.blob.404");
  late.note = "gone after 3.2 s";
  EXPECT_EQ(judged({late})[0].note, "gone after 3.2 s");
  EXPECT_EQ(judged({late, broken("pull.blob.404")})[0].note, "");
}

TEST(Judge, AMayIsNeverComplainedOf) {
  const auto checks = judged({broken("push.single-post.support")});
  ASSERT_EQ(checks.size(), 1u);
  EXPECT_EQ(checks[0].outcome, verdict::pass);
  EXPECT_EQ(checks[0].received, "");
}

TEST(Judge, WhatTheVersionDoesNotHaveIsLeftOut) {
  EXPECT_TRUE(judged({broken("referrers.200")}, spec_version::v1_0).empty());
}

TEST(Judge, TheFirstBreakDecidesAndOneRequirementIsOneCheck) {
  const auto checks = judged({kept("pull.blob.404"), broken("pull.blob.404", "status 200"),
                              broken("pull.blob.404", "status 403")});
  ASSERT_EQ(checks.size(), 1u);
  EXPECT_EQ(checks[0].received, "status 200");
}

TEST(CurlLine, IsQuotedForAShell) {
  EXPECT_EQ(curl_line(one_exchange()[0]),
            R"(curl -i -X GET -H 'Accept: */*' 'http://127.0.0.1:5000/v2/it'\''s/blobs/x')");
}

TEST(CurlLine, SendsTheBytesOfABodyThatAreNoPlainText) {
  recorded_exchange put = one_exchange()[0];
  put.method = "PUT";
  put.request_body = "{\n\t'a\\\xc3\xa4'}";
  put.request_body_bytes = put.request_body.size();
  EXPECT_THAT(curl_line(put),
              ::testing::HasSubstr(R"( --data-binary $'{\012\011\'a\\\303\244\'}' )"));
  put.request_body[1] = '\0';
  EXPECT_THAT(curl_line(put), ::testing::HasSubstr("--data-binary @body-of-"));
}

TEST(CurlLine, NamesABodyThatIsNotKept) {
  recorded_exchange put = one_exchange()[0];
  put.method = "PUT";
  put.request_body_bytes = 512;
  EXPECT_NE(curl_line(put).find("--data-binary @body-of-512-bytes"), std::string::npos);
}

}  // namespace
}  // namespace plimsoll
