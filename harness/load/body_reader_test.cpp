#include "harness/load/body_reader.hpp"

#include <string>

#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

using state = body_reader::state;

response_head chunked() {
  response_head head;
  head.chunked = true;
  return head;
}

response_head with_length(std::uint64_t length) {
  response_head head;
  head.content_length = length;
  return head;
}

/// The content of `received`, given in pieces of that size.
std::string read(body_reader& reader, std::string_view received, std::size_t piece) {
  std::string content;
  while (!received.empty()) {
    std::string_view bytes = received.substr(0, piece);
    received.remove_prefix(bytes.size());
    for (std::string_view part = reader.next(bytes); !part.empty(); part = reader.next(bytes)) {
      content += part;
    }
    if (reader.now() != state::more) break;
  }
  return content;
}

TEST(BodyReader, EndsWithTheAnnouncedLength) {
  body_reader reader(with_length(4), false);
  std::string_view bytes = "whatHTTP/1.1";
  EXPECT_EQ(reader.next(bytes), "what");
  EXPECT_EQ(bytes, "HTTP/1.1");
  EXPECT_EQ(reader.now(), state::whole);
}

TEST(BodyReader, CountsWhatWasDroppedElsewhere) {
  body_reader reader(with_length(10), false);
  reader.skip(6);
  EXPECT_EQ(reader.left(), 4u);
  EXPECT_FALSE(reader.end_of_input());
  reader.skip(4);
  EXPECT_EQ(reader.now(), state::whole);
}

TEST(BodyReader, IsAtItsEndWhereThereIsNoBody) {
  EXPECT_EQ(body_reader(with_length(10), true).now(), state::whole);
  EXPECT_EQ(body_reader(with_length(0), false).now(), state::whole);
}

TEST(BodyReader, GoesOnToTheEndOfTheConnectionWithoutALength) {
  body_reader reader(response_head{}, false);
  EXPECT_EQ(read(reader, "all of it", 4), "all of it");
  EXPECT_EQ(reader.now(), state::more);
  EXPECT_TRUE(reader.end_of_input());
}

TEST(BodyReader, FindsTheContentOfChunksHoweverTheyAreCut) {
  const std::string_view received = "4\r\nwhat\r\nA;name=value\r\n the rest \r\n0\r\nX: y\r\n\r\n";
  for (std::size_t piece = 1; piece <= received.size(); ++piece) {
    body_reader reader(chunked(), false);
    EXPECT_EQ(read(reader, received, piece), "what the rest ");
    EXPECT_EQ(reader.now(), state::whole) << piece;
  }
}

TEST(BodyReader, IsNotAtItsEndBeforeTheLastChunk) {
  body_reader reader(chunked(), false);
  read(reader, "4\r\nwhat\r\n0\r\n", 100);
  EXPECT_EQ(reader.now(), state::more);
  EXPECT_FALSE(reader.end_of_input());
}

class BodyReaderBreaks : public testing::TestWithParam<const char*> {};

TEST_P(BodyReaderBreaks, At) {
  body_reader reader(chunked(), false);
  read(reader, GetParam(), 100);
  EXPECT_EQ(reader.now(), state::broken);
}

INSTANTIATE_TEST_SUITE_P(, BodyReaderBreaks,
                         testing::Values("what\r\n", "\r\n", "4x\r\nwhat", "4\nwhat",
                                         "4\r\nwhatever", "4\r\nwhat\rx", "-4\r\nwhat",
                                         "1000000000000000\r\n"),
                         [](const auto& test_case) {
                           return "case_" + std::to_string(test_case.index);
                         });

TEST(BodyReader, BoundsWhatIsNoContent) {
  body_reader reader(chunked(), false);
  read(reader, "4;" + std::string(20'000, 'x'), 1000);
  EXPECT_EQ(reader.now(), state::broken);
}

}  // namespace
}  // namespace plimsoll::load
