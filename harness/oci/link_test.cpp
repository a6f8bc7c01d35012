#include "plimsoll/oci/link.hpp"

#include <gtest/gtest.h>

namespace plimsoll::oci {
namespace {

TEST(NextLink, IsTheTargetAsItStands) {
  EXPECT_EQ(next_link("</v2/a/tags/list?n=2&last=b%2Fc>; rel=\"next\""),
            "/v2/a/tags/list?n=2&last=b%2Fc");
  EXPECT_EQ(next_link("<a>;rel=next"), "a");
  EXPECT_EQ(next_link("<a> ; REL = \"prev NEXT\""), "a");
  EXPECT_EQ(next_link("<>; rel=next"), "");
}

TEST(NextLink, IsTheFirstOfItsRelation) {
  EXPECT_EQ(next_link("<a>; rel=first, , <b>; rel=next,<c>; rel=next"), "b");
  EXPECT_EQ(next_link("<a>; title=\"x, <z>; rel=next\"; rel=prev"), std::nullopt);
  EXPECT_EQ(next_link("<a>; rel=prev; rel=next"), std::nullopt) << "only the first rel counts";
  EXPECT_EQ(next_link("<a>; rel=nextish"), std::nullopt);
  EXPECT_EQ(next_link("<a>"), std::nullopt);
}

TEST(Links, KeepTheirParameters) {
  const auto links = parse_links(R"(<a>; Title="say \"hi\""; flag; n=1;)");
  ASSERT_TRUE(links);
  ASSERT_EQ(links->size(), 1u);
  const std::vector<std::pair<std::string, std::string>> expected{
      {"title", "say \"hi\""}, {"flag", ""}, {"n", "1"}};
  EXPECT_EQ(links->front().parameters, expected);
}

TEST(Links, OfAnEmptyValueAreNone) {
  const auto links = parse_links("");
  ASSERT_TRUE(links);
  EXPECT_TRUE(links->empty());
}

TEST(Links, AreNothingWhereTheGrammarIsBroken) {
  for (const auto* const bad :
       {"a", "<a", "a>; rel=next", "<a> rel=next", "<a>; rel=", "<a>; =next", "<a>; rel=\"next",
        "<a>; rel=\"x\\", "<a>; rel=next <b>", "<a b>", "<a\n>", "<\xc3\xa4>", "<a>; rel=ne/xt",
        "<a>; t=\"\x01\""}) {
    EXPECT_FALSE(parse_links(bad)) << bad;
  }
}

}  // namespace
}  // namespace plimsoll::oci
