#include "plimsoll/certificate/envelope.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_keys.hpp"

namespace plimsoll::certificates {
namespace {

using testing::HasSubstr;

TEST(Envelope, EncodesBeforeSigningAsDsseHasIt) {
  // DSSE 1.0, "Test Vectors".
  EXPECT_EQ(pre_authentication_encoding("http://example.com/HelloWorld", "hello world"),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  EXPECT_EQ(pre_authentication_encoding("", ""), "DSSEv1 0  0 ");
}

TEST(Envelope, WhatIsWrittenIsReadBack) {
  const auto made = sign("a/b", std::string("\0\xff{}", 4), made_key::ed25519().signer()).value();
  const auto read = parse_envelope(to_json(made));
  ASSERT_TRUE(read) << read.error().what();
  EXPECT_EQ(*read, made);
}

TEST(Envelope, TakesBothAlphabetsOfBase64) {
  const auto standard =
      parse_envelope(R"({"payloadType":"t","payload":"+/8=","signatures":[{"sig":"eA=="}]})");
  const auto safe =
      parse_envelope(R"({"payloadType":"t","payload":"-_8=","signatures":[{"sig":"eA=="}]})");
  ASSERT_TRUE(standard && safe);
  EXPECT_EQ(*standard, *safe);
}

TEST(Envelope, TriesNoSignatureOfAnotherKey) {
  const made_key key = made_key::p256();
  envelope made = sign("a/b", "text", key.signer()).value();
  EXPECT_TRUE(verify(made, key.signer().verifier()));
  EXPECT_THAT(verify(made, made_key::p256().signer().verifier()).error().what(),
              HasSubstr("no signature is that of the key "));
  made.signatures.front().key_id.clear();
  EXPECT_TRUE(verify(made, key.signer().verifier()));
  EXPECT_THAT(verify(made, made_key::p256().signer().verifier()).error().what(),
              HasSubstr("the signature does not fit"));
}

TEST(Envelope, OneGoodSignatureOfManyIsEnough) {
  const made_key key = made_key::ed25519();
  envelope made = sign("a/b", "text", made_key::p256().signer()).value();
  made.signatures.push_back(sign("a/b", "text", key.signer()).value().signatures.front());
  EXPECT_TRUE(verify(made, key.signer().verifier()));
}

struct malformed {
  const char* name;
  const char* json;
  const char* why;
};

void PrintTo(const malformed& row, std::ostream* out) {
  *out << row.name;
}

class EnvelopeRefuses : public testing::TestWithParam<malformed> {};

TEST_P(EnvelopeRefuses, Json) {
  const auto read = parse_envelope(GetParam().json);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().what(), std::string("no signed envelope: ") + GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    , EnvelopeRefuses,
    testing::Values(
        malformed{"Empty", "", "it is not JSON, or was cut short"},
        malformed{"CutShort", R"({"payloadType":"t","payl)", "it is not JSON, or was cut short"},
        malformed{"Array", "[]", ": expected an object"},
        malformed{"NoPayload", R"({"payloadType":"t","signatures":[{"sig":"eA=="}]})",
                  "/payload: is missing"},
        malformed{"NotBase64", R"({"payloadType":"t","payload":"e","signatures":[{"sig":"eA=="}]})",
                  "/payload: is not base64"},
        malformed{"MixedAlphabets",
                  R"({"payloadType":"t","payload":"+_8=","signatures":[{"sig":"eA=="}]})",
                  "/payload: is not base64"},
        malformed{"WrongType", R"({"payloadType":1,"payload":"","signatures":[{"sig":"eA=="}]})",
                  "/payloadType: expected a string, found number"},
        malformed{"NoSignature", R"({"payloadType":"t","payload":"","signatures":[]})",
                  "/signatures: nobody signed it"},
        malformed{"SignatureIsNoObject", R"({"payloadType":"t","payload":"","signatures":[1]})",
                  "/signatures/0: expected an object"},
        malformed{"UnknownMember",
                  R"({"payloadType":"t","payload":"","signatures":[{"sig":"eA==","keyie":""}]})",
                  "/signatures/0/keyie: is not known"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace plimsoll::certificates
