#include "plimsoll/base/text.hpp"

#include <array>

#include <gtest/gtest.h>

namespace plimsoll {
namespace {

TEST(Printable, LeavesTextAsItIs) {
  EXPECT_EQ(printable("naïve – 文字"), "naïve – 文字");
}

TEST(Printable, ShowsControlCharactersAsBytes) {
  EXPECT_EQ(printable("a\x1b[31mb\r\n"), "a\\x1B[31mb\\x0D\\x0A");
}

TEST(Printable, ShowsBidirectionalOverridesAsBytes) {
  EXPECT_EQ(printable("a\xE2\x80\xAE"
                      "b"),
            "a\\xE2\\x80\\xAEb");
}

TEST(Printable, ShowsInvalidUtf8AsBytes) {
  EXPECT_EQ(printable("\xc0\xaf!"), "\\xC0\\xAF!");
}

TEST(Printable, CutsAndTellsTheSize) {
  EXPECT_EQ(printable(std::string(1000, 'x'), 3), "xxx... (1000 bytes)");
  EXPECT_EQ(printable("xxx", 3), "xxx");
}

TEST(IsUtf8, RejectsWhatUnicodeForbids) {
  EXPECT_TRUE(is_utf8("文字 \xf0\x9f\x9a\xa2"));
  EXPECT_FALSE(is_utf8("\xed\xa0\x80")) << "a surrogate";
  EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80")) << "beyond U+10FFFF";
  EXPECT_FALSE(is_utf8("\xe2\x82")) << "cut short";
}

TEST(Percent, WhatIsEncodedIsReadBack) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
  EXPECT_EQ(percent_encode("a/b:c", "/"), "a/b%3Ac");
}

TEST(Percent, RejectsBrokenEscapes) {
  for (const auto* const broken : {"%", "%1", "%zz", "a%4"}) {
    EXPECT_EQ(percent_decode(broken), std::nullopt) << broken;
  }
}

TEST(Nearest, SuggestsOnlyWhatIsClose) {
  constexpr std::array<std::string_view, 3> known{"--output", "--filter", "--timeout"};
  EXPECT_EQ(nearest("--ouput", known), "--output");
  EXPECT_EQ(nearest("--nothing-like-it", known), std::nullopt);
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
}

TEST(HumanBytes, UsesIecUnits) {
  EXPECT_EQ(human_bytes(512), "512 B");
  EXPECT_EQ(human_bytes(std::uint64_t{4} * 1024 * 1024), "4.0 MiB");
}

}  // namespace
}  // namespace plimsoll
