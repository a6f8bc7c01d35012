#include "plimsoll/oci/digest.hpp"

#include <gtest/gtest.h>

namespace plimsoll::oci {
namespace {

// FIPS 180-2's examples for "abc".
constexpr std::string_view abc_256 =
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view abc_512 =
    "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

TEST(Digest, OfNothingMadeIsEmpty) {
  const digest none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.algorithm(), "");
  EXPECT_EQ(none.encoded(), "");
  EXPECT_FALSE(none.is_registered());
}

TEST(Digest, HashesTheStandardsExamples) {
  EXPECT_EQ(digest_of("abc").str(), abc_256);
  EXPECT_EQ(digest_of(hash_algorithm::sha512, "abc").str(), abc_512);
}

TEST(Digest, WhatIsHashedIsParsedBack) {
  for (const auto algorithm : {hash_algorithm::sha256, hash_algorithm::sha512}) {
    const digest made = digest_of(algorithm, "content");
    const auto parsed = digest::parse(made.str());
    ASSERT_TRUE(parsed) << parsed.error().what();
    EXPECT_EQ(*parsed, made);
    EXPECT_EQ(parsed->algorithm(), to_string(algorithm));
    EXPECT_TRUE(parsed->is_registered());
  }
}

TEST(Digest, ParsesAlgorithmsItCannotHash) {
  const auto parsed =
      digest::parse("multihash+base58.x:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46=_-");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->algorithm(), "multihash+base58.x");
  EXPECT_EQ(parsed->encoded(), "QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46=_-");
  EXPECT_FALSE(parsed->is_registered());
}

TEST(Digest, ErrorsShowTheTextAndTheReason) {
  EXPECT_EQ(digest::parse("sha256:abc\n").error().what(),
            "digest \"sha256:abc\\x0A\": the part behind ':' is not of [a-zA-Z0-9=_-]+");
  EXPECT_EQ(digest::parse("sha256:abc").error().what(),
            "digest \"sha256:abc\": sha256 wants 64 lower-case hexadecimal digits");
}

TEST(Hasher, CountsPiecesAsOne) {
  hasher pieces(hash_algorithm::sha256);
  for (const std::string_view piece : {"a", "", "bc"}) pieces.update(piece);
  EXPECT_EQ(pieces.finish().str(), abc_256);
}

TEST(Hasher, GoesOnBehindFinish) {
  hasher one(hash_algorithm::sha512);
  one.update("ab");
  EXPECT_EQ(one.finish(), digest_of(hash_algorithm::sha512, "ab"));
  one.update("c");
  EXPECT_EQ(one.finish().str(), abc_512);
}

TEST(Hasher, ACopyGoesItsOwnWay) {
  hasher original(hash_algorithm::sha256);
  original.update("ab");
  hasher copy(original);
  hasher assigned(hash_algorithm::sha512);
  assigned = original;
  original.update("x");
  copy.update("c");
  assigned.update("c");
  EXPECT_EQ(copy.finish().str(), abc_256);
  EXPECT_EQ(assigned.finish().str(), abc_256);
  EXPECT_EQ(original.finish(), digest_of("abx"));
}

TEST(HashAlgorithm, IsNamedInLowerCaseOnly) {
  EXPECT_EQ(*hash_algorithm_of("sha512"), hash_algorithm::sha512);
  EXPECT_EQ(hash_algorithm_of("SHA256").error().what(),
            "hash algorithm \"SHA256\": expected sha256 or sha512");
}

struct no_digest {
  const char* name;
  std::string text;
};

void PrintTo(const no_digest& row, std::ostream* out) {
  *out << '"' << row.text << '"';
}

class DigestRejects : public testing::TestWithParam<no_digest> {};

TEST_P(DigestRejects, Text) {
  EXPECT_FALSE(digest::parse(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    , DigestRejects,
    testing::Values(no_digest{"Empty", ""}, no_digest{"NoColon", "sha256"},
                    no_digest{"NoAlgorithm", ":abc"}, no_digest{"NoEncoded", "other:"},
                    no_digest{"UpperCaseAlgorithm", "Other:abc"},
                    no_digest{"SeparatorFirst", "+other:abc"},
                    no_digest{"SeparatorLast", "other+:abc"},
                    no_digest{"SeparatorTwice", "a+.b:abc"}, no_digest{"SecondColon", "other:a:b"},
                    no_digest{"Slash", "other:a/b"}, no_digest{"NulByte", std::string("o:a\0b", 5)},
                    no_digest{"OneDigitShort", "sha256:" + std::string(63, 'a')},
                    no_digest{"OneDigitLong", "sha256:" + std::string(65, 'a')},
                    no_digest{"UpperCaseHex", "sha256:" + std::string(64, 'A')},
                    no_digest{"NoHex", "sha256:" + std::string(64, 'g')},
                    no_digest{"Sha512Of256Bits", "sha512:" + std::string(64, 'a')}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace plimsoll::oci
