#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/run_coroutine.hpp"
#include "harness/testing/scripted_server.hpp"
#include "plimsoll/runner/runner.hpp"
#include "plimsoll/scenario/context.hpp"

/// Requests that the configuration switches off.
namespace plimsoll {
namespace {

namespace asio = boost::asio;

constexpr auto judges = requirement_ids("push.manifest.201", "delete.manifest.202");

asio::awaitable<void> push_and_delete(context& ctx) {
  http::request push("PUT", "/v2/" + ctx.repository() + "/manifests/v1");
  push.body("{}");
  const auto pushed = co_await ctx.send(std::move(push));
  ctx.expect(pushed, "push.manifest.201").status(201);
  std::vector<http::request> deletions;
  deletions.emplace_back("DELETE", "/v2/" + ctx.repository() + "/manifests/v1");
  const auto deleted = co_await ctx.send_all(std::move(deletions));
  ctx.expect(deleted.front(), "delete.manifest.202").status(202);
}

constexpr scenario pushing{.id = "push/deleted",
                           .title = "A manifest is taken and deleted",
                           .category = "push",
                           .judges = judges,
                           .body = push_and_delete};

std::string no_deletion(const http::request& message) {
  return message.method() == "DELETE" ? "deletion is off (here)" : "";
}

TEST(SwitchedOffRequest, IsSentNeitherByAScenarioNorByTheCleanUp) {
  asio::io_context io;
  std::vector<testing::scripted_answer> answers(4);
  for (testing::scripted_answer& one : answers) {
    one.pieces = {"HTTP/1.1 201 X\r\nContent-Length: 0\r\n\r\n"};
  }
  answers[0].body = 2;
  const testing::scripted_server server(io, std::move(answers));
  http::client_options how;
  how.registry = server.url();
  auto client = http::client::make(io.get_executor(), how);
  ASSERT_TRUE(client.has_value());
  run_outcome outcome;
  testing::run_coroutine(io, [&]() -> asio::awaitable<void> {
    run_options options;
    options.repository_prefix = "p";
    options.run_id = "1";
    options.why_not_sent = no_deletion;
    std::vector<const scenario*> all(1, &pushing);
    outcome = co_await run_scenarios(std::move(all), *client, options);
  });
  EXPECT_EQ(server.requests().size(), 1u);
  const scenario_result& result = outcome.scenarios.at(0);
  EXPECT_EQ(result.outcome, verdict::skipped);
  EXPECT_EQ(result.reason, "deletion is off (here)");
  ASSERT_EQ(result.checks.size(), 1u);
  EXPECT_EQ(result.checks[0].outcome, verdict::pass);
  EXPECT_THAT(outcome.left_behind,
              ::testing::ElementsAre("p/1/push-deleted: 1 tags (deletion is off (here))",
                                     "p/1/push-deleted: 1 manifests (deletion is off (here))"));
}

}  // namespace
}  // namespace plimsoll
