#include "plimsoll/http/message.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

header_fields three_fields() {
  header_fields fields;
  fields.add("Link", "one");
  fields.add("Location", "/here");
  fields.add("LINK", "two");
  return fields;
}

TEST(HeaderFields, AreFoundWhateverTheirCase) {
  const header_fields fields = three_fields();
  EXPECT_EQ(fields.get("location"), "/here");
  EXPECT_EQ(fields.get("link"), "one");
  EXPECT_THAT(fields.all("liNK"), ElementsAre("one", "two"));
}

TEST(HeaderFields, WithoutThatNameGiveNothing) {
  EXPECT_EQ(three_fields().get("Range"), std::nullopt);
  EXPECT_THAT(three_fields().all("Range"), IsEmpty());
}

TEST(HeaderFields, EmptyValueIsNotAMissingField) {
  header_fields fields;
  fields.add("Accept", "");
  EXPECT_EQ(fields.get("accept"), "");
}

TEST(HeaderFields, KeepOrderAndSpelling) {
  EXPECT_THAT(three_fields().fields(),
              ElementsAre(Pair("Link", "one"), Pair("Location", "/here"), Pair("LINK", "two")));
}

TEST(HeaderFields, SetReplacesAllOfThatNameInTheFirstOnesPlace) {
  header_fields fields = three_fields();
  fields.set("link", "three");
  EXPECT_THAT(fields.fields(), ElementsAre(Pair("link", "three"), Pair("Location", "/here")));
}

TEST(HeaderFields, SetAddsWhatIsNotThere) {
  header_fields fields;
  fields.set("Accept", "*/*");
  EXPECT_THAT(fields.fields(), ElementsAre(Pair("Accept", "*/*")));
}

TEST(HeaderFields, RemoveTakesAllOfThatNameEvenIfNamedByAFieldOfTheirOwn) {
  header_fields fields = three_fields();
  fields.remove(fields.fields().front().first);
  EXPECT_THAT(fields.fields(), ElementsAre(Pair("Location", "/here")));
}

TEST(Request, HasNothingThatWasNotAskedFor) {
  const request plain("GET", "/v2/");
  EXPECT_EQ(plain.method(), "GET");
  EXPECT_EQ(plain.target(), "/v2/");
  EXPECT_THAT(plain.headers().fields(), IsEmpty());
  EXPECT_FALSE(plain.has_body());
  EXPECT_EQ(plain.body_size(), 0u);
  EXPECT_FALSE(plain.is_chunked());
  EXPECT_EQ(plain.cut(), std::nullopt);
  EXPECT_FALSE(plain.sink());
  EXPECT_TRUE(plain.follows_redirects());
  EXPECT_FALSE(plain.is_anonymous());
}

TEST(Request, IsBuiltInOneExpression) {
  std::string taken;
  const request built = request("PUT", "/v2/a/manifests/b")
                            .header("Accept", "x")
                            .header("Accept", "y")
                            .body("four")
                            .chunked()
                            .cut_after(2)
                            .sink([&taken](std::string_view piece) { taken += piece; })
                            .keep_redirects()
                            .anonymous();
  EXPECT_THAT(built.headers().all("accept"), ElementsAre("x", "y"));
  ASSERT_TRUE(built.has_body());
  EXPECT_EQ(*built.body(), "four");
  EXPECT_EQ(built.body_size(), 4u);
  EXPECT_TRUE(built.is_chunked());
  EXPECT_EQ(built.cut(), 2u);
  EXPECT_FALSE(built.follows_redirects());
  EXPECT_TRUE(built.is_anonymous());
  built.sink()("piece");
  EXPECT_EQ(taken, "piece");
}

TEST(Request, IsBuiltStepByStep) {
  request built("POST", "/");
  built.header("A", "b").body("").anonymous();
  EXPECT_EQ(built.headers().get("a"), "b");
  EXPECT_TRUE(built.has_body());
  EXPECT_EQ(built.body_size(), 0u);
  EXPECT_TRUE(built.is_anonymous());
}

TEST(Request, HasTheBodyThatWasGivenLast) {
  const auto fill = [](std::uint64_t /*offset*/, std::span<char> out) {
    std::fill(out.begin(), out.end(), 'x');
  };
  request one("PUT", "/");
  one.body("text").body(body_source{1'000'000'000'000, fill});
  EXPECT_EQ(one.body(), nullptr);
  EXPECT_EQ(one.body_size(), 1'000'000'000'000u);
  one.body("text");
  EXPECT_EQ(one.source().has_value(), false);
  EXPECT_EQ(one.body_size(), 4u);
}

}  // namespace
}  // namespace plimsoll::http
