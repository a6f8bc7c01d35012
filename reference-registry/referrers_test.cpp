#include <gtest/gtest.h>

#include "registry_client.hpp"

namespace plimsoll::reference {
namespace {

constexpr const char* subject =
    "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const std::string at_subject = std::string("/v2/app/referrers/") + subject;

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

class Referrers : public testing::Test {
 protected:
  /// The digest of an index of this artifact type that refers to the subject.
  std::string push(const std::string& type) {
    const auto body =
        R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",)"
        R"("artifactType":")" +
        type +
        R"(","manifests":[],"subject":{"mediaType":"application/vnd.oci.image.index.v1+json",)"
        R"("digest":")" +
        subject + R"(","size":5},"annotations":{"org.example.made":"here"}})";
    const auto got = client.ask("PUT", "/v2/app/manifests/latest",
                                "Content-Type: application/vnd.oci.image.index.v1+json\r\n", body);
    EXPECT_EQ(got.status(), "201") << got.body;
    return got.header("Docker-Content-Digest");
  }
  registry served = registry::start({}).value();
  raw_client client{served};
};

TEST_F(Referrers, OfNothingAreAnEmptyIndex) {
  const auto got = client.ask("GET", at_subject);
  EXPECT_EQ(got.status(), "200");
  EXPECT_EQ(got.header("Content-Type"), "application/vnd.oci.image.index.v1+json");
  EXPECT_TRUE(has(got.body, R"("manifests":[])")) << got.body;
  EXPECT_EQ(got.header("OCI-Filters-Applied"), "");
}

TEST_F(Referrers, AreListedWithTypeAndAnnotations) {
  const auto digest = push("application/sbom");
  const auto got = client.ask("GET", at_subject);
  EXPECT_TRUE(has(got.body, digest)) << got.body;
  EXPECT_TRUE(has(got.body, R"("artifactType":"application/sbom")")) << got.body;
  EXPECT_TRUE(has(got.body, R"("org.example.made":"here")")) << got.body;
}

TEST_F(Referrers, AreFilteredByArtifactType) {
  const auto wanted = push("application/sbom+json");
  const auto other = push("application/signature");
  for (const char* type : {"application/sbom+json", "application%2Fsbom%2Bjson"}) {
    const auto got = client.ask("GET", at_subject + "?artifactType=" + type);
    EXPECT_EQ(got.header("OCI-Filters-Applied"), "artifactType");
    EXPECT_TRUE(has(got.body, wanted)) << got.body;
    EXPECT_FALSE(has(got.body, other)) << got.body;
  }
}

TEST_F(Referrers, AreAllReachedByTheLinksOfTheirPages) {
  const auto one = push("application/a");
  const auto two = push("application/b");
  const auto first = client.ask("GET", at_subject + "?n=1");
  EXPECT_NE(has(first.body, one), has(first.body, two)) << first.body;
  const auto link = first.header("Link");
  ASSERT_TRUE(has(link, ">; rel=\"next\"")) << link;
  const auto second = client.ask("GET", link.substr(1, link.find('>') - 1));
  EXPECT_EQ(has(second.body, one), !has(first.body, one)) << second.body;
  EXPECT_EQ(has(second.body, two), !has(first.body, two)) << second.body;
  EXPECT_EQ(second.header("Link"), "");
}

TEST_F(Referrers, LeaveTheListWhenDeleted) {
  const auto digest = push("application/sbom");
  EXPECT_EQ(client.ask("DELETE", "/v2/app/manifests/" + digest).status(), "202");
  EXPECT_FALSE(has(client.ask("GET", at_subject).body, digest));
}

TEST_F(Referrers, RefuseAMalformedDigest) {
  const auto got = client.ask("GET", "/v2/app/referrers/sha256:abc");
  EXPECT_EQ(got.status(), "400");
  EXPECT_TRUE(has(got.body, "\"DIGEST_INVALID\"")) << got.body;
}

}  // namespace
}  // namespace plimsoll::reference
