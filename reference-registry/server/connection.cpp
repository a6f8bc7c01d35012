#include "server/connection.hpp"

#include <array>
#include <chrono>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "server/head.hpp"
#include "service/service.hpp"

namespace plimsoll::reference {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using parser_type = http::request_parser<http::string_body>;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds idle_limit{120};
constexpr std::chrono::seconds closing_limit{2};
constexpr std::uint32_t head_limit_bytes = 32 * 1024;
/// How much of a refused body is read so that the client gets to see the response.
constexpr std::uint64_t drain_limit_bytes = std::uint64_t{8} * 1024 * 1024;

/// One connection's state; its functions are coroutines that run one at a time.
struct connection {
  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  const application& app;

  connection(asio::ip::tcp::socket socket, const application& serves)
      : stream(std::move(socket)), app(serves) {}
};

request request_of(const parser_type& parser) {
  const auto& message = parser.get();
  request made;
  made.method = std::string(message.method_string());
  made.target = std::string(message.target());
  for (const auto& field : message) {
    made.headers.emplace_back(field.name_string(), field.value());
  }
  return made;
}

/// Whether bytes came and are not the beginning of a TLS handshake.
asio::awaitable<bool> receive_first(connection& on) {
  on.stream.expires_after(idle_limit);
  const auto space = on.buffer.prepare(4096);
  const auto [ec, count] = co_await on.stream.async_read_some(space, as_values);
  if (ec) co_return false;
  on.buffer.commit(count);
  constexpr unsigned char tls_handshake = 0x16;
  const auto* bytes = static_cast<const unsigned char*>(on.buffer.data().data());
  co_return count != 0 && bytes[0] != tls_handshake;
}

/// Whether it was sent. Head and body go out in one gathered write.
asio::awaitable<bool> send(connection& on, const response& reply, const reply_shape& shape) {
  const auto head = head_of(reply, shape);
  const auto body = shape.without_body ? std::string_view() : reply.payload();
  const bool chunked = reply.wire.chunked && !shape.without_body;
  const auto before = chunked && !body.empty() ? chunk_head(body.size()) : std::string();
  const std::string_view behind = !chunked ? "" : body.empty() ? "0\r\n\r\n" : "\r\n0\r\n\r\n";
  std::array<asio::const_buffer, 4> parts;
  parts[0] = asio::buffer(head);
  parts[1] = asio::buffer(before);
  parts[2] = asio::buffer(body.data(), body.size());
  parts[3] = asio::buffer(behind);
  on.stream.expires_after(idle_limit);
  const auto [ec, count] = co_await asio::async_write(on.stream, parts, as_values);
  co_return !ec;
}

/// Reads what is left of a refused body. Whether the connection can go on behind it.
asio::awaitable<bool> drain(connection& on, parser_type& parser) {
  while (!parser.is_done()) {
    on.stream.expires_after(closing_limit);
    const auto [ec, count] =
        co_await http::async_read_some(on.stream, on.buffer, parser, as_values);
    if (ec) co_return false;
    parser.get().body().clear();
  }
  co_return true;
}

/// Whether the connection goes on.
asio::awaitable<bool> refuse(connection& on, parser_type& parser, const request& head,
                             const response& reply) {
  const auto length = parser.content_length();
  const bool may_drain = parser.is_done() || (length && *length <= drain_limit_bytes);
  reply_shape shape;
  shape.without_body = head.method == "HEAD";
  // Who waits for "100 Continue" may send the body or not: what follows is unclear.
  shape.keep_alive =
      parser.keep_alive() && may_drain && !head.header("Expect") && !reply.wire.close;
  const bool sent = co_await send(on, reply, shape);
  if (!sent || !shape.keep_alive) co_return false;
  co_return co_await drain(on, parser);
}

asio::awaitable<bool> refuse_unreadable(connection& on, beast::error_code why) {
  if (why.category() != beast::error_code(http::error::bad_method).category() ||
      why == http::error::end_of_stream || why == http::error::partial_message) {
    co_return false;
  }
  const bool is_long = why == http::error::header_limit;
  const auto reply = failure(is_long ? 431 : 400, "UNSUPPORTED", "the request is not HTTP/1.1");
  const reply_shape shape;
  co_await send(on, reply, shape);
  co_return false;
}

/// Error body_limit where the body has more than `limit` bytes.
asio::awaitable<beast::error_code> receive_body(connection& on, parser_type& parser,
                                                std::uint64_t limit) {
  while (!parser.is_done()) {
    on.stream.expires_after(idle_limit);
    const auto [ec, count] =
        co_await http::async_read_some(on.stream, on.buffer, parser, as_values);
    if (parser.get().body().size() > limit) co_return http::error::body_limit;
    if (ec) co_return ec;
  }
  co_return beast::error_code();
}

asio::awaitable<bool> tell_to_continue(connection& on) {
  const std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
  const auto [ec, count] = co_await asio::async_write(on.stream, asio::buffer(text), as_values);
  co_return !ec;
}

asio::awaitable<void> wait(std::chrono::milliseconds time) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, time);
  co_await timer.async_wait(as_values);
}

/// The response to a request whose body is read. Whether the connection goes on.
asio::awaitable<bool> reply_to(connection& on, parser_type& parser, request& asked) {
  asked.body = std::move(parser.get().body());
  reply_shape shape;
  shape.without_body = asked.method == "HEAD";
  const auto reply = on.app.answer(asked);
  shape.keep_alive = parser.keep_alive() && !reply.wire.close && !reply.wire.without_length;
  if (on.app.how.delay.count() > 0) {
    co_await wait(on.app.how.delay);
  }
  const bool sent = co_await send(on, reply, shape);
  co_return sent&& shape.keep_alive;
}

/// Whether the connection goes on behind this request.
asio::awaitable<bool> serve_one(connection& on) {
  parser_type parser;
  parser.header_limit(head_limit_bytes);
  parser.body_limit(boost::none);
  on.stream.expires_after(idle_limit);
  const auto [ec, count] =
      co_await http::async_read_header(on.stream, on.buffer, parser, as_values);
  if (ec) {
    co_return co_await refuse_unreadable(on, ec);
  }

  auto asked = request_of(parser);
  std::optional<std::uint64_t> length;
  if (const auto given = parser.content_length()) length = *given;
  const auto refused = on.app.refusal(asked, length);
  if (refused) {
    co_return co_await refuse(on, parser, asked, *refused);
  }
  if (expects_continue(asked) && !parser.is_done()) {
    const bool told = co_await tell_to_continue(on);
    if (!told) co_return false;
  }
  const auto limit = body_limit(asked, *on.app.kept, on.app.how);
  const auto broken = co_await receive_body(on, parser, limit);
  if (broken == http::error::body_limit) {
    const auto reply = on.app.refuse_large(asked);
    co_return co_await refuse(on, parser, asked, reply);
  }
  if (broken) {
    co_return co_await refuse_unreadable(on, broken);
  }
  co_return co_await reply_to(on, parser, asked);
}

/// Ends the sending side and reads on within bounds: a socket that is closed with bytes
/// unread resets the connection, and the client may lose the response.
asio::awaitable<void> close_gently(connection& on) {
  beast::error_code ignored;
  on.stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  std::array<char, 16384> sink;
  std::uint64_t drained = 0;
  on.stream.expires_after(closing_limit);
  while (drained < drain_limit_bytes) {
    const auto [ec, count] = co_await on.stream.async_read_some(asio::buffer(sink), as_values);
    if (ec) co_return;
    drained += count;
  }
}

}  // namespace

asio::awaitable<void> serve(asio::ip::tcp::socket socket, const application& app) {
  beast::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  connection on(std::move(socket), app);
  bool goes_on = co_await receive_first(on);
  if (!goes_on) co_return;
  while (goes_on) {
    goes_on = co_await serve_one(on);
  }
  co_await close_gently(on);
}

}  // namespace plimsoll::reference
