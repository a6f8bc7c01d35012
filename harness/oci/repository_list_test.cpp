#include "plimsoll/oci/repository_list.hpp"

#include <gtest/gtest.h>

namespace plimsoll::oci {
namespace {

TEST(RepositoryList, WhatIsWrittenIsReadBack) {
  const repository_list one{{"a", "a/b"}};
  EXPECT_EQ(to_json(one), R"({"repositories":["a","a/b"]})");
  const auto parsed = parse_repository_list(to_json(one));
  ASSERT_TRUE(parsed) << parsed.error().what();
  EXPECT_EQ(parsed->repositories, one.repositories);
}

TEST(RepositoryList, ReadsNullAsNone) {
  const auto parsed = parse_repository_list(R"({"repositories":null})");
  ASSERT_TRUE(parsed) << parsed.error().what();
  EXPECT_TRUE(parsed->repositories.empty());
}

TEST(RepositoryList, NamesWhatIsWrongAndWhere) {
  EXPECT_EQ(parse_repository_list("[]").error().what(),
            "the document: expected an object, found an array");
  EXPECT_EQ(parse_repository_list("{}").error().what(), "repositories: missing");
  EXPECT_EQ(parse_repository_list(R"({"repositories":["a",1]})").error().what(),
            "repositories[1]: expected a string, found an unsigned number");
}

}  // namespace
}  // namespace plimsoll::oci
