#include "plimsoll/exposition/push.hpp"

#include <thread>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/scripted_server.hpp"
#include "plimsoll/reports/metric_family.hpp"

namespace plimsoll::exposition {
namespace {

using plimsoll::testing::scripted_answer;
using plimsoll::testing::scripted_server;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* sample_text =
    "# HELP plimsoll_example An example.\n# TYPE plimsoll_example gauge\nplimsoll_example 1\n";

/// A Pushgateway that gives these answers, on a thread of its own: a push blocks.
class scripted_gateway {
 public:
  explicit scripted_gateway(std::vector<scripted_answer> answers)
      : server_(io_, std::move(answers)), thread_([this] { io_.run(); }) {}
  scripted_gateway(const scripted_gateway&) = delete;
  scripted_gateway& operator=(const scripted_gateway&) = delete;
  ~scripted_gateway() { stop(); }

  [[nodiscard]] std::string host() const { return host_; }
  /// What came, once nothing more does.
  [[nodiscard]] const std::vector<std::string>& requests() {
    stop();
    return server_.requests();
  }

 private:
  void stop() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  boost::asio::io_context io_;
  scripted_server server_;
  std::string host_ = server_.host();
  std::thread thread_;
};

scripted_answer answer(const std::string& status, const std::string& body = {}) {
  scripted_answer made;
  made.body = std::string_view(sample_text).size();
  made.pieces = {"HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
                 "\r\n\r\n" + body};
  return made;
}

result<void> push_example(const std::string& url, std::chrono::milliseconds patience) {
  auto to = gateway_at(url, {});
  if (!to) return to.error();
  to->connect.timeouts.first_byte = patience;
  auto gauge =
      reports::metric_family("plimsoll_example", "An example.", prometheus::MetricType::Gauge);
  reports::add_sample(gauge, 1);
  const metric_group group{"plimsoll-test", {{"registry", "http://r.test:5000"}}};
  return push(*to, group, {gauge});
}

result<void> push_example(const std::string& url) {
  return push_example(url, std::chrono::seconds(8));
}

TEST(MetricGroup, IsAPathThatAGatewayReads) {
  // As the Pushgateway's README has it: a value with a slash goes in URL-safe base64.
  EXPECT_EQ(path_of({"some_job", {{"path", "/var/tmp"}}}),
            "/metrics/job/some_job/path@base64/L3Zhci90bXA=");
  EXPECT_EQ(path_of({"job", {{"empty", ""}, {"odd", "a b?"}}}),
            "/metrics/job/job/empty@base64/=/odd/a%20b%3F");
  EXPECT_THAT(path_of({"job", {{"x", "/?>~/\xff\xfe"}}}), Not(HasSubstr("+")));
}

TEST(Push, AddsToTheGroupBelowTheGatewaysPath) {
  scripted_gateway gateway({answer("200 OK")});
  const auto pushed = push_example("http://" + gateway.host() + "/prefix/");
  ASSERT_TRUE(pushed.has_value()) << pushed.error().what();
  const std::string request = gateway.requests().at(0);
  EXPECT_THAT(request, StartsWith("POST /prefix/metrics/job/plimsoll-test/registry@base64/"
                                  "aHR0cDovL3IudGVzdDo1MDAw HTTP/1.1\r\n"));
  EXPECT_THAT(request, ::testing::EndsWith(std::string("\r\n\r\n") + sample_text));
}

TEST(Push, LogsInWithTheUrlsLoginAndTellsItNobody) {
  scripted_gateway gateway({answer("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"gateway\""),
                            answer("500 Internal Server Error", "disk full")});
  const auto pushed = push_example("http://me:p%40ss@" + gateway.host());
  ASSERT_TRUE(pushed.has_error());
  EXPECT_EQ(pushed.error().what(),
            "Pushgateway http://" + gateway.host() + ": answered with 500: disk full");
  EXPECT_THAT(gateway.requests().at(1), HasSubstr("Authorization: Basic bWU6cEBzcw=="));
}

TEST(Push, OfMetricsThatTheGatewayRefusesSaysWhy) {
  scripted_gateway gateway({answer("400 Bad Request", "text format parsing error\x1b[1m\n")});
  const auto pushed = push_example("http://" + gateway.host());
  ASSERT_TRUE(pushed.has_error());
  EXPECT_THAT(pushed.error().what(),
              HasSubstr("answered with 400: text format parsing error\\x1B"));
}

TEST(Push, ToAGatewayThatIsDownOrSlowEnds) {
  const auto down = push_example("http://127.0.0.1:1");
  ASSERT_TRUE(down.has_error());
  EXPECT_THAT(down.error().what(), StartsWith("Pushgateway http://127.0.0.1:1: connect"));

  auto silence = answer("200 OK");
  silence.silent = true;
  scripted_gateway gateway({silence});
  const auto slow = push_example("http://" + gateway.host(), std::chrono::milliseconds(50));
  ASSERT_TRUE(slow.has_error());
  EXPECT_THAT(slow.error().what(), HasSubstr("timed out"));
}

TEST(GatewayUrl, IsRefusedWhereItIsNone) {
  for (const std::string url : {"", "gateway.test:9091", "http://", "http://h/?q=1"}) {
    EXPECT_TRUE(gateway_at(url, {}).has_error()) << url;
  }
  const auto bad = gateway_at("http://me:%zz@h", {});
  ASSERT_TRUE(bad.has_error());
  EXPECT_THAT(bad.error().what(), Not(HasSubstr("%zz")));
}

}  // namespace
}  // namespace plimsoll::exposition
