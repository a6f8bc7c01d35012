#include "plimsoll/oci/name.hpp"

#include <gtest/gtest.h>

namespace plimsoll::oci {
namespace {

TEST(RepositoryName, FollowsTheSpecsExpression) {
  for (const auto* const good : {"a", "0", "library/alpine", "a.b_c__d-e---f/g", "a/b/c/d"}) {
    EXPECT_TRUE(is_repository_name(good)) << good;
  }
  for (const auto* const bad : {"", "/", "a/", "/a", "a//b", "A", "a..b", "a___b", "a._b", "a-_b",
                                "-a", "a-", "a.", "_a", "a:b", "a b", "a\n", "ä"}) {
    EXPECT_FALSE(is_repository_name(bad)) << bad;
  }
}

TEST(RepositoryName, HasNoLimitOfLength) {
  EXPECT_TRUE(is_repository_name(std::string(100'000, 'a')));
}

TEST(Tag, FollowsTheSpecsExpression) {
  for (const std::string& good :
       {std::string("latest"), std::string("_"), std::string("V1.0-rc_1"), std::string(128, 'x')}) {
    EXPECT_TRUE(is_tag(good)) << good;
  }
  for (const std::string& bad :
       {std::string(), std::string(".a"), std::string("-a"), std::string("a+b"), std::string("a:b"),
        std::string("a\n"), std::string(129, 'x')}) {
    EXPECT_FALSE(is_tag(bad)) << bad;
  }
}

TEST(Reference, HasAllItsParts) {
  const std::string digest_text = digest_of("x").str();
  const auto parsed = parse_reference("localhost:5000/a/b:v1@" + digest_text);
  ASSERT_TRUE(parsed) << parsed.error().what();
  EXPECT_EQ(parsed->registry, "localhost:5000");
  EXPECT_EQ(parsed->repository, "a/b");
  EXPECT_EQ(parsed->tag, "v1");
  ASSERT_TRUE(parsed->digest);
  EXPECT_EQ(parsed->digest->str(), digest_text);
}

struct split_reference {
  const char* name;
  const char* text;
  const char* registry;
  const char* repository;
};

void PrintTo(const split_reference& row, std::ostream* out) {
  *out << row.text;
}

class ReferenceSplits : public testing::TestWithParam<split_reference> {};

TEST_P(ReferenceSplits, RegistryFromRepository) {
  const auto parsed = parse_reference(GetParam().text);
  ASSERT_TRUE(parsed) << parsed.error().what();
  EXPECT_EQ(parsed->registry, GetParam().registry);
  EXPECT_EQ(parsed->repository, GetParam().repository);
}

INSTANTIATE_TEST_SUITE_P(
    , ReferenceSplits,
    testing::Values(split_reference{"NoRegistry", "library/alpine", "", "library/alpine"},
                    split_reference{"OneComponentWithDot", "a.b", "", "a.b"},
                    split_reference{"OneComponentLocalhost", "localhost", "", "localhost"},
                    split_reference{"Localhost", "localhost/a", "localhost", "a"},
                    split_reference{"Dot", "registry.test/a/b:v1", "registry.test", "a/b"},
                    split_reference{"Port", "host:80/a", "host:80", "a"},
                    split_reference{"IpVersion6", "[::1]:5000/a", "[::1]:5000", "a"},
                    split_reference{"UpperCaseHost", "Registry.Test/a", "Registry.Test", "a"}),
    [](const auto& row) { return row.param.name; });

struct no_reference {
  const char* name;
  const char* text;
  const char* why;
};

void PrintTo(const no_reference& row, std::ostream* out) {
  *out << row.text;
}

class ReferenceRejects : public testing::TestWithParam<no_reference> {};

TEST_P(ReferenceRejects, TextWithReason) {
  const auto parsed = parse_reference(GetParam().text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().what(), GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    , ReferenceRejects,
    testing::Values(
        no_reference{"Empty", "", "reference \"\": \"\" is no repository name"},
        no_reference{"UpperCase", "A/b", "reference \"A/b\": \"A/b\" is no repository name"},
        no_reference{"EmptyTag", "a:", "reference \"a:\": \"\" is no tag"},
        no_reference{"BadTag", "a:-", "reference \"a:-\": \"-\" is no tag"},
        no_reference{"BadDigest", "a@b",
                     "reference \"a@b\": digest \"b\": no ':' behind an algorithm"},
        no_reference{"PortZero", "h:0/a",
                     "reference \"h:0/a\": the part before the first '/' is no host[:port]"},
        no_reference{"PortTooLarge", "h:65536/a",
                     "reference \"h:65536/a\": the part before the first '/' is no host[:port]"},
        no_reference{"UserInfo", "u:p@h/a",
                     "reference \"u:p@h/a\": digest \"h/a\": no ':' behind an algorithm"},
        no_reference{"OpenBracket", "[::1/a",
                     "reference \"[::1/a\": the part before the first '/' is no host[:port]"}),
    [](const auto& row) { return row.param.name; });

TEST(ReferrersTag, JoinsAlgorithmAndEncodedPart) {
  const digest one = digest_of("x");
  EXPECT_EQ(referrers_tag(one), "sha256-" + std::string(one.encoded()));
}

TEST(ReferrersTag, CutsAndReplaces) {
  const auto odd = digest::parse(std::string(40, 'a') + ":" + std::string(70, 'B'));
  ASSERT_TRUE(odd);
  EXPECT_EQ(referrers_tag(*odd), std::string(32, 'a') + "-" + std::string(64, 'B'));
  const auto replaced = digest::parse("a+b.c:d=e_f-g");
  ASSERT_TRUE(replaced);
  EXPECT_EQ(referrers_tag(*replaced), "a-b.c-d-e_f-g");
  EXPECT_TRUE(is_tag(referrers_tag(*replaced)));
}

}  // namespace
}  // namespace plimsoll::oci
