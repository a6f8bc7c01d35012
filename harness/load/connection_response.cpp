#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "connection.hpp"

// How a connection reads responses.
namespace plimsoll::load {
namespace {

/// Discarding more at a time opens the window later: measured slower by a third.
constexpr std::size_t discard_at_once = 64UL * 1024;
/// Bytes to read with the head of a body that is discarded: as few as possible.
constexpr std::size_t head_before_discard = 2UL * 1024;
/// The low watermark of a long body: a server slower than this client would wake it for each
/// segment.
constexpr std::uint64_t read_at_once = 256UL * 1024;
/// More than a server's send buffer (Linux: 4 MiB). A server on this machine that is limited by the
/// window sends in this process's CPU time at each acknowledgement: measured four times as
/// expensive. A round trip of 13 ms at 10 Gbit/s needs as much.
constexpr std::size_t long_window = 16UL * 1024 * 1024;
constexpr std::size_t most_kept = 8UL * 1024 * 1024;
constexpr std::size_t most_kept_of_refusal = 64UL * 1024;

bool has_no_body(int status, bool is_head) noexcept {
  return is_head || status < 200 || status == 204 || status == 304;
}

}  // namespace

bool connection::read_response() {
  if (state_ == state::head && !read_head()) return false;
  if (state_ == state::body) return read_body();
  return false;
}

bool connection::has_expected_status() const noexcept {
  return reply_.status == exchange_->expected_status ||
         (exchange_->alternative_status != 0 && reply_.status == exchange_->alternative_status);
}

bool connection::can_discard() const noexcept {
  return use_ == body_use::drop && !transport_.is_tls() && reader_.left().has_value();
}

void connection::input_ended(bool with_error) {
  std::string detail = with_error ? strerror(errno) : std::string();
  if (with_error && transport_.is_tls()) detail = transport_.tls_error();
  keeps_open_ = false;
  if (state_ == state::body) {
    if (!with_error && reader_.end_of_input()) return finish_body();
    return fail(with_error ? failure::reset : failure::short_body, detail);
  }
  fail(failure::reset, detail);
}

/// True once the head is whole and the body has to be read on.
bool connection::read_head() {
  const bool small_read = exchange_->use == body_use::drop &&
                          exchange_->known_size.value_or(bytes_per_turn) > std::uint64_t{16} * 1024;
  for (;;) {
    auto space = std::span(core_.input);
    if (small_read) space = space.first(head_before_discard);
    const io_result input = transport_.read(space);
    if (input.state == io_state::would_block) return false;
    if (input.bytes == 0) {
      input_ended(input.state == io_state::failed);
      return false;
    }
    if (reply_.first_byte == reply_.started) reply_.first_byte = core_.loop->now();
    std::string_view bytes(space.data(), input.bytes);
    if (!pending_.empty()) bytes = pending_.append(bytes);
    const bool intact = consume_head(bytes);
    if (state_ == state::body) return ending_ || input.state != io_state::drained;
    if (!intact || (input.state == io_state::drained && !ending_)) return false;
  }
}

/// False where the exchange has come to an end.
bool connection::consume_head(std::string_view bytes) {
  for (;;) {
    const parsed_head parsed = parse_response_head(bytes);
    if (parsed.state == head_state::partial) {
      const std::string rest(bytes);
      pending_ = rest;
      return true;
    }
    if (parsed.state == head_state::broken) {
      fail(failure::protocol, "the response's head is not HTTP/1.1");
      return false;
    }
    bytes.remove_prefix(parsed.size);
    if (parsed.head.status < 200) {  // interim: RFC 9110, 15.2
      if (++interims_ <= most_interims) continue;
      fail(failure::protocol, "more than 16 interim responses");
      return false;
    }
    store_head(parsed.head);
    state_ = state::body;
    const bool open = check_length() && consume_body(bytes);
    pending_.clear();
    return open;
  }
}

void connection::store_head(const response_head& head) {
  reply_.status = head.status;
  reply_.content_length = head.content_length;
  reply_.location.assign(head.location);
  reply_.digest.assign(head.docker_content_digest);
  reply_.content_type.assign(head.content_type);
  reply_.link.assign(head.link);
  reply_.retry_after.assign(head.retry_after);
  reply_.chunk_min_length.assign(head.chunk_min_length);
  reader_ = body_reader(head, has_no_body(head.status, exchange_->is_head));
  keeps_open_ = keeps_open_ && head.keeps_open && sent_ == total_to_send_;
  const bool hoped = has_expected_status();
  use_ = hoped ? exchange_->use : body_use::keep;
  if (use_ == body_use::hash || use_ == body_use::learn) reply_.hash.emplace(exchange_->algorithm);
  if (sent_ < total_to_send_) total_to_send_ = sent_;  // the server does not read the rest
  arm(core_.loop->now() + core_.timeouts.idle, failure::timeout_idle);
}

/// Fails early where Content-Length is not the known size; false ends the exchange.
bool connection::check_length() {
  if (!has_expected_status() || !exchange_->known_size || !reply_.content_length) return true;
  if (*reply_.content_length == *exchange_->known_size) return true;
  fail(*reply_.content_length < *exchange_->known_size ? failure::short_body : failure::corrupt,
       "Content-Length is not the known size");
  return false;
}

bool connection::keep(std::string_view content) {
  if (!has_expected_status() && reply_.body.size() >= most_kept_of_refusal) return true;
  if (reply_.body.size() + content.size() > most_kept) {
    fail(failure::protocol, "the body is larger than 8 MiB");
    return false;
  }
  reply_.body.append(content);
  return true;
}

bool connection::matches(std::uint64_t offset, std::string_view content) {
  const std::uint64_t position = exchange_->known_from + offset;
  if (exchange_->kept != nullptr) return exchange_->kept->matches(position, content);
  return core_.content.matches(exchange_->known, position, content);
}

/// False where the exchange has come to an end.
bool connection::consume_content(std::string_view content) {
  const std::uint64_t offset = reply_.received_bytes;
  reply_.received_bytes += content.size();
  switch (use_) {
    case body_use::drop:
      return true;
    case body_use::keep:
      return keep(content);
    case body_use::compare:
      if (matches(offset, content)) return true;
      fail(failure::corrupt, "the body differs from the known bytes");
      return false;
    case body_use::learn:
      exchange_->learned->append(content);
      reply_.hash->update(content);
      return true;
    case body_use::hash:
      reply_.hash->update(content);
      return true;
  }
  return true;
}

/// False where the exchange has come to an end.
bool connection::consume_body(std::string_view bytes) {
  for (;;) {
    const std::string_view content = reader_.next(bytes);
    if (content.empty()) break;
    if (!consume_content(content)) return false;
  }
  if (reader_.now() == body_reader::state::more) return true;
  // Bytes after the body belong to no request: the connection is out of step.
  if (!bytes.empty()) keeps_open_ = false;
  finish_body();
  return false;
}

/// Waits for more than one byte of a long body.
void connection::set_low_watermark() {
  const std::uint64_t left = reader_.left().value_or(0);
  if (left >= 2 * read_at_once) open_window();
  if (transport_.is_tls()) return transport_.await_bytes(1);
  const bool is_long = left >= 2 * read_at_once || transport_.awaited_bytes() > 1;
  if (!is_long) return;
  const auto least = std::clamp<std::uint64_t>(left, 1, read_at_once);
  transport_.await_bytes(static_cast<std::size_t>(least));
}

/// Once for a connection, within the core's limit: bytes in flight take memory of the system.
void connection::open_window() {
  if (window_ != 0 || core_.windows < long_window) return;
  core_.windows -= long_window;
  window_ = long_window;
  transport_.open_window(long_window);
}

bool connection::read_body() {
  for (std::size_t moved = 0; moved < bytes_per_turn;) {
    io_result input;
    if (can_discard()) {
      const std::uint64_t left = *reader_.left();
      input = transport_.discard(std::min<std::uint64_t>(left, discard_at_once));
      reader_.skip(input.bytes);
      reply_.received_bytes += input.bytes;
    } else {
      input = transport_.read(core_.input);
    }
    if (input.state == io_state::would_block) {
      set_low_watermark();
      return false;
    }
    if (input.bytes == 0) {
      input_ended(input.state == io_state::failed);
      return false;
    }
    moved += input.bytes;
    const std::string_view received(core_.input.data(), can_discard() ? 0 : input.bytes);
    if (!consume_body(received)) return false;
    if (input.state == io_state::drained && !ending_) {
      arm(core_.loop->now() + core_.timeouts.idle, failure::timeout_idle);
      set_low_watermark();
      return false;
    }
  }
  arm(core_.loop->now() + core_.timeouts.idle, failure::timeout_idle);
  core_.loop->reschedule(watcher_);
  return false;
}

void connection::finish_body() {
  if (reader_.now() == body_reader::state::broken) {
    return fail(failure::protocol, "the body's chunks are broken");
  }
  if (has_expected_status() && exchange_->known_size && !exchange_->is_head &&
      reply_.received_bytes != *exchange_->known_size) {
    return fail(
        reply_.received_bytes < *exchange_->known_size ? failure::short_body : failure::corrupt,
        "the body does not have the known size");
  }
  core_.loop->refresh_now();
  finish();
}

}  // namespace plimsoll::load
