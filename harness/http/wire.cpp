#include "wire.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/error.hpp>

#include "plimsoll/base/text.hpp"
#include "response_reader.hpp"

namespace plimsoll::http {
namespace {

namespace asio = boost::asio;

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
  const auto wrote = co_await send_all(over, what, message, made.sent);
  if (message.cut()) {
    over.close();
    made.error = wrote.code ? wrote.why : "cut as asked";
    co_return made;
  }
  // A registry may refuse an upload before it has read it all: its answer counts, if it came.
  if (wrote.code && !ended_by_peer(wrote.code)) {
    made.error = wrote.why;
    co_return made;
  }
  response_reader reader(over, options, what.method == "HEAD", message.sink());
  auto got = co_await reader.read();
  const bool looks_behind = what.method == "HEAD" && asks_to_close(what.fields);
  if (looks_behind && got.error.empty()) {
    co_await reader.read_behind(got);
  }
  made.response = std::move(got.response);
  made.error = std::move(got.error);
  made.reusable = got.reusable && !wrote.code;
  made.lost = made.response.status == 0 && ended_by_peer(got.code);
  if (wrote.code && made.response.status == 0) made.error = wrote.why;
  co_return made;
}

}  // namespace plimsoll::http
