#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "registry_client.hpp"

namespace plimsoll::reference {
namespace {

constexpr const char* hello =
    "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
constexpr const char* hello_sha512 =
    "sha512:9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca7"
    "2323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043";

class Uploads : public testing::Test {
 protected:
  std::string open() {
    const auto got = client.ask("POST", "/v2/app/blobs/uploads/", "Content-Length: 0\r\n");
    EXPECT_EQ(got.status(), "202");
    return got.header("Location");
  }
  raw_reply finish(const std::string& session, const std::string& digest,
                   std::string_view body = "") {
    const std::string_view headers = body.empty() ? "Content-Length: 0\r\n" : "";
    return client.ask("PUT", session + "?digest=" + digest, headers, body);
  }
  registry served = registry::start({}).value();
  raw_client client{served};
};

TEST_F(Uploads, TakeABlobInOnePut) {
  const auto got = finish(open(), hello, "hello");
  EXPECT_EQ(got.status(), "201");
  EXPECT_EQ(client.ask("GET", got.header("Location")).body, "hello");
}

TEST_F(Uploads, TakeABlobNamedBySha512) {
  EXPECT_EQ(finish(open(), hello_sha512, "hello").status(), "201");
}

TEST_F(Uploads, TakeChunksInOrder) {
  const auto session = open();
  const auto first = client.ask("PATCH", session, "Content-Range: 0-1\r\n", "he");
  EXPECT_EQ(first.status(), "202");
  EXPECT_EQ(first.header("Range"), "0-1");
  const auto second = client.ask("PATCH", first.header("Location"), "Content-Range: 2-3\r\n", "ll");
  EXPECT_EQ(second.header("Range"), "0-3");
  EXPECT_EQ(finish(second.header("Location"), hello, "o").status(), "201");
  EXPECT_EQ(client.ask("GET", std::string("/v2/app/blobs/") + hello).body, "hello");
}

TEST_F(Uploads, RefuseAChunkOutOfOrderAndSayWhereTheyStand) {
  const auto session = open();
  EXPECT_EQ(client.ask("PATCH", session, "Content-Range: 0-1\r\n", "he").status(), "202");
  const auto refused = client.ask("PATCH", session, "Content-Range: 3-4\r\n", "lo");
  EXPECT_EQ(refused.status(), "416");
  EXPECT_EQ(refused.header("Range"), "0-1");
  const auto status = client.ask("GET", session);
  EXPECT_EQ(status.status(), "204");
  EXPECT_EQ(status.header("Range"), "0-1");
  EXPECT_EQ(status.header("Location"), session);
}

TEST_F(Uploads, RefuseAChunkThatIsNotAsLongAsItsRange) {
  const auto got = client.ask("PATCH", open(), "Content-Range: 0-9\r\n", "hello");
  EXPECT_EQ(got.status(), "400");
  EXPECT_NE(got.body.find("\"SIZE_INVALID\""), std::string::npos) << got.body;
}

TEST_F(Uploads, RefuseContentOfAnotherDigestAndCanBeFinishedStill) {
  const auto session = open();
  const auto got = finish(session, hello, "jello");
  EXPECT_EQ(got.status(), "400");
  EXPECT_NE(got.body.find("\"DIGEST_INVALID\""), std::string::npos) << got.body;
  EXPECT_EQ(finish(session, hello, "hello").status(), "201");
}

TEST_F(Uploads, RefuseALastChunkOutOfOrder) {
  const auto session = open();
  EXPECT_EQ(client.ask("PATCH", session, "Content-Range: 0-3\r\n", "hell").status(), "202");
  const auto target = session + "?digest=" + hello;
  EXPECT_EQ(client.ask("PUT", target, "Content-Range: 0-0\r\n", "o").status(), "416");
  EXPECT_EQ(client.ask("PUT", target, "Content-Range: 4-4\r\n", "o").status(), "201");
}

TEST_F(Uploads, EndWhenTheyAreFinished) {
  const auto session = open();
  EXPECT_EQ(finish(session, hello, "hello").status(), "201");
  const auto got = client.ask("GET", session);
  EXPECT_EQ(got.status(), "404");
  EXPECT_NE(got.body.find("\"BLOB_UPLOAD_UNKNOWN\""), std::string::npos) << got.body;
}

TEST_F(Uploads, TakeAStreamedChunkOfNoLength) {
  const auto session = open();
  client.send("PATCH " + session +
              " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n");
  EXPECT_EQ(client.receive().header("Range"), "0-4");
  EXPECT_EQ(finish(session, hello).status(), "201");
}

TEST_F(Uploads, MountABlobWithAndWithoutItsRepository) {
  EXPECT_EQ(finish(open(), hello, "hello").status(), "201");
  for (const char* from : {"&from=app", ""}) {
    const auto target = std::string("/v2/mounted/blobs/uploads/?mount=") + hello + from;
    const auto got = client.ask("POST", target, "Content-Length: 0\r\n");
    EXPECT_EQ(got.status(), "201") << from;
    EXPECT_EQ(got.header("Location"), std::string("/v2/mounted/blobs/") + hello) << from;
  }
  EXPECT_EQ(client.ask("GET", std::string("/v2/mounted/blobs/") + hello).body, "hello");
}

TEST_F(Uploads, TakePercentEncodedColonsAndSlashesInAQuery) {
  const std::string encoded =
      "sha256%3a2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  EXPECT_EQ(client.ask("POST", "/v2/a/b/blobs/uploads/?digest=" + encoded, "", "hello").status(),
            "201");
  const auto mount = "/v2/app/blobs/uploads/?from=a%2Fb&mount=" + encoded;
  EXPECT_EQ(client.ask("POST", mount, "Content-Length: 0\r\n").status(), "201");
}

TEST_F(Uploads, HaveALocationWithAUuid) {
  EXPECT_THAT(open(),
              testing::MatchesRegex("/v2/app/blobs/uploads/"
                                    "[0-9a-f]+-[0-9a-f]+-4[0-9a-f]+-[89ab][0-9a-f]+-[0-9a-f]+"));
}

/// FIPS 180-4's example of a long message: a million times "a".
constexpr const char* million_digest =
    "sha256:cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST_F(Uploads, TakeABodyOfManyReads) {
  const std::string million(1000000, 'a');
  EXPECT_EQ(finish(open(), million_digest, million).status(), "201");
  EXPECT_EQ(client.ask("GET", std::string("/v2/app/blobs/") + million_digest).body, million);
}

TEST_F(Uploads, ForgetWhatCameOfABodyThatBreaksOff) {
  const auto session = open();
  EXPECT_EQ(client.ask("PATCH", session, "", std::string(400000, 'a')).status(), "202");
  {
    raw_client leaves(served);
    leaves.send("PATCH " + session + " HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n" +
                std::string(300000, 'b'));
  }
  EXPECT_EQ(client.ask("GET", session).header("Range"), "0-399999");
  // The registry may not have seen yet that the other client left: it holds the session then.
  std::string status = "416";
  const auto close = session + "?digest=" + million_digest;
  while (status == "416") status = client.ask("PUT", close, "", std::string(600000, 'a')).status();
  EXPECT_EQ(status, "201");
}

TEST_F(Uploads, AreWrittenToByOneRequestAtATime) {
  const auto session = open();
  raw_client first(served);
  first.send("PATCH " + session + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n" +
             "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(first.receive().status(), "100");
  EXPECT_EQ(client.ask("PATCH", session, "", "jello").status(), "416");
  first.send("hello");
  EXPECT_EQ(first.receive().header("Range"), "0-4");
  EXPECT_EQ(finish(session, hello).status(), "201");
}

TEST_F(Uploads, HaveAStatusBeforeTheFirstByte) {
  const auto got = client.ask("GET", open());
  EXPECT_EQ(got.status(), "204");
  EXPECT_EQ(got.header("Range"), "0-0");
}

TEST_F(Uploads, AreNotCancelledIn11) {
  EXPECT_EQ(client.ask("DELETE", open()).status(), "405");
}

class LimitedUploads : public Uploads {
 protected:
  void SetUp() override {
    options how;
    how.chunk_min_length = 4;
    served = registry::start(how).value();
    limited.emplace(served);
  }
  std::string push(const std::string& session, std::string_view piece) {
    return limited->ask("PATCH", session, "", piece).status();
  }
  std::optional<raw_client> limited;
};

TEST_F(LimitedUploads, RefuseWhatComesBehindAShortChunk) {
  const auto location =
      limited->ask("POST", "/v2/app/blobs/uploads/", "Content-Length: 0\r\n").header("Location");
  EXPECT_EQ(push(location, "hel"), "202");
  EXPECT_EQ(push(location, "lo"), "400");
  const auto close = location + "?digest=" + hello;
  EXPECT_EQ(limited->ask("PUT", close, "", "lo").status(), "400");
  EXPECT_EQ(limited->ask("GET", location).header("Range"), "0-2");
}

TEST_F(LimitedUploads, TakeALastChunkOfAnyLength) {
  const auto location =
      limited->ask("POST", "/v2/app/blobs/uploads/", "Content-Length: 0\r\n").header("Location");
  EXPECT_EQ(push(location, "hell"), "202");
  EXPECT_EQ(push(location, "o"), "202");
  const auto close = location + "?digest=" + hello;
  EXPECT_EQ(limited->ask("PUT", close, "Content-Length: 0\r\n").status(), "201");
}

class DevelopmentUploads : public Uploads {
 protected:
  void SetUp() override {
    options how;
    how.version = spec_version::v1_2_dev;
    served = registry::start(how).value();
    developed.emplace(served);
  }
  std::optional<raw_client> developed;
};

TEST_F(DevelopmentUploads, AreCancelled) {
  const auto location =
      developed->ask("POST", "/v2/app/blobs/uploads/", "Content-Length: 0\r\n").header("Location");
  EXPECT_EQ(developed->ask("DELETE", location).status(), "204");
  EXPECT_EQ(developed->ask("GET", location).status(), "404");
  EXPECT_EQ(developed->ask("DELETE", location).status(), "404");
}

TEST_F(DevelopmentUploads, AreOpenedForADigestAlgorithm) {
  const std::string target = "/v2/app/blobs/uploads/?digest-algorithm=";
  EXPECT_EQ(developed->ask("POST", target + "md5", "Content-Length: 0\r\n").status(), "400");
  const auto location =
      developed->ask("POST", target + "sha512", "Content-Length: 0\r\n").header("Location");
  EXPECT_EQ(developed->ask("PATCH", location, "", "hello").status(), "202");
  const auto close = location + "?digest=" + hello_sha512;
  EXPECT_EQ(developed->ask("PUT", close, "Content-Length: 0\r\n").status(), "201");
}

TEST_F(Uploads, OpenASessionWhereTheBlobCannotBeMounted) {
  const auto target = std::string("/v2/mounted/blobs/uploads/?mount=") + hello + "&from=app";
  const auto got = client.ask("POST", target, "Content-Length: 0\r\n");
  EXPECT_EQ(got.status(), "202");
  EXPECT_NE(got.header("Location"), "");
}

TEST_F(Uploads, RefuseANameOutsideTheGrammar) {
  const auto got = client.ask("POST", "/v2/App/blobs/uploads/", "Content-Length: 0\r\n");
  EXPECT_EQ(got.status(), "400");
  EXPECT_NE(got.body.find("\"NAME_INVALID\""), std::string::npos) << got.body;
  const auto posted =
      client.ask("POST", std::string("/v2/App/blobs/uploads/?digest=") + hello, "", "hello");
  EXPECT_EQ(posted.status(), "400");
  EXPECT_NE(posted.body.find("\"NAME_INVALID\""), std::string::npos) << posted.body;
}

}  // namespace
}  // namespace plimsoll::reference
