#include "server/sending.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

namespace plimsoll::reference {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Up to here a file is read and goes out in the head's write.
constexpr std::uint64_t small_file_bytes = std::uint64_t{32} * 1024;
/// What one call sends of a file, so that other connections get their turn.
constexpr std::uint64_t piece_bytes = std::uint64_t{1} << 20U;

enum class progress { done, blocked, failed };

progress after_error() {
  if (errno == EAGAIN || errno == EINTR) return progress::blocked;
  return progress::failed;
}

/// The bytes that are left to send, in order.
struct gathered {
  std::array<iovec, 4> parts{};
  std::size_t first = 0;

  void set(std::size_t at, std::string_view bytes) {
    // sendmsg does not write to what it sends.
    parts.at(at) = {const_cast<char*>(bytes.data()), bytes.size()};  // NOLINT(*-const-cast)
  }
  void skip(std::size_t count) {
    while (first < parts.size() && count >= parts.at(first).iov_len) {
      count -= parts.at(first).iov_len;
      ++first;
    }
    if (first == parts.size()) return;
    auto& part = parts.at(first);
    part.iov_base = static_cast<char*>(part.iov_base) + count;
    part.iov_len -= count;
  }
};

progress send_some(int socket, gathered& left) {
  left.skip(0);
  while (left.first < left.parts.size()) {
    msghdr message{};
    message.msg_iov = &left.parts.at(left.first);
    message.msg_iovlen = left.parts.size() - left.first;
    const auto sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return after_error();
    left.skip(static_cast<std::size_t>(sent));
  }
  return progress::done;
}

progress send_some(int socket, int file, off_t& at, std::uint64_t& left) {
  const auto count = std::min(left, piece_bytes);
  const auto sent = ::sendfile(socket, file, &at, count);
  if (sent < 0) return after_error();
  // The file is shorter than it was: what was announced can't be kept.
  if (sent == 0) return progress::failed;
  left -= static_cast<std::uint64_t>(sent);
  return left == 0 ? progress::done : progress::blocked;
}

/// False where the connection is gone.
asio::awaitable<bool> wait_for_room(peer& to) {
  to.made_progress();
  const auto [ec] =
      co_await to.socket.async_wait(tcp::socket::wait_write, asio::as_tuple(asio::use_awaitable));
  co_return !ec && to.socket.is_open();
}

asio::awaitable<bool> send_all(peer& to, gathered left) {
  progress now = send_some(to.socket.native_handle(), left);
  while (now == progress::blocked) {
    const bool is_there = co_await wait_for_room(to);
    if (!is_there) co_return false;
    now = send_some(to.socket.native_handle(), left);
  }
  co_return now == progress::done;
}

asio::awaitable<bool> send_file(peer& to, int file, oci::byte_span part) {
  auto at = static_cast<off_t>(part.first);
  std::uint64_t left = part.length();
  progress now = send_some(to.socket.native_handle(), file, at, left);
  while (now == progress::blocked) {
    const bool is_there = co_await wait_for_room(to);
    if (!is_there) co_return false;
    now = send_some(to.socket.native_handle(), file, at, left);
  }
  co_return now == progress::done;
}

oci::byte_span part_of(const response& reply) {
  if (reply.part) return *reply.part;
  return {0, reply.payload_bytes() - 1};
}

/// False where the file is shorter than it was.
bool read_file(const response& reply, std::string& into) {
  const auto part = part_of(reply);
  into.resize(part.length());
  std::size_t have = 0;
  while (have < into.size()) {
    const auto count = ::pread(reply.file->descriptor(), into.data() + have, into.size() - have,
                               static_cast<off_t>(part.first + have));
    if (count <= 0) return false;
    have += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

asio::awaitable<bool> send(peer& to, const response& reply, const reply_shape& shape) {
  const auto head = head_of(reply, shape);
  const bool without_body = shape.without_body && !reply.wire.body_to_head;
  const auto length = without_body ? 0 : reply.payload_bytes();
  const bool chunked = reply.wire.chunked && !without_body;
  const auto before = chunked && length != 0 ? chunk_head(length) : std::string();
  const std::string_view behind = !chunked ? "" : length == 0 ? "0\r\n\r\n" : "\r\n0\r\n\r\n";
  const bool is_file = reply.file && length != 0;

  std::string from_file;
  std::string_view body = length == 0 ? std::string_view() : reply.payload();
  if (is_file && length <= small_file_bytes) {
    if (!read_file(reply, from_file)) co_return false;
    body = from_file;
  }
  gathered bytes;
  bytes.set(0, head);
  bytes.set(1, before);
  bytes.set(2, body);
  if (!is_file || length <= small_file_bytes) {
    bytes.set(3, behind);
    co_return co_await send_all(to, bytes);
  }
  // Without MSG_MORE, which would have the kernel join head and file: for 1 MiB that took a
  // third more of its time.
  const bool begun = co_await send_all(to, bytes);
  if (!begun) co_return false;
  const bool sent = co_await send_file(to, reply.file->descriptor(), part_of(reply));
  if (!sent || behind.empty()) co_return sent;
  co_return co_await send(to, behind);
}

asio::awaitable<bool> send(peer& to, std::string_view bytes) {
  gathered all;
  all.set(0, bytes);
  co_return co_await send_all(to, all);
}

}  // namespace plimsoll::reference
