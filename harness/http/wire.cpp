#include "wire.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "plimsoll/base/text.hpp"
#include "response_reader.hpp"

namespace plimsoll::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

constexpr std::size_t piece_size = std::size_t{64} * 1024;

std::string head_of(const outgoing& what) {
  std::string head = what.method + " " + what.target + " HTTP/1.1\r\n";
  for (const auto& [name, value] : what.fields.fields())
    head.append(name).append(": ").append(value).append("\r\n");
  return head + "\r\n";
}

void append_body(std::string& to, const request& message, std::uint64_t offset, std::size_t size) {
  if (message.body()) {
    to.append(*message.body(), static_cast<std::size_t>(offset), size);
    return;
  }
  const auto before = to.size();
  to.resize(before + size);
  message.source()->read(offset, std::span<char>(to).subspan(before));
}

void append_piece(std::string& to, const request& message, std::uint64_t offset, std::size_t size) {
  if (!message.is_chunked()) return append_body(to, message, offset, size);
  std::array<char, 17> digits{};
  char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
  to.append(digits.data(), end).append("\r\n");
  append_body(to, message, offset, size);
  to += "\r\n";
}

/// Sends head and body in pieces of bounded size; `sent` counts the body's bytes.
asio::awaitable<io_result> send_all(connection& over, const outgoing& what, const request& message,
                                    std::uint64_t& sent) {
  const auto size = what.with_body ? message.body_size() : 0;
  const auto end = std::min(size, message.cut().value_or(size));
  std::string piece = head_of(what);
  io_result wrote;
  for (;;) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(end - sent, piece_size));
    if (count > 0) append_piece(piece, message, sent, count);
    const bool last = sent + count == end;
    if (last && what.with_body && message.is_chunked() && !message.cut()) piece += "0\r\n\r\n";
    wrote = co_await over.write(piece);
    if (wrote.code) co_return wrote;
    sent += count;
    if (last) co_return wrote;
    piece.clear();
  }
}

/// How far a request went out.
struct sending {
  io_result wrote;
  io_result interrupted;
  std::exception_ptr thrown;  ///< By the body's source, or where it was stopped between writes.
  bool ended = false;         ///< Nothing was thrown.
  bool refused = false;       ///< An answer came that makes the rest of the body pointless.

  [[nodiscard]] bool whole() const { return ended && !wrote.code; }
};

asio::awaitable<void> send_to_the_end(connection& over, const outgoing& what,
                                      const request& message, std::uint64_t& sent, sending& done) {
  try {
    done.wrote = co_await send_all(over, what, message, sent);
    done.ended = true;
  } catch (...) {
    done.thrown = std::current_exception();
  }
}

/// Whether what came says that the body is not wanted: neither interim responses alone, nor a
/// success. What is no HTTP at all is left to whoever reads the response.
bool is_refusal(std::string_view came) {
  constexpr std::string_view version = "HTTP/1.";
  constexpr std::size_t status_at = 9;
  for (;;) {
    const auto start = came.substr(0, version.size());
    if (start != version.substr(0, start.size())) return true;
    if (came.size() <= status_at) return false;
    if (came[status_at] != '1') return came[status_at] != '2';
    const auto end = came.find("\r\n\r\n");
    if (end == std::string_view::npos) return false;
    came.remove_prefix(end + 4);
  }
}

/// Reads until a refusal has begun to come or the sending is interrupted, and returns then alone,
/// or where it is cancelled: how a connection ends is for the writes to tell.
asio::awaitable<void> wait_for_refusal(connection& over, std::size_t most,
                                       beast::flat_buffer& begun, sending& done) {
  io_result got;
  while (!got.code && begun.size() <= most) {
    got = co_await over.read_beside_write(begun);
    const auto came = begun.data();
    const std::string_view text(static_cast<const char*>(came.data()), came.size());
    done.refused = !text.empty() && is_refusal(text);
    if (done.refused) co_return;
  }
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) co_return;
  if (got.code == asio::error::operation_aborted) {
    done.interrupted = got;
    co_return;
  }
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer never(executor, asio::steady_timer::time_point::max());
  co_await never.async_wait(asio::as_tuple(asio::use_awaitable));
}

/// Sends the request, and stops where a refusal comes before all of a long body went out: a
/// registry may neither read that nor close the connection.
/// @param begun gets what came of the answer meanwhile
asio::awaitable<sending> send_watching(connection& over, const outgoing& what,
                                       const request& message, const client_options& options,
                                       std::uint64_t& sent, beast::flat_buffer& begun) {
  using asio::experimental::awaitable_operators::operator||;
  sending done;
  const auto most = options.limits.header_bytes;
  // What is short goes into the sockets' buffers, read or not.
  const bool is_long = what.with_body && message.body_size() > piece_size;
  if (is_long && !message.cut()) {
    co_await (send_to_the_end(over, what, message, sent, done) ||
              wait_for_refusal(over, most, begun, done));
  } else {
    co_await send_to_the_end(over, what, message, sent, done);
  }
  const bool stopped = done.refused || done.interrupted.code;
  if (done.thrown && !stopped) std::rethrow_exception(done.thrown);
  if (!done.wrote.code) done.wrote = done.interrupted;
  co_return done;
}

bool ended_by_peer(const boost::system::error_code& code) {
  return code == asio::error::eof || code == asio::error::connection_reset ||
         code == asio::error::broken_pipe;
}

/// Whoever asks for the end of the connection behind an answer to HEAD wants to know what comes
/// until then, since nothing should.
bool asks_to_close(const header_fields& sent) {
  const auto value = sent.get("Connection");
  return value && equal_ignoring_case(*value, "close");
}

}  // namespace

asio::awaitable<outcome> transact(connection& over, const outgoing& what, const request& message,
                                  const client_options& options) {
  outcome made;
  beast::flat_buffer begun;
  const auto done = co_await send_watching(over, what, message, options, made.sent, begun);
  const auto& wrote = done.wrote;
  if (message.cut()) {
    over.close();
    made.error = wrote.code ? wrote.why : "cut as asked";
    co_return made;
  }
  // A registry may refuse an upload before it has read it all: its answer counts, if it came.
  if (wrote.code && !done.refused && !ended_by_peer(wrote.code)) {
    made.error = wrote.why;
    co_return made;
  }
  response_reader reader(over, options, what.method == "HEAD", message.sink(), std::move(begun));
  auto got = co_await reader.read();
  const bool looks_behind = what.method == "HEAD" && asks_to_close(what.fields);
  if (looks_behind && got.error.empty()) {
    co_await reader.read_behind(got);
  }
  made.response = std::move(got.response);
  made.error = std::move(got.error);
  made.reusable = got.reusable && done.whole();
  const bool ended = ended_by_peer(got.code);
  made.lost = made.response.status == 0 && ended;
  made.cut_short = made.response.status != 0 && ended && !made.error.empty();
  if (wrote.code && !done.refused && made.response.status == 0) made.error = wrote.why;
  co_return made;
}

}  // namespace plimsoll::http
