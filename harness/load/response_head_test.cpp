#include "harness/load/response_head.hpp"

#include <string>

#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

using namespace std::string_literals;

TEST(ResponseHead, GivesWhatAClientHasToKnow) {
  const std::string text =
      "HTTP/1.1 202 Accepted\r\nlocation: /v2/a/blobs/uploads/1?_state=x\r\nContent-Length: 12\r\n"
      "LINK:</next> \r\nOCI-Chunk-Min-Length: 5\r\nX-Other: y\r\n\r\n";
  const std::string received = text + "body";
  const parsed_head parsed = parse_response_head(received);
  ASSERT_EQ(parsed.state, head_state::whole);
  EXPECT_EQ(parsed.size, text.size());
  EXPECT_EQ(parsed.head.status, 202);
  EXPECT_EQ(parsed.head.location, "/v2/a/blobs/uploads/1?_state=x");
  EXPECT_EQ(parsed.head.content_length, 12u);
  EXPECT_EQ(parsed.head.link, "</next>");
  EXPECT_EQ(parsed.head.chunk_min_length, "5");
  EXPECT_TRUE(parsed.head.keeps_open);
}

TEST(ResponseHead, WaitsForItsBlankLine) {
  const std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(parse_response_head(std::string_view(text).substr(0, size)).state,
              head_state::partial);
  }
}

TEST(ResponseHead, ReadsLinesThatEndWithoutCarriageReturn) {
  const auto parsed = parse_response_head("HTTP/1.1 200 OK\nContent-Length: 5\nLink: </a>\n\nbody");
  ASSERT_EQ(parsed.state, head_state::whole);
  EXPECT_EQ(parsed.head.content_length, 5u);
  EXPECT_EQ(parsed.head.link, "</a>");
}

TEST(ResponseHead, SaysWhetherTheConnectionStaysOpen) {
  const auto keeps_open = [](const std::string& head) {
    return parse_response_head(head + "\r\n\r\n").head.keeps_open;
  };
  EXPECT_TRUE(keeps_open("HTTP/1.1 200 OK"));
  EXPECT_FALSE(keeps_open("HTTP/1.1 200 OK\r\nConnection: Close"));
  EXPECT_FALSE(keeps_open("HTTP/1.1 200 OK\r\nConnection: x, close"));
  EXPECT_FALSE(keeps_open("HTTP/1.0 200 OK"));
  EXPECT_TRUE(keeps_open("HTTP/1.0 200 OK\r\nConnection: keep-alive"));
}

TEST(ResponseHead, TakesAnEqualLengthTwice) {
  const auto parsed =
      parse_response_head("HTTP/1.1 200\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(parsed.state, head_state::whole);
  EXPECT_EQ(parsed.head.content_length, 5u);
}

struct broken {
  const char* name;
  std::string head;
};

class ResponseHeadIsBroken : public testing::TestWithParam<broken> {};

TEST_P(ResponseHeadIsBroken, By) {
  EXPECT_EQ(parse_response_head(GetParam().head + "\r\n\r\n").state, head_state::broken);
}

INSTANTIATE_TEST_SUITE_P(
    , ResponseHeadIsBroken,
    testing::Values(
        broken{"no_status_line", "220 smtp.example"}, broken{"other_version", "HTTP/2.0 200 OK"},
        broken{"no_status", "HTTP/1.1 abc OK"}, broken{"low_status", "HTTP/1.1 099 OK"},
        broken{"long_status", "HTTP/1.1 2000 OK"}, broken{"no_colon", "HTTP/1.1 200 OK\r\nfield"},
        broken{"no_name", "HTTP/1.1 200 OK\r\n: value"},
        broken{"no_number", "HTTP/1.1 200 OK\r\nContent-Length: 5x"},
        broken{"negative", "HTTP/1.1 200 OK\r\nContent-Length: -1"},
        broken{"huge", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999"},
        broken{"two_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6"},
        broken{"other_coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip"}),
    [](const auto& test_case) { return std::string(test_case.param.name); });

TEST(ResponseHead, IsBrokenWhereItHasNoEnd) {
  EXPECT_EQ(parse_response_head("HTTP/1.1 200 OK\r\nx: "s + std::string(longest_head, 'y')).state,
            head_state::broken);
}

}  // namespace
}  // namespace plimsoll::load
