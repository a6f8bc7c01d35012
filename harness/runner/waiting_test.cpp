// How a run waits for what the spec gives no time for.

#include <chrono>
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

namespace plimsoll {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr auto judges = requirement_ids("pull.manifest.get-200", "delete.manifest.get-404");

http::request manifest_request(context& ctx, const char* method) {
  return {method, "/v2/" + ctx.repository() + "/manifests/v1"};
}

boost::asio::awaitable<void> push_and_pull(context& ctx) {
  http::request push = manifest_request(ctx, "PUT");
  push.body("{\"a\": 12}");
  (void)co_await ctx.send(std::move(push));
  const auto got = co_await ctx.send(manifest_request(ctx, "GET"));
  ctx.expect(got, "pull.manifest.get-200").status(200);
}

boost::asio::awaitable<void> pull_what_is_absent(context& ctx) {
  const auto got = co_await ctx.send(manifest_request(ctx, "GET"));
  ctx.expect(got, "pull.manifest.get-200").status(404);
}

bool is_absent(const http::exchange& seen) {
  return seen.response.status == 404;
}

boost::asio::awaitable<void> wait_for_deletion(context& ctx) {
  const settle_condition is_gone = &is_absent;
  const auto got =
      co_await ctx.settle(settle_kind::deleted_manifest, manifest_request(ctx, "GET"), is_gone);
  ctx.expect(got, "delete.manifest.get-404").status(404);
}

boost::asio::awaitable<void> push_and_pull_behind_a_deletion(context& ctx) {
  http::request push = manifest_request(ctx, "PUT");
  push.body("{\"a\": 12}");
  (void)co_await ctx.send(std::move(push));
  http::request deletion("DELETE", "/v2/" + ctx.repository() + "/manifests/v2");
  (void)co_await ctx.send(std::move(deletion));
  const auto got = co_await ctx.send(manifest_request(ctx, "GET"));
  ctx.expect(got, "pull.manifest.get-200").status(200);
}

struct ran {
  scenario_result result;
  std::size_t requests = 0;
};

/// Runs the body against a server that gives these statuses, one after the other.
ran run(boost::asio::awaitable<void> (*body)(context&), const std::vector<int>& statuses,
        std::chrono::milliseconds settle) {
  boost::asio::io_context io;
  std::vector<testing::scripted_answer> answers(statuses.size());
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    answers[i].pieces = {"HTTP/1.1 " + std::to_string(statuses[i]) +
                         " X\r\nContent-Length: 0\r\n\r\n"};
    if (statuses[i] == 201) answers[i].body = 9;
  }
  const testing::scripted_server server(io, std::move(answers));
  http::client_options how;
  how.registry = server.url();
  how.connections = 1;
  auto client = http::client::make(io.get_executor(), how);
  EXPECT_TRUE(client.has_value());
  const scenario one{
      .id = "test/one", .title = "One", .category = "pull", .judges = judges, .body = body};
  run_outcome outcome;
  testing::run_coroutine(io, [&]() -> boost::asio::awaitable<void> {
    run_options options;
    options.repository_prefix = "p";
    options.run_id = "1";
    options.settle = settle;
    options.leaves_bytes = 100;
    std::vector<const scenario*> all(1, &one);
    outcome = co_await run_scenarios(std::move(all), *client, options);
  });
  return {outcome.scenarios.at(0), server.requests().size()};
}

TEST(Waiting, AsksAgainForWhatWasAcknowledgedAndIsNotThereYet) {
  const ran late = run(push_and_pull, {201, 404, 500, 200}, 60s);
  EXPECT_EQ(late.result.outcome, verdict::pass);
  EXPECT_EQ(late.requests, 4u);
  ASSERT_EQ(late.result.checks.size(), 1u);
  EXPECT_THAT(late.result.checks[0].note, HasSubstr("there after "));
}

TEST(Waiting, AsksOnceForWhatIsThereAndForWhatNobodyPushed) {
  EXPECT_EQ(run(push_and_pull, {201, 200, 404}, 60s).requests, 2u);
  const ran absent = run(pull_what_is_absent, {404, 200}, 60s);
  EXPECT_EQ(absent.requests, 1u);
  EXPECT_EQ(absent.result.outcome, verdict::pass);
}

TEST(Waiting, ThatIsCutShortOnlyWarns) {
  const ran never = run(push_and_pull, {201, 404, 404, 404, 404, 404, 404, 404}, 1ms);
  EXPECT_EQ(never.result.outcome, verdict::warn);
  ASSERT_EQ(never.result.checks.size(), 1u);
  EXPECT_THAT(never.result.checks[0].received, HasSubstr("status 404, still so after "));
  EXPECT_THAT(never.result.checks[0].capped, HasSubstr("--settle 60s judges"));
}

TEST(Waiting, OnlyWarnsBehindADeletionToo) {
  const ran judged = run(push_and_pull_behind_a_deletion, {201, 202, 404, 200}, 60s);
  EXPECT_EQ(judged.result.outcome, verdict::fail);
  EXPECT_EQ(judged.requests, 3u);
  const ran cut_short =
      run(push_and_pull_behind_a_deletion, {201, 202, 404, 404, 404, 404, 404}, 1ms);
  EXPECT_EQ(cut_short.result.outcome, verdict::warn);
  EXPECT_THAT(cut_short.result.checks.at(0).capped, HasSubstr("--settle 60s judges"));
}

TEST(Waiting, SaysHowLongADeletionTook) {
  const ran late = run(wait_for_deletion, {200, 200, 404}, 60s);
  EXPECT_EQ(late.result.outcome, verdict::pass);
  EXPECT_EQ(late.requests, 3u);
  EXPECT_THAT(late.result.checks.at(0).note, HasSubstr("gone after "));
}

}  // namespace
}  // namespace plimsoll
