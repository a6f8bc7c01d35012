#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client_fixture.hpp"

namespace plimsoll::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

scripted_answer challenge(const std::string& value) {
  return raw({"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: " + value +
              "\r\nContent-Length: 0\r\n\r\n"});
}

std::string bearer(const scripted_server& realm) {
  return "Bearer realm=\"" + realm.url() + "/token\",service=\"s\",scope=\"repository:a:pull\"";
}

/// A client with a login, whose registry is set once its token server is known.
class Authorization : public Client {
 protected:
  Authorization() {
    credentials login;
    login.username = "user";
    login.password = "pass";
    options.login = login;
    options.retries = 0;
  }
};

TEST_F(Authorization, SendsTheLoginOnlyOnceItIsAskedFor) {
  auto& server = serve({challenge("Basic realm=\"r\""), ok("in"), ok("again")});
  const auto all = send({request("GET", "/v2/"), request("GET", "/v2/")});
  EXPECT_EQ(all.at(0).response.body, "in");
  EXPECT_EQ(all.at(0).last.purpose, "retry");
  EXPECT_EQ(all.at(1).earlier.size(), 0u);
  EXPECT_THAT(server.requests().at(0), Not(HasSubstr("Authorization")));
  EXPECT_THAT(server.requests().at(1), HasSubstr("Authorization: Basic dXNlcjpwYXNz\r\n"));
  EXPECT_THAT(server.requests().at(2), HasSubstr("Authorization: Basic dXNlcjpwYXNz\r\n"));
}

TEST_F(Authorization, WaitsToBeAskedEachTimeWhereNothingIsKept) {
  options.cache_auth = false;
  const auto asks = challenge("Basic realm=\"r\"");
  auto& server = serve({asks, ok("in"), asks, ok("again")});
  const auto all = send({request("GET", "/v2/"), request("GET", "/v2/")});
  EXPECT_EQ(all.at(0).response.body, "in");
  EXPECT_EQ(all.at(1).response.body, "again");
  EXPECT_THAT(server.requests().at(2), Not(HasSubstr("Authorization")));
}

/// What the registry says behind the 401, before it answers the request that was authorized.
const std::vector<std::string> answers_in_between = {
    "HTTP/1.1 429 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 307 There\r\nLocation: /v2/a/there\r\nContent-Length: 0\r\n\r\n"};

TEST_F(Authorization, LastsForTheExchangeWhereNothingIsKept) {
  options.cache_auth = false;
  options.retries = 1;
  for (const auto& between : answers_in_between) {
    auto& realm = serve({ok(R"({"token":"t1"})")});
    auto& server = serve({challenge(bearer(realm)), raw({between}), ok("in"), ok("next")});
    options.registry = server.url();
    const auto all = send({request("GET", "/v2/a/tags/list"), request("GET", "/v2/a/tags/list")});
    EXPECT_EQ(all.at(0).response.body, "in") << between;
    EXPECT_THAT(server.requests().at(1), HasSubstr("Authorization: Bearer t1\r\n"));
    EXPECT_THAT(server.requests().at(2), HasSubstr("Authorization: Bearer t1\r\n"));
    EXPECT_THAT(server.requests().at(3), Not(HasSubstr("Authorization")));
  }
}

TEST_F(Authorization, LastsForTheExchangeWhereTheTokenIsShortLived) {
  options.retries = 1;
  for (const auto& between : answers_in_between) {
    auto& realm = serve({ok(R"({"token":"t1","expires_in":0})")});
    auto& server = serve({challenge(bearer(realm)), raw({between}), ok("in")});
    options.registry = server.url();
    EXPECT_EQ(send_one(request("GET", "/v2/a/tags/list")).response.body, "in") << between;
    EXPECT_THAT(server.requests().at(2), HasSubstr("Authorization: Bearer t1\r\n"));
  }
}

TEST_F(Authorization, EndsWhereARedirectLeavesTheRegistry) {
  options.cache_auth = false;
  auto& other = serve({ok("there")});
  auto& server = serve(
      {challenge("Basic realm=\"r\""),
       raw({"HTTP/1.1 307 There\r\nLocation: " + other.url() + "/\r\nContent-Length: 0\r\n\r\n"})});
  options.registry = server.url();
  EXPECT_EQ(send_one(request("GET", "/v2/")).response.body, "there");
  EXPECT_THAT(server.requests().at(1), HasSubstr("Authorization: Basic"));
  EXPECT_THAT(other.requests().at(0), Not(HasSubstr("Authorization")));
}

TEST_F(Authorization, LeavesARefusedLoginAtThat) {
  auto& server = serve({challenge("Basic realm=\"r\""), challenge("Basic realm=\"r\""), ok("")});
  EXPECT_EQ(send_one(request("GET", "/v2/")).response.status, 401);
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST_F(Authorization, FetchesATokenAndKeepsItForItsRepository) {
  auto& realm = serve({ok(R"({"token":"t1","expires_in":300})")});
  auto& server = serve({challenge(bearer(realm)), ok("one"), ok("two"), ok("other")});
  options.registry = server.url();
  const auto all = send({request("GET", "/v2/a/manifests/x"), request("HEAD", "/v2/a/tags/list"),
                         request("GET", "/v2/b/manifests/x")});
  ASSERT_EQ(all.at(0).earlier.size(), 2u);
  EXPECT_EQ(all.at(0).response.body, "one");
  EXPECT_EQ(all.at(0).earlier.at(1).purpose, "token");
  EXPECT_THAT(realm.requests().at(0), StartsWith("GET /token?service=s&scope=repository:a:pull "));
  EXPECT_THAT(realm.requests().at(0), HasSubstr("Authorization: Basic dXNlcjpwYXNz\r\n"));
  EXPECT_THAT(server.requests().at(1), HasSubstr("Authorization: Bearer t1\r\n"));
  EXPECT_THAT(server.requests().at(2), HasSubstr("Authorization: Bearer t1\r\n"));
  EXPECT_THAT(server.requests().at(3), Not(HasSubstr("Authorization")));
}

TEST_F(Authorization, FetchesANewTokenWhereTheOldOneHasRunOut) {
  auto& realm =
      serve({ok(R"({"access_token":"t1","expires_in":0})"), ok(R"({"access_token":"t2"})")});
  auto& server = serve({challenge(bearer(realm)), ok("one"), challenge(bearer(realm)), ok("two")});
  options.registry = server.url();
  options.login.reset();
  const auto all = send({request("GET", "/v2/a/tags/list"), request("GET", "/v2/a/tags/list")});
  EXPECT_EQ(all.at(0).earlier.at(1).purpose, "token");
  EXPECT_THAT(server.requests().at(1), HasSubstr("Bearer t1\r\n"));
  EXPECT_THAT(server.requests().at(2), Not(HasSubstr("Authorization")));
  EXPECT_THAT(server.requests().at(3), HasSubstr("Bearer t2\r\n"));
  EXPECT_EQ(all.at(1).response.body, "two");
}

TEST_F(Authorization, SendsAnIdentityTokenAsAForm) {
  options.login->identity_token = "id token";
  const std::string form =
      "grant_type=refresh_token&service=s&client_id=plimsoll&scope=repository%3Aa%3Apull"
      "&refresh_token=id%20token";
  auto& realm = serve({after_body(form.size(), ok(R"({"access_token":"t"})"))});
  auto& server = serve({challenge(bearer(realm)), ok("in")});
  options.registry = server.url();
  EXPECT_EQ(send_one(request("GET", "/v2/a/tags/list")).response.body, "in");
  EXPECT_THAT(realm.requests().at(0), EndsWith("\r\n\r\n" + form));
}

TEST_F(Authorization, SaysWhatIsWrongWithATokenServersAnswer) {
  auto& realm = serve({ok("<html>")});
  auto& server = serve({challenge(bearer(realm))});
  options.registry = server.url();
  const auto got = send_one(request("GET", "/v2/a/tags/list"));
  EXPECT_EQ(got.error, "token " + realm.host() + ": the answer is no JSON object");
  EXPECT_EQ(got.response.status, 401);
}

TEST_F(Authorization, SaysWhyA401IsNotAnswered) {
  const auto bare = raw({"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"});
  struct row {
    scripted_answer refusal;
    bool has_login = false;
    auth_failure why = auth_failure::none;
  };
  for (const auto& [refusal, has_login, why] :
       {row{bare, true, auth_failure::no_challenge}, row{bare, false, auth_failure::no_challenge},
        row{challenge("Negotiate"), true, auth_failure::unknown_challenge},
        row{challenge("Basic realm=\"r\""), false, auth_failure::login_needed},
        row{challenge("Bearer realm=\"sha256:x\""), true, auth_failure::bad_realm},
        row{challenge("Bearer service=\"s\""), false, auth_failure::bad_realm}}) {
    auto& server = serve({refusal});
    options.registry = server.url();
    if (!has_login) options.login.reset();
    const auto got = send_one(request("GET", "/v2/"));
    EXPECT_EQ(got.login, why);
    EXPECT_EQ(got.response.status, 401);
    EXPECT_EQ(got.error, "");
    EXPECT_NE(login_problem(got), "");
    EXPECT_EQ(server.requests().size(), 1u);
    options.login = credentials{"user", "pass", ""};
  }
}

TEST_F(Authorization, SaysThatALoginWasRefusedOnlyWhereItWasSent) {
  const auto asks = challenge("Basic realm=\"r\"");
  auto& server = serve({asks, asks});
  options.registry = server.url();
  EXPECT_EQ(send_one(request("GET", "/v2/")).login, auth_failure::login_refused);
  options.login.reset();
  auto& realm = serve({ok(R"({"token":"t1"})")});
  auto& other = serve({challenge(bearer(realm)), challenge(bearer(realm))});
  options.registry = other.url();
  EXPECT_EQ(send_one(request("GET", "/v2/")).login, auth_failure::login_needed);
}

TEST_F(Authorization, NamesTheTokenServerThatFails) {
  auto& realm = serve({raw({"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n"})});
  auto& server = serve({challenge(bearer(realm))});
  options.registry = server.url();
  const auto got = send_one(request("GET", "/v2/"));
  EXPECT_EQ(got.login, auth_failure::token_server);
  EXPECT_EQ(got.error, "token " + realm.host() + ": answers with 500");
  EXPECT_THAT(login_problem(got), EndsWith(realm.url() + "/token answers with 500"));
}

TEST_F(Authorization, NamesAnAnswerWithoutAToken) {
  auto& realm = serve({ok("{}")});
  auto& server = serve({challenge(bearer(realm))});
  options.registry = server.url();
  const auto got = send_one(request("GET", "/v2/"));
  EXPECT_EQ(got.login, auth_failure::bad_token);
  EXPECT_EQ(got.error, "token " + realm.host() + ": the answer holds no token");
}

TEST_F(Authorization, AnswersA401WithoutChallengeByThatOfTheBase) {
  const auto bare = raw({"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"});
  auto& realm = serve({ok(R"({"token":"t1"})"), ok(R"({"token":"t2"})")});
  const auto base = challenge("Bearer realm=\"" + realm.url() + "/token\",service=\"s\"");
  auto& server = serve({bare, base, ok("one"), bare, ok("two")});
  options.registry = server.url();
  const auto all = send({request("GET", "/v2/team/a/manifests/x"),
                         request("POST", "/v2/team/b/blobs/uploads/?mount=sha256:0&from=c/d")});
  EXPECT_EQ(all.at(0).response.body, "one");
  EXPECT_EQ(all.at(1).response.body, "two");
  EXPECT_THAT(server.requests().at(1), StartsWith("GET /v2/ "));
  EXPECT_THAT(server.requests().at(2), HasSubstr("Authorization: Bearer t1\r\n"));
  EXPECT_THAT(realm.requests().at(0), HasSubstr("scope=repository:team/a:pull "));
  EXPECT_THAT(realm.requests().at(1),
              HasSubstr("scope=repository:team/b:pull,push&scope=repository:c/d:pull "));
}

TEST_F(Authorization, AnswersNoChallengeForAnAnonymousRequest) {
  auto& server = serve({challenge("Basic realm=\"r\""), ok("")});
  EXPECT_EQ(send_one(request("GET", "/v2/").anonymous()).response.status, 401);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(Authorization, AnswersNoChallengeOfAnotherHost) {
  auto& other = serve({challenge("Basic realm=\"r\""), ok("")});
  auto& server = serve(
      {raw({"HTTP/1.1 307 There\r\nLocation: " + other.url() + "/\r\nContent-Length: 0\r\n\r\n"})});
  options.registry = server.url();
  EXPECT_EQ(send_one(request("GET", "/v2/")).response.status, 401);
  EXPECT_EQ(other.requests().size(), 1u);
}

}  // namespace
}  // namespace plimsoll::http
