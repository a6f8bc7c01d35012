#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "harness/testing/temporary_folder.hpp"
#include "registry_client.hpp"

namespace plimsoll::reference {
namespace {

constexpr const char* hello =
    "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

std::uint64_t requests(const statistics& seen, std::string_view route, std::string_view method,
                       unsigned status_class) {
  std::uint64_t sum = 0;
  for (const request_count& one : seen.requests) {
    const bool same =
        one.route == route && one.method == method && one.status_class == status_class;
    if (same) sum += one.count;
  }
  return sum;
}

std::uint64_t timed(const statistics& seen, std::string_view route) {
  std::uint64_t sum = 0;
  for (const route_times& one : seen.times) {
    if (one.route == route) sum += std::accumulate(one.counts.begin(), one.counts.end(), 0UL);
  }
  return sum;
}

/// What was asked before on this connection is counted when this is answered.
void wait_until_counted(raw_client& by) {
  EXPECT_EQ(by.ask("GET", "/nothing").status(), "404");
}

TEST(Statistics, CountRequestsByRouteMethodAndStatus) {
  const auto served = registry::start({}).value();
  raw_client client(served);
  const std::string push = std::string("/v2/app/blobs/uploads/?digest=") + hello;
  const std::string blob = std::string("/v2/app/blobs/") + hello;
  EXPECT_EQ(client.ask("POST", push, "", "hello").status(), "201");
  EXPECT_EQ(client.ask("GET", blob).body, "hello");
  EXPECT_EQ(client.ask("GET", blob).body, "hello");
  EXPECT_EQ(client.ask("HEAD", blob).status(), "200");
  EXPECT_EQ(client.ask("GET", "/v2/app/manifests/none").status(), "404");
  EXPECT_EQ(client.ask("BREW", "/v2/").status(), "405");
  wait_until_counted(client);
  const statistics seen = served.seen();
  EXPECT_EQ(requests(seen, "uploads", "POST", 2), 1U);
  EXPECT_EQ(requests(seen, "blob", "GET", 2), 2U);
  EXPECT_EQ(requests(seen, "blob", "HEAD", 2), 1U);
  EXPECT_EQ(requests(seen, "manifest", "GET", 4), 1U);
  EXPECT_EQ(requests(seen, "base", "other", 4), 1U);
  EXPECT_EQ(timed(seen, "blob"), 3U);
  EXPECT_EQ(seen.received_bytes, 5U);
  EXPECT_GE(seen.sent_bytes, 10U);  // and the error documents
  EXPECT_EQ(seen.open_connections, 1U);
}

TEST(Statistics, SumUpAllThreads) {
  options how;
  how.threads = 3;
  const auto served = registry::start(std::move(how)).value();
  for (int i = 0; i < 6; ++i) {
    raw_client client(served);
    EXPECT_EQ(client.ask("GET", "/v2/").status(), "200");
    wait_until_counted(client);
  }
  EXPECT_EQ(requests(served.seen(), "base", "GET", 2), 6U);
}

void push_an_image(raw_client& client) {
  constexpr const char* empty =
      "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
  const std::string manifest =
      std::string(
          R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",)") +
      R"("config":{"mediaType":"application/vnd.oci.empty.v1+json","size":2,"digest":")" + empty +
      R"("},"layers":[]})";
  const std::string push = "/v2/app/blobs/uploads/?digest=";
  EXPECT_EQ(client.ask("POST", push + empty, "", "{}").status(), "201");
  EXPECT_EQ(client.ask("POST", push + hello, "", "hello").status(), "201");
  EXPECT_EQ(client
                .ask("PUT", "/v2/app/manifests/v1",
                     "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n", manifest)
                .status(),
            "201");
  EXPECT_EQ(client.ask("POST", "/v2/app/blobs/uploads/", "Content-Length: 0\r\n").status(), "202");
}

void expect_image(const store_counts& stored) {
  EXPECT_EQ(stored.repositories, 1U);
  EXPECT_EQ(stored.blobs, 2U);
  EXPECT_EQ(stored.manifests, 1U);
  EXPECT_EQ(stored.tags, 1U);
  EXPECT_EQ(stored.open_uploads, 1U);
}

TEST(Statistics, SayWhatIsStoredInMemory) {
  const auto served = registry::start({}).value();
  raw_client client(served);
  push_an_image(client);
  expect_image(served.seen().stored);
}

TEST(Statistics, SayWhatIsStoredInAFolder) {
  const plimsoll::testing::temporary_folder folder;
  options how;
  how.store = folder.path();
  const auto served = registry::start(std::move(how)).value();
  raw_client client(served);
  push_an_image(client);
  expect_image(served.seen().stored);
}

}  // namespace
}  // namespace plimsoll::reference
