#include <string>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/run_coroutine.hpp"
#include "harness/testing/scripted_server.hpp"
#include "plimsoll/runner/runner.hpp"
#include "plimsoll/scenario/context.hpp"

/// What becomes of a scenario whose requests were cut short by the end of the run, or had no answer
/// for another reason.
namespace plimsoll {
namespace {

namespace asio = boost::asio;

constexpr auto judges = requirement_ids("pull.blob.get-200", "tags.200");

constexpr scenario asking(asio::awaitable<void> (*body)(context&)) {
  return {.id = "pull/asks",
          .title = "What is asked for is there",
          .category = "pull",
          .judges = judges,
          .body = body};
}

http::request a_request(context& ctx) {
  return {"GET", "/v2/" + ctx.repository() + "/tags/list"};
}

asio::awaitable<void> ask_alone(context& ctx) {
  const auto seen = co_await ctx.send(a_request(ctx));
  ctx.expect(seen, "tags.200").status(200);
}

/// More of them than the client has connections: some have not even begun when the run ends.
asio::awaitable<void> ask_at_once(context& ctx) {
  const auto answers = co_await ctx.send_all(std::vector<http::request>(5, a_request(ctx)));
  for (const http::exchange& seen : answers) ctx.expect(seen, "tags.200").status(200);
}

asio::awaitable<void> ask_for_any_answer(context& ctx) {
  const auto seen = co_await ctx.try_send(a_request(ctx));
  ctx.expect(seen, "tags.200").holds(seen.answered(), "an answer", "none");
}

asio::awaitable<void> ask_at_once_for_any_answer(context& ctx) {
  const auto answers = co_await ctx.try_send_all(std::vector<http::request>(5, a_request(ctx)));
  for (const http::exchange& seen : answers) {
    ctx.expect(seen, "tags.200").holds(seen.response.status == 200, "status 200", "another");
  }
}

/// The first answer breaks a rule before the run ends.
asio::awaitable<void> break_and_ask_on(context& ctx) {
  const auto seen = co_await ctx.send(a_request(ctx));
  ctx.expect(seen, "pull.blob.get-200").status(200);
  const auto later = co_await ctx.send(a_request(ctx));
  ctx.expect(later, "tags.200").status(200);
}

/// Ends the run as soon as `requests` requests have come to the server, and until it is over cuts
/// short what is under way: what waited for a connection gets one when another is cut.
asio::awaitable<void> end_after(const testing::scripted_server& server, std::size_t requests,
                                http::client& registry, std::stop_source& source,
                                const bool& is_over) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  while (server.requests().size() < requests) {
    timer.expires_after(std::chrono::milliseconds(1));
    co_await timer.async_wait(asio::use_awaitable);
  }
  source.request_stop();
  while (!is_over) {
    registry.interrupt();
    timer.expires_after(std::chrono::milliseconds(1));
    co_await timer.async_wait(asio::use_awaitable);
  }
}

/// Runs the scenario on a registry that gives `answers` and then none, and ends the run when all
/// that can be under way is under way.
scenario_result ended_early(const scenario& what, std::vector<testing::scripted_answer> answers,
                            std::size_t requests) {
  asio::io_context io;
  answers.resize(answers.size() + 5, testing::silence());
  const testing::scripted_server server(io, std::move(answers));
  http::client_options how;
  how.registry = server.url();
  how.connections = 2;
  auto client = http::client::make(io.get_executor(), how);
  EXPECT_TRUE(client.has_value());
  run_outcome outcome;
  std::stop_source source;
  bool is_over = false;
  testing::run_coroutine(io, [&]() -> asio::awaitable<void> {
    run_options options;
    options.repository_prefix = "p";
    options.run_id = "1";
    options.stopping = source.get_token();
    std::vector<const scenario*> all(1, &what);
    const auto executor = co_await asio::this_coro::executor;
    asio::co_spawn(executor, end_after(server, requests, *client, source, is_over), asio::detached);
    outcome = co_await run_scenarios(std::move(all), *client, options);
    is_over = true;
  });
  return outcome.scenarios.at(0);
}

TEST(EndedRun, JudgesNoRequestThatItCutShort) {
  const scenario alone = asking(ask_alone);
  const scenario any = asking(ask_for_any_answer);
  for (const scenario* const what : {&alone, &any}) {
    const scenario_result result = ended_early(*what, {}, 1);
    EXPECT_EQ(result.outcome, verdict::error);
    EXPECT_THAT(result.checks, ::testing::IsEmpty());
  }
}

TEST(EndedRun, JudgesNoneOfSeveralRequestsThatWereUnderWayOrHadNotBegun) {
  const scenario all = asking(ask_at_once);
  const scenario any = asking(ask_at_once_for_any_answer);
  for (const scenario* const what : {&all, &any}) {
    const scenario_result result = ended_early(*what, {}, 2);
    EXPECT_EQ(result.outcome, verdict::error);
    EXPECT_THAT(result.checks, ::testing::IsEmpty());
  }
}

TEST(EndedRun, KeepsWhatWasBrokenBefore) {
  testing::scripted_answer refusal;
  refusal.pieces = {"HTTP/1.1 400 X\r\nContent-Length: 0\r\n\r\n"};
  const scenario what = asking(break_and_ask_on);
  const scenario_result result = ended_early(what, {refusal}, 2);
  EXPECT_EQ(result.outcome, verdict::fail);
  ASSERT_EQ(result.checks.size(), 1u);
  EXPECT_EQ(result.checks[0].requirement, "pull.blob.get-200");
}

asio::awaitable<void> judge_no_answer(context& ctx) {
  const auto seen = co_await ctx.try_send(a_request(ctx));
  ctx.expect(seen, "tags.200").status(200);
}

asio::awaitable<void> require_no_answer(context& ctx) {
  const auto seen = co_await ctx.try_send(a_request(ctx));
  ctx.require_status(seen, 200, "tags.200");
}

TEST(MissingAnswer, IsNeverAStatus) {
  const scenario judged = asking(judge_no_answer);
  const scenario required = asking(require_no_answer);
  for (const scenario* const what : {&judged, &required}) {
    asio::io_context io;
    testing::scripted_answer nothing;
    nothing.close = true;
    const testing::scripted_server server(io, std::vector<testing::scripted_answer>(5, nothing));
    http::client_options how;
    how.registry = server.url();
    how.retries = 0;
    auto client = http::client::make(io.get_executor(), how);
    ASSERT_TRUE(client.has_value());
    run_outcome outcome;
    testing::run_coroutine(io, [&]() -> asio::awaitable<void> {
      run_options options;
      options.repository_prefix = "p";
      options.run_id = "1";
      std::vector<const scenario*> all(1, what);
      outcome = co_await run_scenarios(std::move(all), *client, options);
    });
    EXPECT_EQ(outcome.scenarios.at(0).outcome, verdict::error);
    EXPECT_THAT(outcome.scenarios.at(0).checks, ::testing::IsEmpty());
  }
}

}  // namespace
}  // namespace plimsoll
