#include <gmock/gmock.h>

#include "client_fixture.hpp"

namespace plimsoll::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

scripted_answer to(int status, const std::string& location) {
  return raw({"HTTP/1.1 " + std::to_string(status) + " Moved\r\nLocation: " + location +
              "\r\nContent-Length: 0\r\n\r\n"});
}

TEST_F(Client, FollowsRedirectsWithoutTheLoginToAnotherHost) {
  auto& other = serve({ok("there")});
  auto& again = serve({to(302, other.url() + "/blob?sig=1")});
  options.registry = again.url();
  const auto got = send_one(request("GET", "/a").header("Authorization", "Basic c2VjcmV0"));
  EXPECT_EQ(got.response.body, "there");
  EXPECT_EQ(got.url, other.url() + "/blob?sig=1");
  ASSERT_EQ(got.earlier.size(), 1u);
  EXPECT_EQ(got.last.purpose, "redirect");
  EXPECT_THAT(again.requests().at(0), HasSubstr("Authorization: Basic"));
  EXPECT_THAT(other.requests().at(0), Not(HasSubstr("Authorization")));
  EXPECT_THAT(other.requests().at(0), HasSubstr("Host: " + other.host() + "\r\n"));
}

TEST_F(Client, SendsTheBodyAgainBehindA307AndNoneBehindA303) {
  auto& server = serve({after_body(4, to(307, "/b")), after_body(4, to(303, "/c")), ok("")});
  (void)send_one(request("POST", "/a").header("Content-Type", "a/b").body("data"));
  ASSERT_EQ(server.requests().size(), 3u);
  EXPECT_THAT(server.requests().at(1), StartsWith("POST /b "));
  EXPECT_THAT(server.requests().at(1), EndsWith("\r\n\r\ndata"));
  EXPECT_THAT(server.requests().at(2), StartsWith("GET /c "));
  EXPECT_THAT(server.requests().at(2), Not(HasSubstr("Content-")));
}

TEST_F(Client, StopsARedirectLoop) {
  options.redirects = 2;
  auto& server = serve({to(307, "/"), to(307, "/"), to(307, "/"), ok("never")});
  const auto got = send_one(request("GET", "/"));
  EXPECT_EQ(got.error, "redirect " + server.host() + ": more than 2 redirects");
  EXPECT_EQ(server.requests().size(), 3u);
}

TEST_F(Client, KeepsARedirectWhereItIsAskedTo) {
  serve({to(307, "/b")});
  EXPECT_EQ(send_one(request("GET", "/").keep_redirects()).response.status, 307);
}

TEST_F(Client, AsksABusyRegistryAgain) {
  const auto busy = raw({"HTTP/1.1 429 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"});
  auto& server = serve({busy, busy, ok("now")});
  const auto got = send_one(request("GET", "/"));
  EXPECT_EQ(got.response.body, "now");
  EXPECT_EQ(got.earlier.size(), 2u);
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(Client, DoesNotFollowARedirectThatClientsFollowWithGet) {
  for (const char* const method : {"POST", "PUT", "PATCH", "DELETE"}) {
    for (const int status : {301, 302}) {
      auto& server = serve({to(status, "/b")});
      options.registry = server.url();
      const auto got = send_one(request(method, "/a"));
      EXPECT_EQ(got.response.status, status);
      EXPECT_EQ(got.error, "");
      EXPECT_THAT(got.explanation, HasSubstr(std::string("send GET in place of ") + method));
      EXPECT_EQ(server.requests().size(), 1u);
    }
  }
}

TEST_F(Client, SaysWhereHttpLeadsToHttpsOfTheSameHost) {
  auto& server =
      serve({to(301, "https://127.0.0.1/v2/a/tags/list"), to(308, "https://127.0.0.1/")});
  const auto all = send({request("GET", "/v2/a/tags/list"), request("GET", "/v2/")});
  for (const auto& got : all) {
    EXPECT_EQ(got.error, "redirect " + server.host() +
                             ": it leads from http:// to https:// of the same host: use https://");
  }
}

}  // namespace
}  // namespace plimsoll::http
