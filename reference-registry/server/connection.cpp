#include "server/connection.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <variant>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "server/head.hpp"
#include "server/peer.hpp"
#include "server/request_parser.hpp"
#include "server/sending.hpp"
#include "service/incoming_blob.hpp"

namespace plimsoll::reference {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds closing_limit{2};
constexpr std::size_t head_piece_bytes = std::size_t{4} * 1024;
constexpr std::size_t body_piece_bytes = std::size_t{64} * 1024;
/// How much of a refused body is read so that the client gets to see the response.
constexpr std::uint64_t drain_limit_bytes = std::uint64_t{8} * 1024 * 1024;

using clock = std::chrono::steady_clock;

/// The response that went out last.
struct sent_reply {
  int status = 0;  ///< 0: none yet.
  std::uint64_t body_bytes = 0;
  clock::time_point ended;
};

/// One connection's state; its functions are coroutines that run one at a time.
struct connection {
  peer other;
  beast::flat_buffer buffer;
  const application& app;
  meter& counts;
  sent_reply last;

  connection(asio::ip::tcp::socket socket, const application& serves, deadlines& limits,
             meter& counted_by)
      : other(std::move(socket), limits), app(serves), counts(counted_by) {
    counts.connection_opened();
  }
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection() { counts.connection_closed(); }
};

/// One request at work on its connection.
struct exchange {
  request_parser parser;
  route where;

  [[nodiscard]] call at(const service_state& with) {
    return {parser.head, where, with.kept, with.how, with.remembered};
  }
};

/// Whether more bytes came.
asio::awaitable<bool> receive(connection& on, std::size_t most) {
  on.other.made_progress();
  const auto space = on.buffer.prepare(most);
  const auto [ec, count] = co_await on.other.socket.async_read_some(space, as_values);
  on.buffer.commit(count);
  co_return !ec;
}

/// Whether bytes came and are not the beginning of a TLS handshake.
asio::awaitable<bool> receive_first(connection& on) {
  const bool came = co_await receive(on, head_piece_bytes);
  if (!came) co_return false;
  constexpr unsigned char tls_handshake = 0x16;
  co_return *static_cast<const unsigned char*>(on.buffer.data().data()) != tls_handshake;
}

/// Reads to the end of the head. `partial_message` where the connection ends before.
asio::awaitable<beast::error_code> receive_head(connection& on, request_parser& parser) {
  for (;;) {
    const auto ec = parser.read(on.buffer);
    if (parser.is_header_done() || ec != http::error::need_more) {
      co_return ec == http::error::need_more ? beast::error_code() : ec;
    }
    const bool came = co_await receive(on, head_piece_bytes);
    if (!came) co_return http::error::partial_message;
  }
}

/// Reads the body until it is refused or ends. `partial_message` as above.
asio::awaitable<beast::error_code> receive_body(connection& on, request_parser& parser) {
  while (!parser.is_done() && !parser.refused) {
    const auto ec = parser.read(on.buffer);
    if (ec && ec != http::error::need_more) co_return ec;
    if (parser.is_done() || parser.refused) break;
    const bool came = co_await receive(on, body_piece_bytes);
    if (!came) co_return http::error::partial_message;
  }
  co_return beast::error_code();
}

/// Reads what is left of a refused body. Whether the connection can go on behind it.
asio::awaitable<bool> drain(connection& on, request_parser& parser) {
  parser.take = nullptr;
  parser.refused.reset();
  const auto broken = co_await receive_body(on, parser);
  co_return !broken;
}

asio::awaitable<void> wait(std::chrono::milliseconds time) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, time);
  co_await timer.async_wait(as_values);
}

/// Whether the connection goes on.
asio::awaitable<bool> reply(connection& on, const response& made, const reply_shape& shape) {
  if (made.wire.no_answer) co_return false;
  if (on.app.how.delay.count() > 0) {
    co_await wait(on.app.how.delay);
  }
  const bool sent = co_await send(on.other, made, shape);
  on.last.status = made.status;
  on.last.body_bytes = shape.without_body ? 0 : made.payload_bytes();
  on.last.ended = clock::now();
  co_return sent&& shape.keep_alive;
}

bool may_drain(const request_parser& parser) {
  if (parser.is_done()) return true;
  const auto left = parser.content_length_remaining();
  return left && *left <= drain_limit_bytes;
}

/// Whether the connection goes on.
asio::awaitable<bool> refuse(connection& on, request_parser& parser, const response& made) {
  reply_shape shape;
  shape.without_body = parser.head.method == "HEAD";
  // Who waits for "100 Continue" may send the body or not: what follows is unclear.
  shape.keep_alive = parser.keep_alive() && may_drain(parser) && !parser.head.header("Expect") &&
                     !made.wire.close && !made.wire.without_length;
  const bool goes_on = co_await reply(on, made, shape);
  if (!goes_on) co_return false;
  co_return co_await drain(on, parser);
}

asio::awaitable<bool> refuse_unreadable(connection& on, beast::error_code why) {
  if (why == http::error::partial_message) co_return false;
  const bool is_long = why == http::error::header_limit;
  const auto made = failure(is_long ? 431 : 400, "UNSUPPORTED", "the request is not HTTP/1.1");
  const reply_shape shape;
  co_return co_await reply(on, made, shape);
}

/// The body, which goes to `parser.take`. Whether it came and was not refused; where it did
/// not, `goes_on` is whether the connection does.
asio::awaitable<bool> accept_body(connection& on, request_parser& parser, bool& goes_on) {
  if (expects_continue(parser.head) && !parser.is_done()) {
    const bool told = co_await send(on.other, "HTTP/1.1 100 Continue\r\n\r\n");
    if (!told) {
      goes_on = false;
      co_return false;
    }
  }
  const auto broken = co_await receive_body(on, parser);
  if (!broken && !parser.refused) co_return true;
  if (broken) {
    goes_on = co_await refuse_unreadable(on, broken);
  } else {
    const auto refused = std::move(*parser.refused);
    goes_on = co_await refuse(on, parser, refused);
  }
  co_return false;
}

/// Whether the connection goes on behind this request, whose body is there.
asio::awaitable<bool> reply_to(connection& on, exchange& now, const response& made) {
  reply_shape shape;
  shape.without_body = now.parser.head.method == "HEAD";
  shape.keep_alive = now.parser.keep_alive() && !made.wire.close && !made.wire.without_length;
  co_return co_await reply(on, made, shape);
}

/// A request whose body is kept in memory until it is answered.
asio::awaitable<bool> serve_whole(connection& on, exchange& now, const service_state& with) {
  auto at = now.at(with);
  if (!now.parser.is_done()) {
    const auto limit = body_limit(at);
    const auto length = now.parser.announced_length().value_or(0);
    at.asked.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(length, limit)));
    now.parser.take = [&at, &with, limit](std::string_view piece) -> std::optional<response> {
      if (at.asked.body.size() + piece.size() > limit) return refuse_large(at, with);
      at.asked.body += piece;
      return std::nullopt;
    };
    bool goes_on = false;
    const bool came = co_await accept_body(on, now.parser, goes_on);
    if (!came && !now.parser.refused) broke_off(at, with);
    if (!came) co_return goes_on;
  }
  const auto made = answer(at, with);
  co_return co_await reply_to(on, now, made);
}

/// What the steps of an upload come to; the store's failures are responses too.
template <class Step>
auto guarded(Step step) -> decltype(step()) {
  try {
    return step();
  } catch (const std::exception&) {
    return store_failed();
  }
}

/// A request whose body goes into the store as it comes.
asio::awaitable<bool> serve_blob(connection& on, exchange& now, const service_state& with) {
  auto at = now.at(with);
  const auto length = now.parser.announced_length();
  using begun_type = std::variant<incoming_blob, response>;
  const auto begin = [&]() -> begun_type { return incoming_blob::begin(at, length); };
  auto begun = guarded(begin);
  if (auto* const refused = std::get_if<response>(&begun)) {
    finish(at, *refused, with);
    co_return co_await refuse(on, now.parser, *refused);
  }
  auto& coming = std::get<incoming_blob>(begun);
  now.parser.take = [&](std::string_view piece) {
    const auto take = [&] { return coming.take(piece); };
    auto refused = guarded(take);
    if (refused) finish(at, *refused, with);
    return refused;
  };
  bool goes_on = false;
  const bool came = co_await accept_body(on, now.parser, goes_on);
  if (!came) co_return goes_on;
  const auto end = [&] { return coming.finish(); };
  auto made = guarded(end);
  // Who reads the response may go on in the session at once.
  begun.emplace<response>();
  finish(at, made, with);
  co_return co_await reply_to(on, now, made);
}

/// Whether the connection goes on behind this request, whose head is there.
asio::awaitable<bool> serve_headed(connection& on, exchange& now) {
  const auto with = on.app.service();
  now.where = route_of(now.parser.head.target);
  auto at = now.at(with);
  const auto refused = refusal(at, now.parser.announced_length(), with);
  if (refused) {
    co_return co_await refuse(on, now.parser, *refused);
  }
  // Rules read and change whole bodies.
  if (with.rules.empty() && has_blob_body(at.asked, at.where)) {
    co_return co_await serve_blob(on, now, with);
  }
  co_return co_await serve_whole(on, now, with);
}

void count(connection& on, const exchange& now, clock::time_point began) {
  if (on.last.status == 0) return;
  served_request one;
  one.where = now.where.kind;
  one.method = now.parser.head.method;
  one.status = on.last.status;
  one.took = on.last.ended - began;
  one.received_bytes = now.parser.body_bytes;
  one.sent_bytes = on.last.body_bytes;
  on.counts.count(one);
}

/// Whether the connection goes on behind this request.
asio::awaitable<bool> serve_one(connection& on) {
  exchange now;
  on.last = {};
  const auto broken = co_await receive_head(on, now.parser);
  const auto began = clock::now();
  bool goes_on = false;
  if (broken) {
    goes_on = co_await refuse_unreadable(on, broken);
  } else {
    goes_on = co_await serve_headed(on, now);
  }
  count(on, now, began);
  co_return goes_on;
}

/// Ends the sending side and reads on within bounds: a socket that is closed with bytes
/// unread resets the connection, and the client may lose the response.
asio::awaitable<void> close_gently(connection& on) {
  beast::error_code ignored;
  on.other.socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  std::array<char, 16384> sink;  // NOLINT(*-member-init): read into, and not looked at
  std::uint64_t drained = 0;
  on.other.limit.expire_after(closing_limit);
  while (drained < drain_limit_bytes) {
    const auto [ec, count] =
        co_await on.other.socket.async_read_some(asio::buffer(sink), as_values);
    if (ec) co_return;
    drained += count;
  }
}

}  // namespace

asio::awaitable<void> serve(asio::ip::tcp::socket socket, const application& app, deadlines& limits,
                            meter& counts) {
  beast::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket.native_non_blocking(true, ignored);
  connection on(std::move(socket), app, limits, counts);
  bool goes_on = co_await receive_first(on);
  if (!goes_on) co_return;
  while (goes_on) {
    goes_on = co_await serve_one(on);
  }
  co_await close_gently(on);
}

}  // namespace plimsoll::reference
