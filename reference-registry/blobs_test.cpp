#include <gtest/gtest.h>

#include "registry_client.hpp"

namespace plimsoll::reference {
namespace {

constexpr const char* hello =
    "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const std::string at_hello = std::string("/v2/team/app/blobs/") + hello;

class Blobs : public testing::Test {
 protected:
  Blobs() {
    const auto target = std::string("/v2/team/app/blobs/uploads/?digest=") + hello;
    EXPECT_EQ(client.ask("POST", target, "", "hello").status(), "201");
  }
  registry served = registry::start({}).value();
  raw_client client{served};
};

TEST_F(Blobs, AreReadWithTheirDigest) {
  const auto got = client.ask("GET", at_hello);
  EXPECT_EQ(got.status(), "200");
  EXPECT_EQ(got.body, "hello");
  EXPECT_EQ(got.header("Docker-Content-Digest"), hello);
}

TEST_F(Blobs, HeadHasTheHeadersOfGetAndNoBody) {
  const auto whole = client.ask("GET", at_hello);
  EXPECT_EQ(client.ask("HEAD", at_hello).head, whole.head);
  EXPECT_EQ(client.ask("GET", at_hello).head, whole.head);  // No byte of a body stood between.
}

TEST_F(Blobs, OfAnotherRepositoryAreNotFound) {
  const auto got = client.ask("GET", std::string("/v2/other/blobs/") + hello);
  EXPECT_EQ(got.status(), "404");
  EXPECT_NE(got.body.find("\"BLOB_UNKNOWN\""), std::string::npos) << got.body;
}

TEST_F(Blobs, AreFoundByAPercentEncodedPath) {
  std::string path = at_hello;
  path.replace(path.find(':'), 1, "%3A");
  EXPECT_EQ(client.ask("GET", path).body, "hello");
}

TEST_F(Blobs, AreDeletedOnce) {
  EXPECT_EQ(client.ask("DELETE", at_hello).status(), "202");
  EXPECT_EQ(client.ask("GET", at_hello).status(), "404");
  EXPECT_EQ(client.ask("DELETE", at_hello).status(), "404");
}

TEST_F(Blobs, HaveNoPost) {
  const auto got = client.ask("POST", at_hello, "Content-Length: 0\r\n");
  EXPECT_EQ(got.status(), "405");
  EXPECT_NE(got.body.find("\"UNSUPPORTED\""), std::string::npos) << got.body;
}

struct ranged {
  const char* name;
  const char* range;
  const char* status;
  const char* content_range;
  const char* body;  // Null: not compared.
};

void PrintTo(const ranged& row, std::ostream* out) {
  *out << row.range;
}

class BlobRange : public Blobs, public testing::WithParamInterface<ranged> {};

TEST_P(BlobRange, SelectsItsPart) {
  const auto header = std::string("Range: ") + GetParam().range + "\r\n";
  const auto got = client.ask("GET", at_hello, header);
  EXPECT_EQ(got.status(), GetParam().status);
  EXPECT_EQ(got.header("Content-Range"), GetParam().content_range);
  if (GetParam().body != nullptr) {
    EXPECT_EQ(got.body, GetParam().body);
  }
}

INSTANTIATE_TEST_SUITE_P(
    , BlobRange,
    testing::Values(ranged{"Middle", "bytes=1-3", "206", "bytes 1-3/5", "ell"},     //
                    ranged{"ToTheEnd", "bytes=2-", "206", "bytes 2-4/5", "llo"},    //
                    ranged{"Suffix", "bytes=-2", "206", "bytes 3-4/5", "lo"},       //
                    ranged{"PastTheEnd", "bytes=4-99", "206", "bytes 4-4/5", "o"},  //
                    ranged{"Unsatisfiable", "bytes=5-", "416", "bytes */5", nullptr},
                    ranged{"Backwards", "bytes=3-1", "416", "bytes */5", nullptr},
                    ranged{"OtherUnit", "lines=1-2", "200", "", "hello"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace plimsoll::reference
