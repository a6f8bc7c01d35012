#include <chrono>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gmock/gmock.h>

#include "client_fixture.hpp"

namespace plimsoll::http {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::silence;

body_source letters(std::uint64_t size) {
  body_source made;
  made.size = size;
  made.read = [](std::uint64_t offset, std::span<char> out) {
    for (auto& c : out) c = static_cast<char>('a' + offset++ % 26);
  };
  return made;
}

TEST_F(Client, SendsABodyWithItsLength) {
  auto& server = serve({after_body(4, ok(""))});
  const auto got = send_one(request("PUT", "/b").header("Content-Type", "a/b").body("data"));
  EXPECT_THAT(server.requests().at(0),
              EndsWith("\r\nContent-Type: a/b\r\nContent-Length: 4\r\n\r\ndata"));
  EXPECT_EQ(got.last.sent_body_size, 4u);
}

TEST_F(Client, SendsABodyThatIsMadeOnTheWay) {
  constexpr std::size_t size = 200'000;
  auto& server = serve({after_body(size, ok(""))});
  const auto got = send_one(request("PUT", "/b").body(letters(size)));
  EXPECT_EQ(got.error, "");
  std::string expected(size, '\0');
  letters(size).read(0, expected);
  EXPECT_THAT(server.requests().at(0), EndsWith("\r\n\r\n" + expected));
}

TEST_F(Client, SendsChunksWithoutALength) {
  const std::string wire = "4\r\ndata\r\n0\r\n\r\n";
  auto& server = serve({after_body(wire.size(), ok(""))});
  (void)send_one(request("PATCH", "/b").body("data").chunked());
  EXPECT_THAT(server.requests().at(0), EndsWith("Transfer-Encoding: chunked\r\n\r\n" + wire));
  EXPECT_THAT(server.requests().at(0), Not(HasSubstr("Content-Length")));
}

TEST_F(Client, CutsABodyWhereItWasAsked) {
  auto& server = serve({after_body(4, ok("")), ok("")});
  const auto all = send({request("PUT", "/b").body("data").cut_after(2), request("GET", "/")});
  EXPECT_EQ(all.at(0).error, "cut as asked");
  EXPECT_EQ(all.at(0).last.sent_body_size, 2u);
  EXPECT_EQ(server.connections(), 2u);
  EXPECT_THAT(server.requests(), ::testing::Contains(EndsWith("Content-Length: 4\r\n\r\nda")));
}

TEST_F(Client, GivesABodyToTheSinkOnlyWhereItIsASuccess) {
  serve({ok("taken"), raw({"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nkept"})});
  std::string sunk;
  const body_sink sink = [&](std::string_view piece) { sunk += piece; };
  const auto all = send({request("GET", "/").sink(sink), request("GET", "/").sink(sink)});
  EXPECT_EQ(sunk, "taken");
  EXPECT_EQ(all.at(0).response.body, "");
  EXPECT_EQ(all.at(0).response.body_size, 5u);
  EXPECT_EQ(all.at(1).response.body, "kept");
}

constexpr std::uint64_t never_taken = 1U << 30U;  ///< More than sockets hold.

TEST_F(Client, DoesNotWaitForABodyToBeTakenForEver) {
  auto& server = serve({silence()});
  options.timeouts.idle = milliseconds(30);
  EXPECT_EQ(send_one(request("PUT", "/b").body(letters(never_taken))).error,
            "send " + server.host() + ": timed out after 30 ms");
}

TEST_F(Client, TakesARefusalOfABodyThatIsNotReadAndSendsNoMoreOfIt) {
  const auto refusal = raw({"HTTP/1.1 4", "13 Too Large\r\nContent-Length: 4\r\n\r\nfu", "ll"});
  auto& server = serve({deaf_behind(refusal), ok("next")});
  const auto all = send({request("PUT", "/b").body(letters(never_taken)), request("GET", "/")});
  EXPECT_EQ(all.at(0).error, "");
  EXPECT_EQ(all.at(0).response.status, 413);
  EXPECT_EQ(all.at(0).response.body, "full");
  EXPECT_EQ(all.at(0).earlier.size(), 0u);
  EXPECT_LT(all.at(0).last.sent_body_size, never_taken);
  EXPECT_EQ(all.at(1).response.body, "next");
  EXPECT_EQ(server.connections(), 2u);
}

TEST_F(Client, TakesARefusalBehindAnInterimResponse) {
  serve({deaf_behind(raw(
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 ", "413 Too Large\r\nContent-Length: 0\r\n\r\n"}))});
  const auto got = send_one(request("PUT", "/b").body(letters(never_taken)).chunked());
  EXPECT_EQ(got.error, "");
  EXPECT_EQ(got.response.status, 413);
}

TEST_F(Client, SaysWhatIsWrongWithAnAnswerThatComesBeforeTheBodyIsRead) {
  auto& server =
      serve({deaf_behind(raw({"\x15\x03\x01" + std::string(8, '-')})),
             deaf_behind(raw({"220 SMTP ready\r\n"})), deaf_behind(raw({"HTTP/1.1 413 Too"}))});
  options.retries = 0;
  options.timeouts.idle = milliseconds(30);
  const auto asked = request("PUT", "/b").body(letters(never_taken));
  const auto all = send({asked, asked, asked});
  const std::string from = "read " + server.host() + ": ";
  EXPECT_EQ(all.at(0).error, from + "the answer is TLS, to a request without");
  EXPECT_EQ(all.at(1).error, from + "bad version");
  EXPECT_EQ(all.at(2).error, from + "timed out after 30 ms");
}

/// Letters with a blank line at their end, which is where the scripted server answers next.
body_source paragraph(std::uint64_t size) {
  body_source made = letters(size);
  made.read = [size, text = made.read](std::uint64_t offset, std::span<char> out) {
    constexpr std::string_view blank_line = "\r\n\r\n";
    text(offset, out);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto left = size - offset - i;
      if (left <= blank_line.size()) out[i] = blank_line[blank_line.size() - left];
    }
  };
  return made;
}

TEST_F(Client, SendsAllOfABodyBehindAnInterimResponse) {
  constexpr std::uint64_t size = 1U << 20U;
  auto& server = serve({raw({"HTTP/1.1 100 Continue\r\n\r\n"}), ok("taken"), ok("next")});
  const auto all = send({request("PUT", "/b").body(paragraph(size)), request("GET", "/")});
  EXPECT_EQ(all.at(0).response.body, "taken");
  EXPECT_EQ(all.at(0).last.sent_body_size, size);
  EXPECT_EQ(server.requests().at(1).size(), size);
  EXPECT_EQ(all.at(1).response.body, "next");
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(Client, SendsAllOfABodyThatIsTakenEarly) {
  constexpr std::uint64_t size = 1U << 20U;
  auto& server = serve({ok("taken"), raw({}), ok("next")});
  const auto all = send({request("PUT", "/b").body(paragraph(size)), request("GET", "/")});
  EXPECT_EQ(all.at(0).response.body, "taken");
  EXPECT_EQ(all.at(0).last.sent_body_size, size);
  EXPECT_EQ(all.at(1).response.body, "next");
  EXPECT_EQ(server.requests().at(1).size(), size);
}

TEST_F(Client, EndsABodyThatIsNotTakenInTime) {
  options.timeouts.exchange = milliseconds(30);
  serve({silence()});
  EXPECT_THAT(send_one(request("PUT", "/b").body(letters(never_taken))).error,
              EndsWith("not over after 30 ms (during send)"));
}

TEST_F(Client, EndsABodyUnderWayWhenItIsInterrupted) {
  auto& server = serve({silence()});
  auto made = client::make(io.get_executor(), options);
  ASSERT_TRUE(made);
  asio::co_spawn(io, interrupt_when(server, 1, *made), asio::detached);
  exchange ended;
  run_coroutine(io, [&]() -> asio::awaitable<void> {
    ended = co_await made->send(request("PUT", "/b").body(letters(never_taken)));
  });
  EXPECT_EQ(ended.error, "send " + server.host() + ": interrupted");
}

TEST_F(Client, ThrowsWhatABodysSourceThrows) {
  serve({silence()});
  body_source torn = letters(never_taken);
  torn.read = [](std::uint64_t offset, std::span<char> /*out*/) {
    if (offset > 0) throw std::runtime_error("no more of it");
  };
  const auto sending = [&] { (void)send_one(request("PUT", "/b").body(torn)); };
  EXPECT_THAT(sending, ::testing::Throws<std::runtime_error>());
}

}  // namespace
}  // namespace plimsoll::http
