#include "plimsoll/certificate/key.hpp"

#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_keys.hpp"

namespace plimsoll::certificates {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Key, OfBothKindsVerifiesWhatItSigned) {
  for (const made_key& key : {made_key::ed25519(), made_key::p256()}) {
    const auto reader = public_key::from_pem(key.public_pem(), "public");
    ASSERT_TRUE(reader) << reader.error().what();
    const std::string made = key.signer().sign("a text").value();
    EXPECT_TRUE(reader->verifies("a text", made));
    EXPECT_FALSE(reader->verifies("a texT", made));
    EXPECT_FALSE(reader->verifies("a text", made.substr(1)));
    EXPECT_FALSE(reader->verifies("a text", ""));
    EXPECT_EQ(reader->id(), key.signer().verifier().id());
    EXPECT_EQ(reader->id().size(), 64u);
  }
}

TEST(Key, OfAnotherDoesNotVerify) {
  const made_key other = made_key::ed25519();
  const std::string made = made_key::ed25519().signer().sign("a text").value();
  EXPECT_FALSE(other.signer().verifier().verifies("a text", made));
}

struct refused {
  const char* name;
  std::function<std::string()> pem;  // made by the test, for an RSA key takes its time
  const char* found;
};

void PrintTo(const refused& row, std::ostream* out) {
  *out << row.name;
}

class PrivateKeyRefuses : public testing::TestWithParam<refused> {};

TEST_P(PrivateKeyRefuses, Pem) {
  const auto key = private_key::from_pem(GetParam().pem(), "key.pem");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().what(),
            "key.pem: expected a private key without a password, Ed25519 or ECDSA P-256, in PEM; "
            "found " +
                std::string(GetParam().found));
}

INSTANTIATE_TEST_SUITE_P(
    , PrivateKeyRefuses,
    testing::Values(refused{"Empty", [] { return std::string(); }, "nothing"},
                    refused{"Text", [] { return std::string("secret"); }, "no PEM"},
                    refused{"Encrypted", [] { return made_key::p256().pem_with_password(); },
                            "a private key that a password protects"},
                    refused{"Public", [] { return made_key::p256().public_pem(); }, "a public key"},
                    refused{"Cut", [] { return made_key::p256().pem().substr(0, 90); },
                            "a private key"},
                    refused{"Rsa", [] { return made_key::rsa().pem(); }, "a key of the kind RSA"},
                    refused{"OtherCurve", [] { return made_key::on_curve("P-384").pem(); },
                            "a key on the curve secp384r1"}),
    [](const auto& row) { return row.param.name; });

TEST(PublicKey, OfTheWrongKindIsNamed) {
  const made_key key = made_key::ed25519();
  const auto found = [](const std::string& pem) {
    return public_key::from_pem(pem, "key.pem").error().what();
  };
  EXPECT_THAT(found(key.pem()), HasSubstr("expected a public key, "));
  EXPECT_THAT(found(key.pem()), HasSubstr("found a private key"));
  EXPECT_THAT(found(key.pem()), Not(HasSubstr("BEGIN")));
  EXPECT_THAT(found("-----BEGIN CERTIFICATE-----\n"), HasSubstr("found an X.509 certificate"));
  EXPECT_THAT(found(made_key::rsa().public_pem()), HasSubstr("found a key of the kind RSA"));
}

}  // namespace
}  // namespace plimsoll::certificates
