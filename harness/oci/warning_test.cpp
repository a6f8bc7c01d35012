#include "plimsoll/oci/warning.hpp"

#include <gtest/gtest.h>

namespace plimsoll::oci {
namespace {

TEST(Warnings, ReadsTheFormOfTheDistributionSpec) {
  const auto warnings = parse_warnings(R"(299 - "Your \"plan\" ends, soon \\")");
  ASSERT_TRUE(warnings);
  ASSERT_EQ(warnings->size(), 1u);
  EXPECT_EQ(warnings->front().code, 299);
  EXPECT_EQ(warnings->front().agent, "-");
  EXPECT_EQ(warnings->front().text, R"(Your "plan" ends, soon \)");
  EXPECT_EQ(warnings->front().date, std::nullopt);
}

TEST(Warnings, ReadsLists) {
  const auto warnings = parse_warnings(R"(110 [::1]:5000 "a" , ,199 cache.test "b")");
  ASSERT_TRUE(warnings);
  ASSERT_EQ(warnings->size(), 2u);
  EXPECT_EQ(warnings->at(0).agent, "[::1]:5000");
  EXPECT_EQ(warnings->at(1).code, 199);
  EXPECT_EQ(warnings->at(1).text, "b");
}

TEST(Warnings, ReadsAllKindsOfDate) {
  for (const std::string date : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                                 "Sun Nov  6 08:49:37 1994"}) {
    const auto warnings = parse_warnings("299 - \"x\" \"" + date + '"');
    ASSERT_TRUE(warnings) << date;
    EXPECT_EQ(warnings->front().date, date);
  }
}

TEST(Warnings, AreNothingWhereTheGrammarIsBroken) {
  for (const auto* const bad :
       {"", ",", "299", "299 -", "299 - x", "29 - \"x\"", "2990 - \"x\"", "299  - \"x\"",
        "299 - \"x", "299 - \"x\" y", "299 - \"x\" \"yesterday\"", "299 - \"x\" \"\"",
        "299 - \"x\" 299 - \"y\"", "299 \"x\"", "-99 - \"x\"", "299 - \"a\nb\"",
        "299 - \"x\" \"Sun, 06 Nov 1994 08:49:37 CET\""}) {
    EXPECT_FALSE(parse_warnings(bad)) << bad;
  }
}

TEST(WarningValue, IsReadBack) {
  for (const std::string text : {"", "plain", "say \"hi\" \\ there", "\xc3\xa4"}) {
    const auto warnings = parse_warnings(to_warning_value(text));
    ASSERT_TRUE(warnings) << text;
    EXPECT_EQ(warnings->front().text, text);
  }
}

TEST(WarningValue, CannotEndTheHeader) {
  EXPECT_EQ(to_warning_value("a\r\nX: y\x7f"), "299 - \"a  X: y \"");
}

}  // namespace
}  // namespace plimsoll::oci
