#include <gtest/gtest.h>

#include "registry_client.hpp"

namespace plimsoll::reference {
namespace {

constexpr const char* empty_digest =
    "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
constexpr const char* absent_digest =
    "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
constexpr const char* manifest_type =
    "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n";

/// Each has the space behind its colons, so that any rewriting would show.
std::string manifest_with(const std::string& config, const std::string& more = "") {
  return R"({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",)"
         R"( "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": ")" +
         config + R"(", "size": 2}, "layers": [])" + more + "}";
}

class Manifests : public testing::Test {
 protected:
  Manifests() {
    const auto target = std::string("/v2/app/blobs/uploads/?digest=") + empty_digest;
    EXPECT_EQ(client.ask("POST", target, "", "{}").status(), "201");
  }
  raw_reply push(const std::string& reference, const std::string& body) {
    return client.ask("PUT", "/v2/app/manifests/" + reference, manifest_type, body);
  }
  registry served = registry::start({}).value();
  raw_client client{served};
};

TEST_F(Manifests, AreReadAsPushedByTagAndDigest) {
  const auto body = manifest_with(empty_digest);
  const auto pushed = push("v1", body);
  EXPECT_EQ(pushed.status(), "201");
  const auto digest = pushed.header("Docker-Content-Digest");
  EXPECT_EQ(pushed.header("Location"), "/v2/app/manifests/" + digest);
  for (const auto& reference : {std::string("v1"), digest}) {
    const auto got = client.ask("GET", "/v2/app/manifests/" + reference);
    EXPECT_EQ(got.status(), "200");
    EXPECT_EQ(got.body, body);
    EXPECT_EQ(got.header("Content-Type"), "application/vnd.oci.image.manifest.v1+json");
    EXPECT_EQ(got.header("Docker-Content-Digest"), digest);
    EXPECT_EQ(client.ask("HEAD", "/v2/app/manifests/" + reference).head, got.head);
  }
}

TEST_F(Manifests, LoseTheParametersOfTheirContentType) {
  const auto* const typed =
      "Content-Type: application/vnd.oci.image.manifest.v1+json; charset=utf-8\r\n";
  const auto body = manifest_with(empty_digest);
  EXPECT_EQ(client.ask("PUT", "/v2/app/manifests/v1", typed, body).status(), "201");
  EXPECT_EQ(client.ask("GET", "/v2/app/manifests/v1").header("Content-Type"),
            "application/vnd.oci.image.manifest.v1+json");
}

TEST_F(Manifests, TakeNoTagParameterIn11) {
  const auto digest = push("v1", manifest_with(empty_digest)).header("Docker-Content-Digest");
  EXPECT_EQ(push(digest + "?tag=v2", manifest_with(empty_digest)).header("OCI-Tag"), "");
  EXPECT_EQ(client.ask("GET", "/v2/app/manifests/v2").status(), "404");
}

TEST(DevelopmentManifests, AreTaggedByTheParametersOfAPushByDigest) {
  options how;
  how.version = spec_version::v1_2_dev;
  const auto served = registry::start(how).value();
  raw_client client(served);
  const auto* const index = "Content-Type: application/vnd.oci.image.index.v1+json\r\n";
  const std::string body = R"({"schemaVersion":2,"manifests":[]})";
  const std::string at = "/v2/app/manifests/";
  const auto digest = client.ask("PUT", at + "v1", index, body).header("Docker-Content-Digest");
  const auto bad = client.ask("PUT", at + digest + "?tag=v2&tag=-", index, body);
  EXPECT_EQ(bad.status(), "400");
  EXPECT_EQ(client.ask("GET", at + "v2").status(), "404");
  const auto got = client.ask("PUT", at + digest + "?tag=v2&tag=v3", index, body);
  EXPECT_EQ(got.status(), "201");
  EXPECT_NE(got.head.find("OCI-Tag: v2\r\nOCI-Tag: v3\r\n"), std::string::npos) << got.head;
  EXPECT_EQ(client.ask("GET", at + "v3").body, body);
}

TEST_F(Manifests, WithAbsentBlobsAreTakenWhereSparseOnesAre) {
  const auto body = manifest_with(absent_digest);
  const auto refused = push("v1", body);
  EXPECT_EQ(refused.status(), "404");
  EXPECT_NE(refused.body.find("\"MANIFEST_BLOB_UNKNOWN\""), std::string::npos) << refused.body;
  options how;
  how.sparse = true;
  const auto lenient = registry::start(how).value();
  EXPECT_EQ(raw_client(lenient).ask("PUT", "/v2/app/manifests/v1", manifest_type, body).status(),
            "201");
}

TEST_F(Manifests, ArePushedByTheirDigestOnly) {
  const auto body = manifest_with(empty_digest);
  const auto digest = push("v1", body).header("Docker-Content-Digest");
  EXPECT_EQ(push(digest, body).status(), "201");
  const auto refused = push(absent_digest, body);
  EXPECT_EQ(refused.status(), "400");
  EXPECT_NE(refused.body.find("\"DIGEST_INVALID\""), std::string::npos) << refused.body;
}

TEST_F(Manifests, WithAnAbsentSubjectAreTakenAndItsDigestIsSaid) {
  const auto subject = std::string(R"(, "subject": {"mediaType": )"
                                   R"("application/vnd.oci.image.manifest.v1+json", "digest": ")") +
                       absent_digest + R"(", "size": 5})";
  const auto got = push("v1", manifest_with(empty_digest, subject));
  EXPECT_EQ(got.status(), "201");
  EXPECT_EQ(got.header("OCI-Subject"), absent_digest);
  EXPECT_EQ(push("v2", manifest_with(empty_digest)).header("OCI-Subject"), "");
}

TEST_F(Manifests, LoseTheTagAloneWhenItIsDeleted) {
  const auto digest = push("v1", manifest_with(empty_digest)).header("Docker-Content-Digest");
  EXPECT_EQ(client.ask("DELETE", "/v2/app/manifests/v1").status(), "202");
  EXPECT_EQ(client.ask("GET", "/v2/app/manifests/v1").status(), "404");
  EXPECT_EQ(client.ask("GET", "/v2/app/manifests/" + digest).status(), "200");
}

TEST_F(Manifests, TakeTheirTagsAlongWhenDeletedByDigest) {
  const auto digest = push("v1", manifest_with(empty_digest)).header("Docker-Content-Digest");
  EXPECT_EQ(client.ask("DELETE", "/v2/app/manifests/" + digest).status(), "202");
  EXPECT_EQ(client.ask("GET", "/v2/app/manifests/v1").status(), "404");
  EXPECT_EQ(client.ask("DELETE", "/v2/app/manifests/" + digest).status(), "404");
}

struct refused_manifest {
  const char* name;
  std::string body;
  const char* status;
  const char* code;
};

void PrintTo(const refused_manifest& row, std::ostream* out) {
  *out << row.body;
}

class ManifestsRefuse : public Manifests, public testing::WithParamInterface<refused_manifest> {};

TEST_P(ManifestsRefuse, Body) {
  const auto got = push("v1", GetParam().body);
  EXPECT_EQ(got.status(), GetParam().status);
  EXPECT_NE(got.body.find(GetParam().code), std::string::npos) << got.body;
  EXPECT_EQ(client.ask("GET", "/v2/app/manifests/v1").status(), "404");
}

INSTANTIATE_TEST_SUITE_P(
    , ManifestsRefuse,
    testing::Values(refused_manifest{"NotJson", "{]", "400", "\"MANIFEST_INVALID\""},
                    refused_manifest{"OtherMediaType",
                                     R"({"schemaVersion": 2, "mediaType": )"
                                     R"("application/vnd.oci.image.index.v1+json",)"
                                     R"( "manifests": []})",
                                     "400", "\"MANIFEST_INVALID\""},
                    refused_manifest{"MissingConfig", manifest_with(absent_digest), "404",
                                     "\"MANIFEST_BLOB_UNKNOWN\""}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace plimsoll::reference
