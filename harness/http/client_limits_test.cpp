#include <chrono>
#include <iterator>
#include <list>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client_fixture.hpp"
#include "plimsoll/http/rate_limit.hpp"
#include "rate_limiter.hpp"

namespace plimsoll::http {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

scripted_answer busy(int status, const std::string& retry_after = "") {
  const auto field = retry_after.empty() ? "" : "Retry-After: " + retry_after + "\r\n";
  return raw(
      {"HTTP/1.1 " + std::to_string(status) + " Busy\r\n" + field + "Content-Length: 0\r\n\r\n"});
}

scripted_answer lost() {
  return ending(raw({}));
}

const std::string uploads = "/v2/a/blobs/uploads/";

TEST_F(Client, SendsAnyRequestAgainThatWasNotProcessed) {
  for (const char* const method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    for (const int status : {429, 503}) {
      auto& server = serve({busy(status, "0"), busy(status), ok("now")});
      options.registry = server.url();
      const auto got = send_one(request(method, "/v2/a/x"));
      EXPECT_EQ(got.response.body, "now") << method << status;
      EXPECT_EQ(got.error, "");
      EXPECT_EQ(got.earlier.size(), 2u);
      EXPECT_EQ(got.last.purpose, "retry");
    }
  }
}

TEST_F(Client, OpensAnUploadAgainWhereTheAnswerWasLost) {
  auto& server = serve({lost(), busy(502), busy(504), ok("opened")});
  EXPECT_EQ(send_one(request("POST", uploads + "?digest=sha256:0")).response.body, "opened");
  EXPECT_EQ(server.requests().size(), 4u);
}

TEST_F(Client, AsksAgainForAnAnswerThatWasCutShort) {
  const auto cut = ending(raw({"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}));
  serve({cut, ok("all of it"), cut, ok("never")});
  std::string taken;
  const auto all =
      send({request("GET", "/"),
            request("GET", "/").sink([&](std::string_view piece) { taken += piece; })});
  EXPECT_EQ(all.at(0).response.body, "all of it");
  EXPECT_THAT(all.at(1).error, HasSubstr("closed after 4 bytes of the body of 9"));
  EXPECT_EQ(taken, "half");
}

TEST_F(Client, DoesNotJudgeAChunkThatAGatewayMayHavePassedOn) {
  auto& server = serve({ok("there"), busy(502), ok("never")});
  const auto all = send({request("GET", "/v2/"), request("PATCH", uploads + "1").body("")});
  EXPECT_THAT(all.at(1).error, HasSubstr("502 of a gateway leaves open whether PATCH was done"));
  EXPECT_EQ(all.at(1).failure, exchange_failure::network);
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST_F(Client, GivesUpWhereItIsToWaitLongerThanItMay) {
  auto& server = serve({busy(429, "3600"), ok("never")});
  options.limiter = make_rate_limiter(std::chrono::minutes(2));
  const auto all = send({request("GET", "/v2/"), request("PUT", "/v2/a/manifests/b")});
  EXPECT_EQ(all.at(0).failure, exchange_failure::rate_limited);
  EXPECT_EQ(all.at(0).error, "wait " + server.host() + ": no longer, for 429, Retry-After: 3600");
  EXPECT_EQ(all.at(1).failure, exchange_failure::rate_limited);
  EXPECT_EQ(all.at(1).error, all.at(0).error);
  EXPECT_EQ(all.at(1).response.status, 0);
  EXPECT_EQ(server.requests().size(), 1u);
  ASSERT_TRUE(gave_up_on(*options.limiter));
  EXPECT_EQ(gave_up_on(*options.limiter)->status, 429);
}

TEST_F(Client, GivesUpTogetherWithThoseThatShareItsLimiter) {
  auto& server = serve({busy(429, "Fri, 31 Dec 9999 23:59:59 GMT"), ok("never")});
  options.limiter = make_rate_limiter(std::chrono::minutes(2));
  (void)send_one(request("GET", "/v2/"));
  // Each call makes a client of its own.
  EXPECT_EQ(send_one(request("GET", "/v2/")).failure, exchange_failure::rate_limited);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(Client, GivesUpOnceTheSumOfItsWaitsIsUsedUp) {
  std::vector<scripted_answer> answers(100, busy(429));
  serve(std::move(answers));
  options.limiter = make_rate_limiter(milliseconds(50));
  const auto got = send_one(request("GET", "/v2/"));
  EXPECT_EQ(got.failure, exchange_failure::rate_limited);
  EXPECT_EQ(gave_up_on(*options.limiter)->text, "429");
}

TEST_F(Client, GoesOnWhereAHostFailsNowAndThenHoweverSlowlyItIsAsked) {
  for (const int status : {502, 503}) {
    std::vector<scripted_answer> answers;
    std::vector<request> requests;
    constexpr int count = 200;
    for (int i = 0; i < count; ++i) {
      if (i % 10 == 9) answers.push_back(busy(status));
      answers.push_back(ok("there"));
      requests.emplace_back("GET", "/v2/");
    }
    auto& server = serve(std::move(answers));
    options.registry = server.url();
    options.limiter = make_rate_limiter(std::chrono::seconds(3));
    for (const exchange& got : send(std::move(requests))) EXPECT_EQ(got.response.body, "there");
    EXPECT_FALSE(gave_up_on(*options.limiter)) << status;
  }
}

TEST_F(Client, TakesTheAnswerOfAHostThatHasGivenNoOther) {
  auto& server = serve({busy(503), busy(503), busy(503), busy(503), ok("never")});
  const auto got = send_one(request("GET", "/v2/"));
  EXPECT_EQ(got.error, "");
  EXPECT_EQ(got.response.status, 503);
  EXPECT_EQ(server.requests().size(), 4u);
}

TEST_F(Client, TakesTheAnswerToOneKindOfRequestWhereTheHostServesOthers) {
  std::vector<scripted_answer> answers{ok("there")};
  answers.insert(answers.end(), 5, busy(503));
  answers.push_back(ok("the probe"));
  answers.insert(answers.end(), 2, busy(503));
  answers.push_back(ok("next"));
  auto& server = serve(std::move(answers));
  options.limiter = make_rate_limiter(std::chrono::minutes(2));
  const auto all = send({request("GET", "/v2/"), request("HEAD", "/v2/a/blobs/1"),
                         request("HEAD", "/v2/b/blobs/2"), request("GET", "/v2/a/tags/list")});
  EXPECT_EQ(all.at(1).response.status, 503);
  EXPECT_EQ(all.at(1).error, "");
  EXPECT_EQ(all.at(2).response.status, 503);
  EXPECT_EQ(all.at(3).response.body, "next");
  EXPECT_THAT(server.requests().at(6), StartsWith("GET /v2/ "));
  EXPECT_FALSE(gave_up_on(*options.limiter));
}

TEST_F(Client, SaysThatItWasInterruptedWhileItWaits) {
  auto& server = serve({busy(503, "9"), ok("")});
  auto made = client::make(io.get_executor(), options);
  ASSERT_TRUE(made);
  exchange ended;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        ended = co_await made->send(request("GET", "/"));
        io.stop();
      },
      asio::detached);
  // Runs until the client has nothing to do but wait.
  while (server.requests().empty() || io.poll() > 0) io.run_one_for(milliseconds(20));
  made->interrupt();
  io.run_for(std::chrono::seconds(5));
  EXPECT_EQ(ended.failure, exchange_failure::interrupted);
  EXPECT_EQ(ended.error, "wait " + server.host() + ": interrupted");
  EXPECT_EQ(server.requests().size(), 1u);
}

/// Requests to one host that are under way by the limiter's leave.
class Limiter : public ::testing::Test {  // NOLINT(readability-identifier-naming)
 protected:
  static constexpr std::size_t most = 8;

  /// Asks for leave for that many, and lets all go that may.
  void ask(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto& request = requests.emplace_back();
      asio::co_spawn(
          io,
          [this, &request]() -> asio::awaitable<void> {
            const auto entry =
                co_await limiter.enter(io.get_executor(), "host", most, request, timers);
            if (entry == rate_limiter::entry::granted) ++under_way;
          },
          asio::detached);
    }
    settle();
  }

  void leave(attempts& request) {
    limiter.leave("host", request);
    --under_way;
    settle();
  }

  void settle() {
    io.restart();
    io.poll();
  }

  asio::io_context io;
  rate_limiter limiter{std::chrono::minutes(2)};
  std::set<asio::steady_timer*> timers;
  std::list<attempts> requests;
  std::size_t under_way = 0;
};

TEST_F(Limiter, LetsAllGoUntilThereIsASetback) {
  ask(100);
  EXPECT_EQ(under_way, 100u);
}

TEST_F(Limiter, HalvesWhatIsUnderWayAndRecoversWithAnswers) {
  ask(8);
  limiter.answered("host", requests.front(), "GET /");
  setback reason;
  reason.status = 429;
  reason.retry_after = milliseconds(0);
  leave(requests.front());
  EXPECT_EQ(limiter.set_back("host", requests.front(), "GET /", reason, 3), next_try::again);
  // Of the four that may be under way now there are more already.
  ask(1);
  EXPECT_EQ(under_way, 7u);
  auto first = std::next(requests.begin());
  for (int i = 0; i < 4; ++i) leave(*first++);
  EXPECT_EQ(under_way, 4u);
  auto& last = requests.back();
  for (int i = 0; i < 40; ++i) limiter.answered("host", last, "GET /");
  ask(10);
  EXPECT_EQ(under_way, 14u);
}

}  // namespace
}  // namespace plimsoll::http
