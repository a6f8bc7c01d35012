#include "plimsoll/http/proxy.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client_fixture.hpp"

namespace plimsoll::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::silence;
using ::testing::StartsWith;

TEST(ProxiesIn, LowerCaseGoesFirstAndUpperCaseHttpProxyIsNotTrusted) {
  // In a CGI program HTTP_PROXY is a request's field Proxy.
  const auto got = proxies_in({{"HTTP_PROXY", "http://evil"},
                               {"https_proxy", "http://lower"},
                               {"HTTPS_PROXY", "http://upper"},
                               {"NO_PROXY", "a,b"}});
  EXPECT_EQ(got.http, "");
  EXPECT_EQ(got.https, "http://lower");
  EXPECT_EQ(got.no_proxy, "a,b");
}

TEST(ProxiesIn, AllProxyStandsInForEither) {
  const auto got = proxies_in({{"ALL_PROXY", "http://all"}, {"HTTPS_PROXY", "http://https"}});
  EXPECT_EQ(got.http, "http://all");
  EXPECT_EQ(got.https, "http://https");
}

struct exempted {
  const char* name;
  const char* host;
  const char* no_proxy;
  bool around;
};

void PrintTo(const exempted& row, std::ostream* out) {
  *out << row.host << " with \"" << row.no_proxy << '"';
}

class GoesAroundProxy : public ::testing::TestWithParam<exempted> {};

TEST_P(GoesAroundProxy, Host) {
  EXPECT_EQ(goes_around_proxy(GetParam().host, GetParam().no_proxy), GetParam().around);
}

INSTANTIATE_TEST_SUITE_P(
    , GoesAroundProxy,
    ::testing::Values(exempted{"NothingNamed", "r.test", "", false},
                      exempted{"Same", "r.test", "r.test", true},
                      exempted{"OtherCase", "r.test", "R.Test", true},
                      exempted{"Below", "a.r.test", "r.test", true},
                      exempted{"BelowADot", "a.r.test", ".r.test", true},
                      exempted{"DotAndSame", "r.test", ".r.test", true},
                      exempted{"NoWholeLabel", "other.test", "her.test", false},
                      exempted{"InAList", "r.test", "x.test, r.test", true},
                      exempted{"ListWithSpaces", "r.test", "x.test r.test", true},
                      exempted{"Everything", "r.test", "*", true},
                      exempted{"StarAmongOthers", "r.test", "x,*", true},
                      exempted{"Address", "10.1.2.3", "10.1.2.3", true},
                      exempted{"AddressIsNoDomain", "10.1.2.3", "2.3", false},
                      exempted{"Network", "10.1.2.3", "10.0.0.0/8", true},
                      exempted{"OtherNetwork", "11.1.2.3", "10.0.0.0/8", false},
                      exempted{"NetworkThatIsNone", "10.1.2.3", "10.0.0.0/99", false},
                      exempted{"AddressOfIpv6", "fd00::1", "[fd00:0::1]", true},
                      exempted{"NetworkOfIpv6", "fd00::1", "fd00::/8", true},
                      exempted{"ThisMachine", "localhost", "", true},
                      exempted{"LoopbackAddress", "127.3.2.1", "", true},
                      exempted{"LoopbackOfIpv6", "::1", "", true}),
    [](const auto& row) { return row.param.name; });

TEST_F(Client, AsksAProxyForAnHttpTargetInAbsoluteForm) {
  auto& relay = serve({ok("one"), ok("two")});
  options.registry = "http://registry.test:5000";
  options.proxy.http = relay.url();
  const auto all = send({request("GET", "/v2/"), request("GET", "/v2/a")});
  EXPECT_EQ(all.at(0).response.body, "one");
  EXPECT_EQ(all.at(0).url, "http://registry.test:5000/v2/");
  EXPECT_THAT(relay.requests().at(0), StartsWith("GET http://registry.test:5000/v2/ HTTP/1.1\r\n"
                                                 "Host: registry.test:5000\r\n"));
  EXPECT_EQ(relay.connections(), 1u);
}

TEST_F(Client, GivesTheProxysLoginToTheProxyAndToNoRecord) {
  auto& relay = serve({ok("")});
  options.registry = "http://registry.test";
  options.proxy.http = "http://user:p%40ss@" + relay.host();
  const auto got = send_one(request("GET", "/v2/"));
  EXPECT_THAT(relay.requests().at(0), HasSubstr("Proxy-Authorization: Basic dXNlcjpwQHNz\r\n"));
  EXPECT_FALSE(got.last.sent.get("Proxy-Authorization"));
}

TEST_F(Client, SaysThatTheProxyRefusesTheLogin) {
  auto& relay = serve({raw({"HTTP/1.1 407 Login\r\nContent-Length: 0\r\n\r\n"})});
  options.registry = "http://registry.test";
  options.proxy.http = relay.host();
  EXPECT_THAT(send_one(request("GET", "/v2/")).error,
              StartsWith("proxy " + relay.host() + ": answers with 407: put a login"));
}

TEST_F(Client, GoesAroundTheProxyToAHostThatIsExempted) {
  auto& server = serve({ok("direct")});
  auto& relay = serve({ok("")});
  options.proxy.http = relay.url();
  EXPECT_EQ(send_one(request("GET", "/v2/")).response.body, "direct");
  EXPECT_EQ(server.connections(), 1u);
  EXPECT_EQ(relay.connections(), 0u);
}

TEST_F(Client, AsksAProxyForATunnelToAnHttpsTarget) {
  auto& relay = serve({ending(raw({"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"}))});
  options.retries = 0;
  options.registry = "https://registry.test";
  options.proxy.https = "http://user:pass@" + relay.host();
  const auto got = send_one(request("GET", "/v2/"));
  EXPECT_EQ(got.error, "connect proxy " + relay.host() +
                           " (to registry.test:443): the proxy answers CONNECT with 503");
  EXPECT_EQ(relay.requests().at(0),
            "CONNECT registry.test:443 HTTP/1.1\r\nHost: registry.test:443\r\n"
            "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n");
}

TEST_F(Client, DoesNotWaitForAProxyForEver) {
  auto& relay = serve({silence()});
  options.timeouts.connect = std::chrono::milliseconds(30);
  options.registry = "https://registry.test";
  options.proxy.https = relay.url();
  EXPECT_EQ(send_one(request("GET", "/v2/")).error,
            "connect proxy " + relay.host() + " (to registry.test:443): timed out after 30 ms");
}

TEST_F(Client, RefusesAProxyThatItCannotUse) {
  options.registry = "http://127.0.0.1:1";
  for (const char* const url : {"https://user:secret@p.test", "socks5://p.test", "http://"}) {
    options.proxy.http = url;
    const auto made = client::make(io.get_executor(), options);
    ASSERT_FALSE(made) << url;
    EXPECT_THAT(made.error().what(), StartsWith("http_proxy: "));
    EXPECT_THAT(made.error().what(), Not(HasSubstr("secret")));
  }
}

}  // namespace
}  // namespace plimsoll::http
