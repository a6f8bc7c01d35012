#include <gtest/gtest.h>

#include "registry_client.hpp"

namespace plimsoll::reference {
namespace {

constexpr const char* digest =
    "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/// What a registry with these options answers.
raw_reply answer(const options& how, std::string_view method, const std::string& target,
                 std::string_view headers = "", std::string_view body = "") {
  const auto served = registry::start(how).value();
  raw_client client(served);
  return client.ask(method, target, headers, body);
}

TEST(Options, UrlNamesHostAndPort) {
  const auto served = registry::start({}).value();
  EXPECT_NE(served.port(), 0);
  EXPECT_EQ(served.url(), "http://127.0.0.1:" + std::to_string(served.port()));
}

TEST(Options, ATakenPortIsAnError) {
  const auto first = registry::start({}).value();
  options how;
  how.port = first.port();
  const auto second = registry::start(how);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().what().find(std::to_string(how.port)), std::string::npos);
}

TEST(Options, AnUnknownFaultOrVariantIsAnError) {
  options with_fault;
  with_fault.fault = "any";
  EXPECT_FALSE(registry::start(with_fault));
  options with_variant;
  with_variant.variant = "any";
  EXPECT_FALSE(registry::start(with_variant));
}

TEST(Options, AStoreThatCannotBeWrittenIsAnError) {
  options how;
  how.store = "/proc/no-such-folder";
  const auto made = registry::start(how);
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().what().find("/proc/no-such-folder"), std::string::npos);
}

TEST(Options, WithoutDeletesTheyAreUnsupported) {
  options how;
  how.deletes = false;
  struct resource {
    std::string kind;
    std::string methods;
  };
  for (const auto& one :
       {resource{"blobs", "GET, HEAD"}, resource{"manifests", "GET, HEAD, PUT"}}) {
    for (const char* method : {"DELETE", "PATCH"}) {
      const auto got = answer(how, method, "/v2/app/" + one.kind + "/" + digest);
      EXPECT_EQ(got.status(), "405");
      EXPECT_EQ(got.header("Allow"), one.methods) << one.kind << ' ' << method;
      EXPECT_NE(got.body.find("\"UNSUPPORTED\""), std::string::npos) << got.body;
    }
  }
}

TEST(Options, ReferrersAreThereByDefaultAndNotWhereOffOrOfVersion10) {
  const auto target = std::string("/v2/app/referrers/") + digest;
  EXPECT_EQ(answer({}, "GET", target).status(), "200");
  options off;
  off.referrers = false;
  EXPECT_EQ(answer(off, "GET", target).status(), "404");
  options old;
  old.version = spec_version::v1_0;
  EXPECT_EQ(answer(old, "GET", target).status(), "404");
}

TEST(Options, AManifestOverTheLimitIsTooLarge) {
  options how;
  how.manifest_limit_bytes = 10;
  EXPECT_EQ(answer(how, "PUT", "/v2/app/manifests/v1", "", "12345678901").status(), "413");
  EXPECT_EQ(answer(how, "PUT", "/v2/app/manifests/v1", "", "1234567890").status(), "400");
}

TEST(Options, TheSmallestChunkIsSaidWhenASessionIsOpened) {
  options how;
  how.chunk_min_length = 512;
  const auto got = answer(how, "POST", "/v2/app/blobs/uploads/", "Content-Length: 0\r\n");
  EXPECT_EQ(got.header("OCI-Chunk-Min-Length"), "512");
}

TEST(Options, AWarningStandsOnEachResponse) {
  options how;
  how.warning = "closes soon";
  EXPECT_EQ(answer(how, "GET", "/v2/").header("Warning"), "299 - \"closes soon\"");
  EXPECT_EQ(answer(how, "GET", "/nothing").header("Warning"), "299 - \"closes soon\"");
}

TEST(Options, ADelayComesBeforeTheResponse) {
  options how;
  how.delay = std::chrono::milliseconds(30);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(answer(how, "GET", "/v2/").status(), "200");
  EXPECT_GE(std::chrono::steady_clock::now() - before, how.delay);
}

TEST(Options, WithSeveralThreadsAllConnectionsSeeOneStore) {
  options how;
  how.threads = 3;
  const auto served = registry::start(how).value();
  raw_client writer(served);
  raw_client reader(served);
  const auto target = std::string("/v2/app/blobs/uploads/?digest=") + digest;
  EXPECT_EQ(writer.ask("POST", target, "", "hello").status(), "201");
  EXPECT_EQ(reader.ask("GET", std::string("/v2/app/blobs/") + digest).body, "hello");
}

TEST(Options, AUserNameMakesItAskForCredentials) {
  options how;
  how.username = "ann";
  how.password = "secret";
  const auto refused = answer(how, "GET", "/v2/");
  EXPECT_EQ(refused.status(), "401");
  EXPECT_EQ(refused.header("WWW-Authenticate"), "Basic realm=\"reference registry\"");
  EXPECT_EQ(answer(how, "GET", "/v2/", "Authorization: Basic YW5uOnNlY3JldA==\r\n").status(),
            "200");
  EXPECT_EQ(answer(how, "GET", "/v2/", "Authorization: Basic YW5uOndyb25n\r\n").status(), "401");
}

}  // namespace
}  // namespace plimsoll::reference
