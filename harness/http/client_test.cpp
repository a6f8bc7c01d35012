#include "plimsoll/http/client.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client_fixture.hpp"

namespace plimsoll::http {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::silence;
using ::testing::StartsWith;

TEST_F(Client, GivesStatusFieldsAndBodyOfAnAnswerInPieces) {
  auto& server = serve({raw(
      {"HTTP/1.1 2", "00 OK\r\nX-Na", "me: Value\r\nContent-Length: 5\r\n\r", "\nhel", "lo"})});
  const auto got = send_one(request("GET", "/v2/"));
  EXPECT_EQ(got.error, "");
  EXPECT_EQ(got.response.status, 200);
  EXPECT_EQ(got.response.header("x-name"), "Value");
  EXPECT_EQ(got.response.body, "hello");
  EXPECT_EQ(got.response.body_size, 5u);
  EXPECT_EQ(got.url, server.url() + "/v2/");
  EXPECT_EQ(got.last.response.body, "");
  EXPECT_EQ(server.requests().at(0), "GET /v2/ HTTP/1.1\r\nHost: " + server.host() +
                                         "\r\nUser-Agent: plimsoll\r\n"
                                         "Accept-Encoding: identity\r\n\r\n");
}

TEST_F(Client, KeepsTheConnectionForTheNextRequest) {
  auto& server = serve({ok("one"), ok("two")});
  const auto all = send({request("GET", "/1"), request("GET", "/2")});
  EXPECT_EQ(all.at(1).response.body, "two");
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(Client, OpensAnotherConnectionWhereTheServerClosesTheFirst) {
  auto& server =
      serve({ending(raw({"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it"})), ok("two")});
  const auto all = send({request("GET", "/1"), request("GET", "/2")});
  EXPECT_EQ(all.at(0).response.body, "all of it");
  EXPECT_EQ(all.at(1).response.body, "two");
  EXPECT_EQ(server.connections(), 2u);
}

TEST_F(Client, RepeatsAnIdempotentRequestOnceOverAStaleConnectionEvenWithoutRetries) {
  options.retries = 0;
  auto& server = serve({ok("one"), ending(raw({})), ok("two")});
  const auto all = send({request("GET", "/1"), request("GET", "/2")});
  EXPECT_EQ(all.at(1).response.body, "two");
  ASSERT_EQ(all.at(1).earlier.size(), 1u);
  EXPECT_THAT(all.at(1).earlier.at(0).error, HasSubstr("closed without a response"));
  EXPECT_EQ(all.at(1).last.purpose, "retry");
  EXPECT_EQ(server.connections(), 2u);
}

TEST_F(Client, DoesNotRepeatAPost) {
  auto& server = serve({ok("one"), ending(raw({})), ok("two")});
  const auto all = send({request("GET", "/1"), request("POST", "/2")});
  EXPECT_THAT(all.at(1).error, HasSubstr("closed without a response"));
  EXPECT_EQ(server.requests().size(), 2u);
}

const scripted_answer not_found = raw({"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone"});

TEST_F(Client, TellsNothingFrom404WhereTheAnswerToTheSameRequestWasLost) {
  for (const auto* method : {"DELETE", "PUT"}) {
    auto& server = serve({ending(raw({})), not_found});
    options.registry = server.url();
    const auto got = send_one(request(method, "/v2/a/blobs/x"));
    EXPECT_EQ(got.error, "read " + server.host() +
                             ": the connection was closed without a response, and 404 to the same "
                             "request once more may mean that it was done");
    EXPECT_EQ(got.response.status, 404);
    EXPECT_EQ(got.response.body, "gone");
    EXPECT_EQ(got.last.error, "");
    EXPECT_EQ(got.last.purpose, "retry");
  }
}

TEST_F(Client, TakesEveryOtherAnswerBehindOneThatWasLost) {
  serve({ending(raw({})), not_found, ending(raw({})), ok("done"), not_found});
  const auto all = send({request("GET", "/"), request("DELETE", "/"), request("DELETE", "/")});
  EXPECT_EQ(all.at(0).error, "");
  EXPECT_EQ(all.at(0).response.status, 404);
  EXPECT_EQ(all.at(1).error, "");
  EXPECT_EQ(all.at(1).response.body, "done");
  EXPECT_EQ(all.at(2).error, "");
  EXPECT_EQ(all.at(2).response.status, 404);
}

TEST_F(Client, WaitsInTurnWhereAllConnectionsAreInUse) {
  options.connections = 1;
  auto& server = serve({ok("a"), ok("b"), ok("c")});
  auto made = client::make(io.get_executor(), options);
  ASSERT_TRUE(made);
  std::vector<std::string> bodies;
  const auto one = [&]() -> asio::awaitable<void> {
    auto got = co_await made->send(request("GET", "/"));
    bodies.push_back(got.response.body);
    if (bodies.size() == 3) io.stop();
  };
  for (int i = 0; i < 3; ++i) asio::co_spawn(io, one, asio::detached);
  io.run_for(std::chrono::seconds(10));
  EXPECT_THAT(bodies, ::testing::ElementsAre("a", "b", "c"));
  EXPECT_EQ(server.connections(), 1u);
}

struct broken_answer {
  std::string name;
  std::vector<std::string> pieces;
  std::string reason;
  bool silent = false;
};

class ClientWithABrokenServer : public Client,
                                public ::testing::WithParamInterface<broken_answer> {};

TEST_P(ClientWithABrokenServer, SaysWhatIsWrong) {
  options.retries = 0;
  options.limits.header_bytes = 1024;
  options.limits.body_bytes = 1024;
  options.timeouts.first_byte = milliseconds(30);
  options.timeouts.idle = milliseconds(30);
  auto answer = raw(GetParam().pieces);
  answer.silent = GetParam().pieces.empty() && GetParam().silent;
  answer.close = !GetParam().silent;
  auto& server = serve({answer});
  const auto got = send_one(request("GET", "/v2/"));
  const auto space = GetParam().reason.find(" @: ");
  EXPECT_EQ(got.error, GetParam().reason.substr(0, space) + " " + server.host() + ": " +
                           GetParam().reason.substr(space + 4));
  EXPECT_EQ(got.last.error, got.error);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, ClientWithABrokenServer,
    ::testing::Values(
        broken_answer{"NoAnswer", {}, "read @: the connection was closed without a response"},
        broken_answer{"HalfAHeader",
                      {"HTTP/1.1 200 OK\r\nContent-"},
                      "read @: the connection was closed within the response's header"},
        broken_answer{"TooShortABody",
                      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"},
                      "read @: the connection was closed after 3 bytes of the body of 10"},
        broken_answer{"HalfAChunk",
                      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"},
                      "read @: the connection was closed after 2 bytes of the body"},
        broken_answer{"EndlessHeader",
                      {"HTTP/1.1 200 OK\r\nX-Long: " + std::string(4096, 'x')},
                      "read @: the header is over the limit of 1024 bytes"},
        broken_answer{"EndlessChunkExtension",
                      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0;" +
                       std::string(4096, 'x')},
                      "read @: a chunk's extension or the trailer is over the limit of 1024 bytes"},
        broken_answer{"EndlessTrailer",
                      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Long: " +
                       std::string(4096, 'x')},
                      "read @: a chunk's extension or the trailer is over the limit of 1024 bytes"},
        broken_answer{"TooLongABody",
                      {"HTTP/1.1 200 OK\r\n\r\n" + std::string(4096, 'x')},
                      "read @: the body is over the limit of 1024 bytes"},
        broken_answer{"StatusBeyondHttp",
                      {"HTTP/1.1 799 Odd\r\nContent-Length: 0\r\n\r\n"},
                      "read @: a status of 799"},
        broken_answer{"Silence", {}, "first byte @: timed out after 30 ms", true},
        broken_answer{"StopsInTheBody",
                      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"},
                      "read @: timed out after 30 ms",
                      true}),
    [](const auto& row) { return row.param.name; });

TEST_F(Client, SaysThatTheConnectionWasRefused) {
  asio::ip::tcp::acceptor closed(io, {asio::ip::address_v4::loopback(), 0});
  const auto host = "127.0.0.1:" + std::to_string(closed.local_endpoint().port());
  closed.close();
  options.registry = "http://" + host;
  const auto got = send_one(request("GET", "/v2/"));
  EXPECT_EQ(got.error, "connect " + host + ": Connection refused");
  EXPECT_EQ(got.response.status, 0);
}

/// A port whose queue of connections is full: the system answers no further one.
class unanswered_port {
 public:
  explicit unanswered_port(asio::io_context& io) : acceptor_(io), first_(io) {
    acceptor_.open(asio::ip::tcp::v4());
    acceptor_.bind({asio::ip::address_v4::loopback(), 0});
    acceptor_.listen(0);
    first_.connect(acceptor_.local_endpoint());
    // The queue holds one more than it was told to, and is full; what follows is dropped.
  }
  [[nodiscard]] std::string host() const {
    return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }

 private:
  asio::ip::tcp::acceptor acceptor_;
  asio::ip::tcp::socket first_;
};

TEST_F(Client, DoesNotWaitForAConnectionForEver) {
  const unanswered_port port(io);
  options.registry = "http://" + port.host();
  options.timeouts.connect = milliseconds(30);
  EXPECT_EQ(send_one(request("GET", "/")).error,
            "connect " + port.host() + ": timed out after 30 ms");
}

TEST_F(Client, EndsAnExchangeThatIsNotOverInTime) {
  options.timeouts.exchange = milliseconds(30);
  serve({silence()});
  EXPECT_THAT(send_one(request("GET", "/")).error,
              EndsWith("not over after 30 ms (during first byte)"));
}

TEST_F(Client, DoesNotWaitForTheBodyOfHead) {
  auto& server = serve({raw({"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"}), ok("next")});
  const auto all = send({request("HEAD", "/"), request("GET", "/")});
  EXPECT_EQ(all.at(0).error, "");
  EXPECT_EQ(all.at(0).response.header("Content-Length"), "10");
  EXPECT_EQ(all.at(1).response.body, "next");
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(Client, TakesWhatComesBehindAnAnswerToHeadWhereTheConnectionIsToClose) {
  auto& server = serve({ending(raw({"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nat on", "ce"})),
                        ending(raw({"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"}))});
  const auto closing = request("HEAD", "/").header("Connection", "close");
  const auto all = send({closing, closing});
  EXPECT_THAT(server.requests().at(0), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_EQ(all.at(0).error, "");
  EXPECT_EQ(all.at(0).response.body, "at once");
  EXPECT_EQ(all.at(0).response.body_size, 7u);
  EXPECT_EQ(all.at(1).error, "");
  EXPECT_EQ(all.at(1).response.body_size, 0u);
}

TEST_F(Client, PassesOverInterimResponses) {
  serve({raw({"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
              "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"})});
  const auto got = send_one(request("PUT", "/"));
  EXPECT_EQ(got.response.status, 201);
  EXPECT_FALSE(got.response.header("Link"));
}

TEST_F(Client, SendsNoFieldWithALineBreak) {
  auto& server = serve({ok("")});
  const auto got = send_one(request("GET", "/").header("X", "a\r\nY: b"));
  EXPECT_EQ(got.error, "request: a line break in a header field");
  EXPECT_EQ(server.connections(), 0u);
}

TEST_F(Client, NamesTheTlsFileThatItCannotUse) {
  options.registry = "https://127.0.0.1:1";
  options.tls.ca_file = "no/such/file.pem";
  const auto made = client::make(io.get_executor(), options);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().what(), StartsWith("CA file no/such/file.pem: "));
}

TEST_F(Client, EndsWhatIsUnderWayWhenItIsInterrupted) {
  auto& server = serve({silence(), ok("after")});
  auto made = client::make(io.get_executor(), options);
  ASSERT_TRUE(made);
  asio::co_spawn(io, interrupt_when(server, 1, *made), asio::detached);
  exchange ended;
  exchange after;
  run_coroutine(io, [&]() -> asio::awaitable<void> {
    ended = co_await made->send(request("GET", "/"));
    after = co_await made->send(request("GET", "/"));
  });
  EXPECT_EQ(ended.error, "first byte " + server.host() + ": interrupted");
  EXPECT_EQ(ended.failure, exchange_failure::interrupted);
  EXPECT_EQ(after.response.body, "after");
}

TEST_F(Client, CountsItsTraffic) {
  serve({after_body(4, ok("12345"))});
  auto made = client::make(io.get_executor(), options);
  ASSERT_TRUE(made);
  run_coroutine(io, [&]() -> asio::awaitable<void> {
    (void)co_await made->send(request("PUT", "/").body("data"));
  });
  EXPECT_EQ(made->traffic_so_far().requests, 1u);
  EXPECT_EQ(made->traffic_so_far().bytes_sent, 4u);
  EXPECT_EQ(made->traffic_so_far().bytes_received, 5u);
}

}  // namespace
}  // namespace plimsoll::http
