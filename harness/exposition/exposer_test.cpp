#include "plimsoll/exposition/exposer.hpp"

#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/run_coroutine.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/reports/metric_family.hpp"

namespace plimsoll::exposition {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

reports::metric_families one_gauge(double value) {
  auto made =
      reports::metric_family("plimsoll_example", "An example.", prometheus::MetricType::Gauge);
  reports::add_sample(made, value);
  return {made};
}

std::string body_of(const std::string& url) {
  boost::asio::io_context io;
  http::client_options how;
  how.registry = url.substr(0, url.rfind('/'));
  auto client = http::client::make(io.get_executor(), how);
  std::string body;
  plimsoll::testing::run_coroutine(io, [&]() -> boost::asio::awaitable<void> {
    const auto came = co_await client->send(http::request("GET", "/metrics"));
    body = came.response.body;
    client->close_idle();
  });
  return body;
}

TEST(Exposer, ServesWhatItsSourceSaysAtTheTimeOfTheScrape) {
  published last;
  const auto serving = exposer::start("0", [&last] { return last.get(); });
  ASSERT_TRUE(serving.has_value()) << serving.error().what();
  EXPECT_THAT(serving->url(), StartsWith("http://127.0.0.1:"));
  last.replace(one_gauge(1));
  EXPECT_THAT(body_of(serving->url()), HasSubstr("plimsoll_example 1\n"));
  last.replace(one_gauge(2));
  EXPECT_THAT(body_of(serving->url()), HasSubstr("plimsoll_example 2\n"));
}

TEST(Exposer, ListensWhereItIsTold) {
  for (const auto& [where, begins] : {std::pair{":0", "http://127.0.0.1:"},
                                      {"localhost:0", "http://127.0.0.1:"},
                                      {"127.0.0.2:0", "http://127.0.0.2:"}}) {
    const auto serving = exposer::start(where, [] { return one_gauge(3); });
    ASSERT_TRUE(serving.has_value()) << where << ": " << serving.error().what();
    EXPECT_THAT(serving->url(), StartsWith(begins));
    EXPECT_THAT(body_of(serving->url()), HasSubstr("plimsoll_example 3\n"));
  }
}

/// Whether this machine has the address ::1.
bool has_ipv6() {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor probe(io);
  const boost::asio::ip::tcp::endpoint at(boost::asio::ip::address_v6::loopback(), 0);
  boost::system::error_code failed;
  probe.open(at.protocol(), failed);
  if (!failed) probe.bind(at, failed);
  return !failed;
}

TEST(Exposer, ListensByIpv6) {
  if (!has_ipv6()) GTEST_SKIP() << "this machine has no IPv6";
  published last;
  const auto serving = exposer::start("[::1]:0", [&last] { return last.get(); });
  ASSERT_TRUE(serving.has_value()) << serving.error().what();
  EXPECT_THAT(serving->url(), StartsWith("http://[::1]:"));
  EXPECT_THAT(serving->url(), ::testing::Not(HasSubstr(":0/")));
  for (const double value : {1, 2, 3}) {
    last.replace(one_gauge(value));
    const std::string shown = "plimsoll_example " + std::to_string(static_cast<int>(value)) + "\n";
    EXPECT_THAT(body_of(serving->url()), HasSubstr(shown));
  }
  const std::string where = serving->url().substr(7, serving->url().rfind('/') - 7);
  const auto second = exposer::start(where, [] { return one_gauge(2); });
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().what(), "listen " + where + ": Address already in use");
}

TEST(Exposer, ListensToAllByIpv6AndByIpv4) {
  if (!has_ipv6()) GTEST_SKIP() << "this machine has no IPv6";
  const auto serving = exposer::start("[::]:0", [] { return one_gauge(5); });
  ASSERT_TRUE(serving.has_value()) << serving.error().what();
  ASSERT_THAT(serving->url(), StartsWith("http://[::]:"));
  const std::string port = serving->url().substr(12);
  for (const std::string host : {"http://[::1]:", "http://127.0.0.1:"}) {
    EXPECT_THAT(body_of(host + port), HasSubstr("plimsoll_example 5\n")) << host;
  }
}

TEST(Exposer, GoesOnBehindASourceThatFails) {
  bool fails = true;
  const auto serving = exposer::start("0", [&fails] {
    if (fails) throw std::runtime_error("the disk is gone");
    return one_gauge(4);
  });
  ASSERT_TRUE(serving.has_value()) << serving.error().what();
  EXPECT_THAT(body_of(serving->url()), ::testing::Not(HasSubstr("plimsoll_example")));
  fails = false;
  EXPECT_THAT(body_of(serving->url()), HasSubstr("plimsoll_example 4\n"));
}

TEST(Exposer, SaysThatAPortIsTaken) {
  const auto first = exposer::start("0", [] { return one_gauge(1); });
  ASSERT_TRUE(first.has_value());
  const std::string port = first->url().substr(17, first->url().rfind('/') - 17);
  const auto second = exposer::start(port, [] { return one_gauge(2); });
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().what(), "listen 127.0.0.1:" + port + ": Address already in use");
}

TEST(Exposer, SaysWhatItExpectsOfAnAddress) {
  for (const std::string where : {"", "x", "9464x", "host.test:9464", "127.0.0.1:99999", "[::1]",
                                  "::1:9464", "[::g]:1", "[]:1", "[:1", "1.2.3.4:"}) {
    const auto serving = exposer::start(where, [] { return one_gauge(1); });
    ASSERT_TRUE(serving.has_error()) << where;
    EXPECT_THAT(serving.error().what(), HasSubstr("expected [ADDRESS:]PORT")) << where;
  }
}

}  // namespace
}  // namespace plimsoll::exposition
