#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "connection.hpp"

// What a connection does with what it receives.
namespace plimsoll::load {
namespace {

/// A receive that discards more at a time opens the window later: measured slower by a third.
constexpr std::size_t discard_at_once = 64UL * 1024;
/// Of a body that will be discarded as little as may be is read with the head.
constexpr std::size_t head_before_discard = 2UL * 1024;
/// Of a long body so much has to be there before it is read on: a server that is slower than we are
/// would wake us for each segment.
constexpr std::uint64_t read_at_once = 256UL * 1024;
/// More than a server's system buffers for sending (Linux: 4 MiB). Where the window is what limits
/// a server on this machine, each acknowledgement makes its system send in our time: measured four
/// times as dear. Far away it is what a round trip of 13 ms needs at 10 Gbit/s.
constexpr std::size_t long_window = 16UL * 1024 * 1024;
constexpr std::size_t most_kept = 8UL * 1024 * 1024;
constexpr std::size_t most_kept_of_refusal = 64UL * 1024;

bool has_no_body(int status, bool is_head) noexcept {
  return is_head || status < 200 || status == 204 || status == 304;
}

}  // namespace

bool connection::pull() {
  if (state_ == state::head && !pull_head()) return false;
  if (state_ == state::body) return pull_body();
  return false;
}

bool connection::is_hoped() const noexcept {
  return reply_.status == what_->hoped_status ||
         (what_->also_status != 0 && reply_.status == what_->also_status);
}

bool connection::can_discard() const noexcept {
  return use_ == body_use::drop && !transport_.is_tls() && reader_.left().has_value();
}

void connection::input_ended(bool with_error) {
  std::string detail = with_error ? strerror(errno) : std::string();
  if (with_error && transport_.is_tls()) detail = transport_.tls_error();
  keeps_open_ = false;
  if (state_ == state::body) {
    if (!with_error && reader_.end_of_input()) return after_body();
    return fail(with_error ? failure::reset : failure::short_body, detail);
  }
  fail(failure::reset, detail);
}

/// True once the head is whole and the body has to be read on.
bool connection::pull_head() {
  const bool little =
      what_->use == body_use::drop && what_->known_size.value_or(turn) > std::uint64_t{16} * 1024;
  for (;;) {
    auto space = std::span(on_.input);
    if (little) space = space.first(head_before_discard);
    const io_result in = transport_.read(space);
    if (in.state == io_state::again) return false;
    if (in.bytes == 0) {
      input_ended(in.state == io_state::failed);
      return false;
    }
    if (reply_.first_byte == reply_.started) reply_.first_byte = on_.loop->now();
    std::string_view bytes(space.data(), in.bytes);
    if (!pending_.empty()) bytes = pending_.append(bytes);
    const bool taken = take_head(bytes);
    if (state_ == state::body) return ending_ || in.state != io_state::drained;
    if (!taken || (in.state == io_state::drained && !ending_)) return false;
  }
}

/// False where the exchange has come to an end.
bool connection::take_head(std::string_view bytes) {
  for (;;) {
    const parsed_head parsed = parse_response_head(bytes);
    if (parsed.state == head_state::partial) {
      const std::string rest(bytes);
      pending_ = rest;
      return true;
    }
    if (parsed.state == head_state::broken) {
      fail(failure::protocol, "the response's head is no HTTP/1.1");
      return false;
    }
    bytes.remove_prefix(parsed.size);
    if (parsed.head.status < 200) {  // interim: RFC 9110, 15.2
      if (++interims_ <= most_interims) continue;
      fail(failure::protocol, "more than 16 interim responses");
      return false;
    }
    remember(parsed.head);
    state_ = state::body;
    const bool open = check_length() && take_body(bytes);
    pending_.clear();
    return open;
  }
}

void connection::remember(const response_head& head) {
  reply_.status = head.status;
  reply_.content_length = head.content_length;
  reply_.location.assign(head.location);
  reply_.digest.assign(head.docker_content_digest);
  reply_.content_type.assign(head.content_type);
  reply_.link.assign(head.link);
  reply_.retry_after.assign(head.retry_after);
  reply_.chunk_min_length.assign(head.chunk_min_length);
  reader_ = body_reader(head, has_no_body(head.status, what_->is_head));
  keeps_open_ = keeps_open_ && head.keeps_open && sent_ == to_send_;
  const bool hoped = is_hoped();
  use_ = hoped ? what_->use : body_use::keep;
  if (use_ == body_use::hash || use_ == body_use::learn) reply_.hash.emplace(what_->algorithm);
  if (sent_ < to_send_) to_send_ = sent_;  // it does not want the rest
  arm(on_.loop->now() + on_.timeouts.idle, failure::timeout_idle);
}

/// A length that is not the known one is told before the body is read; false ends the exchange.
bool connection::check_length() {
  if (!is_hoped() || !what_->known_size || !reply_.content_length) return true;
  if (*reply_.content_length == *what_->known_size) return true;
  fail(*reply_.content_length < *what_->known_size ? failure::short_body : failure::corrupt,
       "Content-Length is not the known size");
  return false;
}

bool connection::keep(std::string_view content) {
  if (!is_hoped() && reply_.body.size() >= most_kept_of_refusal) return true;
  if (reply_.body.size() + content.size() > most_kept) {
    fail(failure::protocol, "the body is larger than 8 MiB");
    return false;
  }
  reply_.body.append(content);
  return true;
}

bool connection::matches(std::uint64_t at, std::string_view content) {
  const std::uint64_t from = what_->known_from + at;
  if (what_->kept != nullptr) return what_->kept->matches(from, content);
  return on_.content.matches(what_->known, from, content);
}

/// False where the exchange has come to an end.
bool connection::take_content(std::string_view content) {
  const std::uint64_t at = reply_.received_bytes;
  reply_.received_bytes += content.size();
  switch (use_) {
    case body_use::drop:
      return true;
    case body_use::keep:
      return keep(content);
    case body_use::compare:
      if (matches(at, content)) return true;
      fail(failure::corrupt, "other bytes than those that are known");
      return false;
    case body_use::learn:
      what_->learned->append(content);
      reply_.hash->update(content);
      return true;
    case body_use::hash:
      reply_.hash->update(content);
      return true;
  }
  return true;
}

/// False where the exchange has come to an end.
bool connection::take_body(std::string_view bytes) {
  for (;;) {
    const std::string_view content = reader_.next(bytes);
    if (content.empty()) break;
    if (!take_content(content)) return false;
  }
  if (reader_.now() == body_reader::state::more) return true;
  // What follows the body was not asked for: the connection is out of step.
  if (!bytes.empty()) keeps_open_ = false;
  after_body();
  return false;
}

/// Before the next event of a body is waited for.
void connection::await_much() {
  const std::uint64_t left = reader_.left().value_or(0);
  if (left >= 2 * read_at_once) open_window();
  if (transport_.is_tls()) return transport_.await_bytes(1);
  const bool is_long = left >= 2 * read_at_once || transport_.awaited_bytes() > 1;
  if (!is_long) return;
  const auto least = std::clamp<std::uint64_t>(left, 1, read_at_once);
  transport_.await_bytes(static_cast<std::size_t>(least));
}

/// Once for a connection, as far as the core may: what is on its way is memory of the system.
void connection::open_window() {
  if (window_ != 0 || on_.windows < long_window) return;
  on_.windows -= long_window;
  window_ = long_window;
  transport_.open_window(long_window);
}

bool connection::pull_body() {
  for (std::size_t moved = 0; moved < turn;) {
    io_result in;
    if (can_discard()) {
      const std::uint64_t left = *reader_.left();
      in = transport_.discard(std::min<std::uint64_t>(left, discard_at_once));
      reader_.skip(in.bytes);
      reply_.received_bytes += in.bytes;
    } else {
      in = transport_.read(on_.input);
    }
    if (in.state == io_state::again) {
      await_much();
      return false;
    }
    if (in.bytes == 0) {
      input_ended(in.state == io_state::failed);
      return false;
    }
    moved += in.bytes;
    const std::string_view taken(on_.input.data(), can_discard() ? 0 : in.bytes);
    if (!take_body(taken)) return false;
    if (in.state == io_state::drained && !ending_) {
      arm(on_.loop->now() + on_.timeouts.idle, failure::timeout_idle);
      await_much();
      return false;
    }
  }
  arm(on_.loop->now() + on_.timeouts.idle, failure::timeout_idle);
  on_.loop->again(watcher_);
  return false;
}

void connection::after_body() {
  if (reader_.now() == body_reader::state::broken) {
    return fail(failure::protocol, "the body's chunks are broken");
  }
  if (is_hoped() && what_->known_size && !what_->is_head &&
      reply_.received_bytes != *what_->known_size) {
    return fail(reply_.received_bytes < *what_->known_size ? failure::short_body : failure::corrupt,
                "the body has not the known size");
  }
  on_.loop->refresh_now();
  finish();
}

}  // namespace plimsoll::load
