#include <string>

#include <gtest/gtest.h>

#include "plimsoll/base/random.hpp"
#include "plimsoll/oci/manifest.hpp"

namespace plimsoll::oci {
namespace {

TEST(Base64, EncodesTheStandardsExamples) {
  // RFC 4648, 10.
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foo"), "Zm9v");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
}

TEST(Base64, WhatIsEncodedIsReadBack) {
  seeded_bytes source(1);
  for (std::size_t length = 0; length < 300; ++length) {
    const std::string bytes = source.bytes(length);
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
  }
}

TEST(Base64, RejectsAllButTheOneForm) {
  for (const auto* const bad : {"Z", "Zg", "Zg=", "Zg===", "Z===", "====", "=Zg=", "Zg==Zg==",
                                "Zm9\n", "Zm9_", "Zh==", "Zm9=", "Zm9vY", "Z=g="}) {
    EXPECT_EQ(base64_decode(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace plimsoll::oci
