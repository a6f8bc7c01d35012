#include "plimsoll/oci/tag_list.hpp"

#include <gtest/gtest.h>

namespace plimsoll::oci {
namespace {

TEST(TagList, WhatIsWrittenIsReadBack) {
  const tag_list one{"a/b", {"v1", "latest"}};
  EXPECT_EQ(to_json(one), R"({"name":"a/b","tags":["v1","latest"]})");
  const auto parsed = parse_tag_list(to_json(one));
  ASSERT_TRUE(parsed) << parsed.error().what();
  EXPECT_EQ(parsed->name, one.name);
  EXPECT_EQ(parsed->tags, one.tags);
}

TEST(TagList, ReadsNullAsNone) {
  const auto parsed = parse_tag_list(R"({"name":"a","tags":null})");
  ASSERT_TRUE(parsed) << parsed.error().what();
  EXPECT_TRUE(parsed->tags.empty());
}

TEST(TagList, NamesWhatIsWrongAndWhere) {
  EXPECT_EQ(parse_tag_list("[]").error().what(),
            "the document: expected an object, found an array");
  EXPECT_EQ(parse_tag_list(R"({"tags":[]})").error().what(), "name: missing");
  EXPECT_EQ(parse_tag_list(R"({"name":"a"})").error().what(), "tags: missing");
  EXPECT_EQ(parse_tag_list(R"({"name":"a","tags":{}})").error().what(),
            "tags: expected an array, found an object");
  EXPECT_EQ(parse_tag_list(R"({"name":"a","tags":["v",null]})").error().what(),
            "tags[1]: expected a string, found null");
}

}  // namespace
}  // namespace plimsoll::oci
