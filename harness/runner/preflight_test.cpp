#include "plimsoll/runner/preflight.hpp"

#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/run_coroutine.hpp"
#include "harness/testing/scripted_server.hpp"

namespace plimsoll {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// @param header with its line ends
testing::scripted_answer answer(int status, const std::string& body = "",
                                const std::string& header = "") {
  testing::scripted_answer made;
  made.pieces = {"HTTP/1.1 " + std::to_string(status) + " X\r\n" + header +
                 "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
  return made;
}

std::string errors(const std::string& code) {
  return R"({"errors":[{"code":")" + code + R"(","message":"why"}]})";
}

const std::string session = "Location: /upload/1\r\n";

struct preflight_run {
  preflight_result result;
  std::vector<std::string> requests;  ///< "POST /v2/..."
};

preflight_run run(const std::vector<testing::scripted_answer>& answers, run_options options,
                  bool pushes = true) {
  boost::asio::io_context io;
  const testing::scripted_server server(io, answers);
  http::client_options client_options;
  client_options.registry = server.url();
  client_options.connections = 1;
  auto client = http::client::make(io.get_executor(), client_options);
  EXPECT_TRUE(client.has_value());
  preflight_run made;
  testing::run_coroutine(io, [&]() -> boost::asio::awaitable<void> {
    made.result = co_await run_preflight(*client, options, pushes);
  });
  for (const std::string& request : server.requests()) {
    made.requests.push_back(request.substr(0, request.find(" HTTP/1.1")));
  }
  return made;
}

run_options options_with(std::vector<std::string> repositories = {}) {
  run_options options;
  options.repository_prefix = "p";
  options.run_id = "1";
  options.repositories = std::move(repositories);
  return options;
}

TEST(Preflight, PushesNothingWhereNoScenarioDoes) {
  const auto made = run({answer(200, "{}")}, options_with(), false);
  EXPECT_THAT(made.requests, ElementsAre("GET /v2/"));
  EXPECT_EQ(made.result.reason, "");
}

TEST(Preflight, APageInHtmlIsNoRegistryWhateverItsContentType) {
  for (const char* page : {"<!DOCTYPE html><p>hi", " \n<html>", "\xef\xbb\xbf<HTML lang=en>"}) {
    const auto made =
        run({answer(200, page, "Content-Type: application/json\r\n")}, options_with());
    EXPECT_THAT(made.result.reason, HasSubstr("a page in HTML"));
  }
  const auto quay =
      run({answer(200, "true", "Content-Type: text/html\r\n")}, options_with(), false);
  EXPECT_EQ(quay.result.reason, "");
}

TEST(Preflight, AServerThatFailsIsNotJudged) {
  EXPECT_THAT(run({answer(500)}, options_with()).result.reason, HasSubstr("answered with 500"));
}

TEST(Preflight, RefusedPushesAreAPolicyInTheRegistrysWords) {
  const auto refused = answer(403, errors("DENIED"));
  const auto made = run({answer(200), refused, refused, refused}, options_with());
  ASSERT_TRUE(made.result.policies.pushes);
  EXPECT_EQ(made.result.policies.pushes->words, "403 DENIED: why");
  EXPECT_THAT(made.requests, ElementsAre("GET /v2/", "POST /v2/p/1/preflight/blobs/uploads/",
                                         "POST /v2/p/1-preflight/blobs/uploads/",
                                         "POST /v2/p-1-preflight/blobs/uploads/"));
}

TEST(Preflight, ABrokenPushIsNoPolicy) {
  for (const int status : {200, 500}) {
    const auto made = run({answer(200), answer(status)}, options_with());
    EXPECT_FALSE(made.result.policies.pushes) << status;
  }
  const auto absent = answer(404, "no");
  EXPECT_FALSE(run({answer(200), absent, absent, absent}, options_with()).result.policies.pushes);
}

TEST(Preflight, FindsTheNamesThatARegistryTakes) {
  const auto long_name = answer(400, errors("NAME_INVALID"));
  const auto made =
      run({answer(200), long_name, answer(202, "", session), answer(500)}, options_with());
  EXPECT_EQ(made.result.policies.name_components, 2u);
  ASSERT_TRUE(made.result.policies.names);
  EXPECT_EQ(made.result.policies.names->words, "400 NAME_INVALID: why");
  EXPECT_FALSE(made.result.policies.pushes);
}

TEST(Preflight, ANameThatTheUserGaveIsNotReplaced) {
  const auto made =
      run({answer(200), answer(404, errors("NAME_UNKNOWN"))}, options_with({"team/a", "team/b"}));
  EXPECT_THAT(made.requests, ElementsAre("GET /v2/", "POST /v2/team/a/blobs/uploads/"));
  ASSERT_TRUE(made.result.policies.pushes);
  EXPECT_EQ(made.result.policies.pushes->by, policy::names);
}

TEST(Preflight, A401OnTheBaseAloneEndsNothing) {
  run_options options = options_with({"team/a"});
  options.given.tags = {"v1"};
  const auto closed = answer(401, errors("UNAUTHORIZED"));
  EXPECT_EQ(run({closed, answer(200)}, options, false).result.reason, "");
  const auto made = run({closed, closed, closed}, options, false);
  EXPECT_THAT(made.result.reason, HasSubstr("GET /v2/ is answered with 401"));
  EXPECT_THAT(made.requests,
              ElementsAre("GET /v2/", "HEAD /v2/team/a/manifests/v1", "GET /v2/team/a/tags/list"));
}

TEST(ClosedRegistry, SaysWhatBecameOfTheLogin) {
  http::exchange seen;
  seen.response.status = 401;
  EXPECT_THAT(closed_registry(seen, false), HasSubstr("a login is needed: --username"));
  seen.login = http::auth_failure::login_needed;
  EXPECT_THAT(closed_registry(seen, false), HasSubstr("give --username"));
  seen.login = http::auth_failure::no_challenge;
  EXPECT_THAT(closed_registry(seen, true), HasSubstr("without WWW-Authenticate"));
  EXPECT_THAT(closed_registry(seen, true), Not(HasSubstr("refused")));
  seen.login = http::auth_failure::token_server;
  seen.login_detail = "auth.example: 500";
  EXPECT_THAT(closed_registry(seen, true), HasSubstr("auth.example: 500"));
  EXPECT_THAT(closed_registry(seen, true), Not(HasSubstr("refused")));
  seen.login = http::auth_failure::login_refused;
  EXPECT_THAT(closed_registry(seen, true), HasSubstr("check --username"));
}

}  // namespace
}  // namespace plimsoll
