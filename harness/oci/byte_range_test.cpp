#include "plimsoll/oci/byte_range.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace plimsoll::oci {
namespace {

constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
using ranges = std::vector<byte_range>;

TEST(ByteRanges, ReadsAllThreeForms) {
  EXPECT_EQ(parse_byte_ranges("bytes=0-9"), (ranges{byte_range{0, 9}}));
  EXPECT_EQ(parse_byte_ranges("bytes=5-"), (ranges{byte_range{5, std::nullopt}}));
  EXPECT_EQ(parse_byte_ranges("bytes=-7"), (ranges{byte_range{std::nullopt, 7}}));
}

TEST(ByteRanges, ReadsLists) {
  EXPECT_EQ(parse_byte_ranges("Bytes=0-0, ,\t2-3,"), (ranges{byte_range{0, 0}, byte_range{2, 3}}));
}

TEST(ByteRanges, TakesANumberTooLargeForTheLargest) {
  EXPECT_EQ(parse_byte_ranges("bytes=0-99999999999999999999"), (ranges{byte_range{0, largest}}));
}

TEST(ByteRanges, IgnoresWhatBreaksTheGrammar) {
  for (const auto* const bad : {"", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=9-0",
                                "bytes=a-b", "bytes=0-9x", "bytes=+1-2", "bytes=1--2", "bytes =0-1",
                                "octets=0-9", "0-9", "bytes=0-1,x", "bytes=1 -2"}) {
    EXPECT_EQ(parse_byte_ranges(bad), std::nullopt) << bad;
  }
}

TEST(ByteRange, IsCutToTheRepresentation) {
  EXPECT_EQ(resolve({0, 99}, 10), (byte_span{0, 9}));
  EXPECT_EQ(resolve({9, std::nullopt}, 10), (byte_span{9, 9}));
  EXPECT_EQ(resolve({std::nullopt, 3}, 10), (byte_span{7, 9}));
  EXPECT_EQ(resolve({std::nullopt, 99}, 10), (byte_span{0, 9}));
  EXPECT_EQ(resolve({0, largest}, largest), (byte_span{0, largest - 1}));
}

TEST(ByteRange, IsNotSatisfiableBehindTheEnd) {
  EXPECT_EQ(resolve({10, std::nullopt}, 10), std::nullopt);
  EXPECT_EQ(resolve({std::nullopt, 0}, 10), std::nullopt);
  EXPECT_EQ(resolve({0, 0}, 0), std::nullopt);
  EXPECT_EQ(resolve({std::nullopt, 5}, 0), std::nullopt);
  EXPECT_EQ(resolve({}, 10), std::nullopt);
}

TEST(ByteSpan, CountsBothEnds) {
  EXPECT_EQ((byte_span{3, 3}.length()), 1u);
  EXPECT_EQ((byte_span{0, 9}.length()), 10u);
}

TEST(ContentRange, WhatIsWrittenIsReadBack) {
  for (const content_range& one :
       {content_range{byte_span{0, 9}, 100}, content_range{byte_span{0, largest}, std::nullopt},
        content_range{std::nullopt, 100}, content_range{byte_span{0, 0}, 1}}) {
    EXPECT_EQ(parse_content_range(to_string(one)), one) << to_string(one);
  }
  EXPECT_EQ(to_string(content_range{byte_span{0, 9}, 100}), "bytes 0-9/100");
}

TEST(ContentRange, RejectsWhatContradictsItself) {
  for (const auto* const bad :
       {"", "bytes", "bytes ", "bytes */*", "bytes 0-9", "bytes 9-0/10", "bytes 0-9/9", "0-9/10",
        "bytes=0-9/10", "bytes 0-9/", "bytes -9/10", "bytes 0-/10", "bytes 0-9/10 ",
        "bytes 0-18446744073709551616/*", "items 0-9/10", "bytes  0-9/10"}) {
    EXPECT_EQ(parse_content_range(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace plimsoll::oci
