#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "harness/testing/certificates.hpp"
#include "harness/testing/temporary_folder.hpp"
#include "served.hpp"

namespace plimsoll::load {
namespace {

using testing::certificate;
using ::testing::HasSubstr;
using testing::server_with;
using ::testing::StartsWith;

std::vector<scripted_answer> blob_twice() {
  return {says("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n"),
          says(with_length("200 OK", blob_bytes)), says(with_length("200 OK", blob_bytes))};
}

TEST(Proxy, IsAskedInAbsoluteFormForWhatHasNoTls) {
  served proxy(blob_twice());
  run_options options = single_pull_options("http://registry.test");
  options.registry.proxy.http = "http://user:pass@" + proxy.host();
  const auto ran = run(options);
  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 1u);
  EXPECT_EQ(ran->conditions.reuse, "kept open, over the proxy " + proxy.host());
  const auto& requests = proxy.requests();
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_THAT(requests[2], StartsWith("GET http://registry.test/v2/repo/blobs/sha256:"));
  EXPECT_THAT(requests[2], HasSubstr("\r\nHost: registry.test\r\n"));
  EXPECT_THAT(requests[2], HasSubstr("\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n"));
}

TEST(Proxy, ThatRefusesTheLoginIsNamedByItsStatus) {
  served proxy({says(with_length("407 Proxy Authentication Required", ""))});
  run_options options = single_pull_options("http://registry.test");
  options.registry.proxy.http = proxy.host();
  const auto ran = run(options);
  ASSERT_FALSE(ran);
  EXPECT_THAT(ran.error().what(), HasSubstr("407: put a login that it takes into the proxy's URL"));
}

TEST(Proxy, IsNotAskedForThisMachine) {
  served registry(blob_twice());
  served proxy({});
  run_options options = single_pull_options(registry.url());
  options.registry.proxy.http = proxy.url();
  const auto ran = run(options);
  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 1u);
  EXPECT_TRUE(proxy.requests().empty());
}

/// A proxy that opens tunnels to an https registry, which the test's own CA stands for.
class Tunnel : public ::testing::Test {  // NOLINT(readability-identifier-naming)
 protected:
  certificate registry_ = certificate({"registry", "DNS:registry.test"});
  testing::temporary_folder folder_;
};

TEST_F(Tunnel, CarriesTls) {
  scripted_answer opened = says(interims(1) + "HTTP/1.1 200 Connection established\r\n\r\n");
  opened.then_tls = true;
  const std::vector<scripted_answer> blob = blob_twice();
  served proxy({opened, blob[0], blob[1], opened, blob[2]}, server_with(registry_));
  run_options options = single_pull_options("https://registry.test");
  options.registry.tls.ca_file = folder_.write("ca.pem", registry_.pem()).string();
  options.registry.proxy.https = "http://user:pass@" + proxy.host();
  const auto ran = run(options);
  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 1u);
  const auto& requests = proxy.requests();
  ASSERT_EQ(requests.size(), 5u);
  EXPECT_EQ(requests[3],
            "CONNECT registry.test:443 HTTP/1.1\r\nHost: registry.test:443\r\n"
            "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n");
  EXPECT_THAT(requests[4], StartsWith("GET /v2/repo/blobs/sha256:"));
  EXPECT_THAT(requests[4], Not(HasSubstr("Proxy-Authorization")));
}

struct refusal {
  const char* name;
  std::string answer;
  const char* reason;
};

class TunnelIsNotOpened : public ::testing::TestWithParam<refusal> {};

TEST_P(TunnelIsNotOpened, AndTheReasonSaysWhy) {
  served proxy({says(GetParam().answer, true)});
  run_options options = single_pull_options("https://registry.test");
  options.registry.proxy.https = proxy.host();
  const auto ran = run(options);
  ASSERT_FALSE(ran);
  EXPECT_THAT(ran.error().what(), HasSubstr("the proxy " + proxy.host() + " " + GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(
    , TunnelIsNotOpened,
    ::testing::Values(
        refusal{"login", with_length("407 Proxy Authentication Required", ""),
                "answers CONNECT with 407: put a login that it takes into the proxy's URL"},
        refusal{"gateway", with_length("503 Service Unavailable", "no"),
                "answers CONNECT with 503"},
        refusal{"no_http", "220 smtp.example\r\n\r\n",
                "answers CONNECT with something other than HTTP/1.1"},
        refusal{"interims", interims(17), "answers CONNECT with more than 16 interim responses"},
        refusal{"body", "HTTP/1.1 200 OK\r\n\r\nbody", "sends a body for CONNECT"},
        refusal{"end", "", "gives no answer to CONNECT"}),
    [](const auto& test_case) { return std::string(test_case.param.name); });

}  // namespace
}  // namespace plimsoll::load
