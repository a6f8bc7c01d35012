#include "plimsoll/scenario/pushed_content.hpp"

#include <gtest/gtest.h>

#include "plimsoll/oci/digest.hpp"

namespace plimsoll {
namespace {

using kind = pushed_content::kind;

http::exchange answered(int status, std::string location = "") {
  http::exchange made;
  made.url = "http://registry.example/v2/a/blobs/uploads/1";
  made.response.status = status;
  if (!location.empty()) made.response.headers.add("Location", std::move(location));
  return made;
}

const std::string digest = oci::digest_of("x").str();

TEST(Acknowledged, AManifestByTagIsATagAndAManifest) {
  const auto asked = http::request("PUT", "/v2/a/b/manifests/v1").body("x");
  const std::vector<pushed_content> wanted{{kind::tag, "a/b", "v1"},
                                           {kind::manifest, "a/b", digest}};
  EXPECT_EQ(acknowledged(asked, answered(201), "r"), wanted);
}

TEST(Acknowledged, AManifestByDigestIsThatManifest) {
  const auto asked = http::request("PUT", "/v2/a/manifests/" + digest).body("x");
  const std::vector<pushed_content> wanted{{kind::manifest, "a", digest}};
  EXPECT_EQ(acknowledged(asked, answered(201), "r"), wanted);
}

TEST(Acknowledged, ABlobIsWhereItsLocationSays) {
  const http::request asked("PUT", "/upload/1?state=2&digest=" + digest);
  const std::vector<pushed_content> wanted{{kind::blob, "a/b", digest}};
  EXPECT_EQ(acknowledged(asked, answered(201, "/v2/a/b/blobs/" + digest), "r"), wanted);
}

TEST(Acknowledged, ABlobWithoutAUsableLocationIsInTheScenariosRepository) {
  const http::request asked("POST", "/v2/r/blobs/uploads/?mount=" + digest);
  const std::vector<pushed_content> wanted{{kind::blob, "r", digest}};
  EXPECT_EQ(acknowledged(asked, answered(201, "https://storage.example/x"), "r"), wanted);
}

TEST(Acknowledged, NothingWhereTheAnswerIsNot201) {
  const http::request asked("PUT", "/v2/a/manifests/v1");
  EXPECT_TRUE(acknowledged(asked, answered(202), "r").empty());
  EXPECT_TRUE(acknowledged(asked, answered(400), "r").empty());
}

}  // namespace
}  // namespace plimsoll
