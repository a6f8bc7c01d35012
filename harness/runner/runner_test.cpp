#include "plimsoll/runner/runner.hpp"

#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/run_coroutine.hpp"
#include "harness/testing/scripted_server.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"

namespace plimsoll {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr auto manifest_judges = requirement_ids("push.manifest.201");

boost::asio::awaitable<void> push_nine_bytes(context& ctx) {
  http::request push("PUT", "/v2/" + ctx.repository() + "/manifests/v1");
  push.body("{\"a\": 12}");
  (void)co_await ctx.send(std::move(push));
}

constexpr scenario nine_bytes{.id = "push/nine-bytes",
                              .title = "A manifest is taken",
                              .category = "push",
                              .judges = manifest_judges,
                              .body = push_nine_bytes};

boost::asio::awaitable<void> ask_twice(context& ctx) {
  for (int i = 0; i < 2; ++i) {
    (void)co_await ctx.send(http::request("GET", "/v2/" + ctx.repository() + "/tags/list"));
  }
}

scenario asking(std::string_view id, bool is_bulky) {
  return {.id = id,
          .title = "Tags are listed",
          .category = "push",
          .judges = manifest_judges,
          .body = ask_twice,
          .is_bulky = is_bulky};
}

/// The targets in the order in which they are asked for, where three may be under way at once.
std::vector<std::string> order_of(const std::vector<scenario>& all) {
  boost::asio::io_context io;
  testing::scripted_answer one;
  one.pieces = {"HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n"};
  const testing::scripted_server server(io,
                                        std::vector<testing::scripted_answer>(all.size() * 2, one));
  http::client_options how;
  how.registry = server.url();
  auto client = http::client::make(io.get_executor(), how);
  EXPECT_TRUE(client.has_value());
  testing::run_coroutine(io, [&]() -> boost::asio::awaitable<void> {
    run_options options;
    options.repository_prefix = "p";
    options.run_id = "1";
    options.concurrency = 3;
    std::vector<const scenario*> given;
    for (const scenario& what : all) given.push_back(&what);
    (void)co_await run_scenarios(std::move(given), *client, options);
  });
  std::vector<std::string> made;
  for (const std::string& asked : server.requests()) {
    const std::string target = asked.substr(0, asked.find("/tags/list"));
    made.push_back(target.substr(target.rfind('/') + 1));
  }
  return made;
}

/// The methods of what a run of it asks for.
std::vector<std::string> asked_where(std::uint64_t leaves_bytes) {
  boost::asio::io_context io;
  const std::string created = "HTTP/1.1 201 X\r\nContent-Length: 0\r\n\r\n";
  const std::string gone = "HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n";
  std::vector<testing::scripted_answer> answers(3);
  answers[0].pieces = {created};
  answers[0].body = 9;
  answers[1].pieces = {gone};
  answers[2].pieces = {gone};
  const testing::scripted_server server(io, std::move(answers));
  http::client_options how;
  how.registry = server.url();
  how.connections = 1;
  auto client = http::client::make(io.get_executor(), how);
  EXPECT_TRUE(client.has_value());
  testing::run_coroutine(io, [&]() -> boost::asio::awaitable<void> {
    run_options options;
    options.repository_prefix = "plimsoll";
    options.run_id = "1";
    options.leaves_bytes = leaves_bytes;
    std::vector<const scenario*> one(1, &nine_bytes);
    (void)co_await run_scenarios(std::move(one), *client, options);
  });
  std::vector<std::string> made;
  for (const std::string& one : server.requests()) made.push_back(one.substr(0, one.find(' ')));
  return made;
}

void look_for_403(witness& answer) {
  const int status = answer.seen().response.status;
  answer.expect("push.manifest.201").holds(status != 403, "another status than 403", "403");
}

TEST(Runner, DoesNotTakeTheTokenServerForTheRegistry) {
  boost::asio::io_context io;
  std::vector<testing::scripted_answer> refusal(1);
  refusal[0].pieces = {"HTTP/1.1 403 X\r\nContent-Length: 0\r\n\r\n"};
  const testing::scripted_server tokens(io, std::move(refusal));
  std::vector<testing::scripted_answer> challenge(1);
  challenge[0].body = 9;
  challenge[0].pieces = {
      "HTTP/1.1 401 X\r\nContent-Length: 0\r\nWWW-Authenticate: Bearer realm=\"" + tokens.url() +
      "/token\",service=\"s\"\r\n\r\n"};
  const testing::scripted_server server(io, std::move(challenge));
  http::client_options how;
  how.registry = server.url();
  auto client = http::client::make(io.get_executor(), how);
  ASSERT_TRUE(client.has_value());
  const observer watching{.id = "errors/watched",
                          .title = "No answer is 403",
                          .category = "errors",
                          .judges = manifest_judges,
                          .look = look_for_403};
  run_outcome outcome;
  testing::run_coroutine(io, [&]() -> boost::asio::awaitable<void> {
    run_options options;
    options.repository_prefix = "p";
    options.run_id = "1";
    options.observers = {watching};
    std::vector<const scenario*> one(1, &nine_bytes);
    outcome = co_await run_scenarios(std::move(one), *client, options);
  });
  EXPECT_EQ(tokens.requests().size(), 1u);
  ASSERT_EQ(outcome.scenarios.size(), 2u);
  EXPECT_EQ(outcome.scenarios.back().outcome, verdict::pass);
}

TEST(Runner, DeletesWhatAScenarioPushed) {
  EXPECT_THAT(asked_where(0), ElementsAre("PUT", "DELETE", "GET"));
}

TEST(Runner, LeavesWhatIsLessThanMayBeLeft) {
  EXPECT_THAT(asked_where(9), ElementsAre("PUT", "DELETE", "GET"));
  EXPECT_THAT(asked_where(10), ElementsAre("PUT"));
}

boost::asio::awaitable<void> push_shared_and_own(context& ctx) {
  const std::string path = "/v2/" + ctx.repository() + "/manifests/";
  http::request shared("PUT", path + "shared");
  shared.body("{\"a\": 12}");
  (void)co_await ctx.send(std::move(shared));
  http::request own("PUT", path + "own");
  own.body("{\"" + ctx.mark() + "\":1}");
  (void)co_await ctx.send(std::move(own));
}

constexpr scenario shared_and_own{.id = "push/both",
                                  .title = "Manifests are taken",
                                  .category = "push",
                                  .judges = manifest_judges,
                                  .body = push_shared_and_own};

TEST(Runner, DeletesLastWhatOtherScenariosMayHavePushedToo) {
  boost::asio::io_context io;
  testing::scripted_answer created;
  created.pieces = {"HTTP/1.1 201 X\r\nContent-Length: 0\r\n\r\n"};
  testing::scripted_answer gone;
  gone.pieces = {"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n"};
  std::vector<testing::scripted_answer> answers;
  for (int i = 0; i < 2; ++i) {
    answers.insert(answers.end(), 2, created);
    answers[answers.size() - 2].body = 9;
    answers.back().body = 22;
    answers.insert(answers.end(), 2, gone);
  }
  answers.insert(answers.end(), 4, gone);
  const testing::scripted_server server(io, std::move(answers));
  http::client_options how;
  how.registry = server.url();
  how.connections = 1;
  auto client = http::client::make(io.get_executor(), how);
  ASSERT_TRUE(client.has_value());
  scenario second = shared_and_own;
  second.id = "push/second";
  testing::run_coroutine(io, [&]() -> boost::asio::awaitable<void> {
    run_options options;
    options.repository_prefix = "p";
    options.run_id = "1";
    options.concurrency = 1;
    std::vector<const scenario*> both;
    both.push_back(&shared_and_own);
    both.push_back(&second);
    (void)co_await run_scenarios(std::move(both), *client, options);
  });
  std::vector<std::string> made;
  for (const std::string& one : server.requests()) made.push_back(one.substr(0, one.find(' ')));
  const std::vector<std::string> of_one{"PUT", "PUT", "DELETE", "GET"};
  ASSERT_GE(made.size(), 10u);
  EXPECT_THAT(std::vector(made.begin(), made.begin() + 4), ElementsAreArray(of_one));
  EXPECT_THAT(std::vector(made.begin() + 4, made.begin() + 8), ElementsAreArray(of_one));
  const std::string shared = oci::digest_of("{\"a\": 12}").str();
  EXPECT_THAT(server.requests()[2], Not(HasSubstr(shared)));
  EXPECT_THAT(server.requests()[8], HasSubstr("DELETE /v2/p/1/push-"));
  EXPECT_THAT(server.requests()[8], HasSubstr(shared));
}

TEST(Runner, RunsScenariosAtOnce) {
  const auto order = order_of({asking("a", false), asking("b", false), asking("c", false)});
  ASSERT_EQ(order.size(), 6u);
  EXPECT_THAT(std::vector(order.begin(), order.begin() + 3), UnorderedElementsAre("a", "b", "c"));
}

TEST(Runner, NeverRunsMoreThanTwoBulkyScenariosAtOnce) {
  const auto order = order_of({asking("a", true), asking("b", true), asking("c", true)});
  ASSERT_EQ(order.size(), 6u);
  EXPECT_THAT(std::vector(order.begin(), order.begin() + 2), UnorderedElementsAre("a", "b"));
  EXPECT_NE(order[2], "c");
}

TEST(Runner, RunsOthersBesideBulkyOnes) {
  const auto order =
      order_of({asking("a", true), asking("b", true), asking("c", true), asking("d", false)});
  ASSERT_EQ(order.size(), 8u);
  EXPECT_THAT(std::vector(order.begin(), order.begin() + 3), UnorderedElementsAre("a", "b", "d"));
}

}  // namespace
}  // namespace plimsoll
