#include "connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace plimsoll::load {
namespace {

/// What a connection may move before others get their turn: a schedule is looked at between.
constexpr std::size_t turn = 512UL * 1024;
/// A receive that discards more at a time opens the window later: measured slower by a third.
constexpr std::size_t discard_at_once = 64UL * 1024;
/// Of a body that will be discarded as little as may be is read with the head.
constexpr std::size_t head_before_discard = 2UL * 1024;
constexpr std::size_t most_kept = 8UL * 1024 * 1024;
constexpr std::size_t most_kept_of_refusal = 64UL * 1024;

std::string of_system(int code) {
  return strerror(code);
}

bool has_no_body(int status, bool is_head) noexcept {
  return is_head || status < 200 || status == 204 || status == 304;
}

}  // namespace

connection::connection(core& on, const origin& to)
    : on_(on),
      to_(to),
      watcher_{[](void* self, std::uint32_t events) {
                 static_cast<connection*>(self)->happened(events);
               },
               this},
      timer_([](void* self) { static_cast<connection*>(self)->expired(); }, this) {}

connection::~connection() {
  close();
}

void connection::close() {
  transport_.close();
  ending_ = false;
  pending_.clear();
}

// --- One exchange, from its start to its end -----------------------------------------------

void connection::start() {
  reply_.why = failure::none;
  reply_.detail.clear();
  reply_.status = 0;
  reply_.body.clear();
  reply_.hash.reset();
  reply_.sent_bytes = 0;
  reply_.received_bytes = 0;
  reply_.content_length.reset();
  reply_.location.clear();
  reply_.challenge.clear();
  reply_.digest.clear();
  reply_.content_type.clear();
  reply_.link.clear();
  reply_.retry_after.clear();
  reply_.range.clear();
  reply_.chunk_min_length.clear();
  reply_.started = reply_.first_byte = on_.loop->refresh_now();
  exchange_deadline_ = reply_.started + on_.timeouts.exchange;
  verdict_ = failure::none;
  if (transport_.is_open()) return begin_request();
  endpoint_ = 0;
  connect();
}

void connection::finish() {
  state_ = state::idle;
  reply_.ended = on_.loop->now();
  if (reply_.why == failure::none) reply_.why = verdict_;
  if (!keeps_open_ || ending_ || reply_.why != failure::none) close();
  what_ = nullptr;
  on_.loop->ready(std::exchange(awaiting_, nullptr));
}

void connection::fail(failure why, std::string detail) {
  if (state_ == state::idle) return;
  reply_.why = why;
  reply_.detail = std::move(detail);
  keeps_open_ = false;
  finish();
}

void connection::abandon() {
  fail(failure::cut_off);
}

void connection::arm(instant deadline, failure kind) {
  deadline_ = std::min(deadline, exchange_deadline_);
  expiry_ = deadline_ == exchange_deadline_ ? failure::timeout_exchange : kind;
  // The timer is not moved for each request: it looks again when it has expired.
  if (timer_.is_waiting() && wheel_ <= deadline_) return;
  wheel_ = deadline_;
  on_.loop->timers().set(timer_, deadline_);
}

void connection::expired() {
  if (state_ == state::idle) return;
  if (on_.loop->now() < deadline_) {
    wheel_ = deadline_;
    on_.loop->timers().set(timer_, deadline_);
    return;
  }
  fail(expiry_);
}

void connection::happened(std::uint32_t events) {
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) ending_ = true;
  switch (state_) {
    case state::idle:
      // Nothing was asked: the server ends the connection, or says what nobody wants to know.
      if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) close();
      return;
    case state::connecting:
      return connected();
    case state::handshaking:
      return shake_hands();
    case state::head:
    case state::body:
      return progress();
  }
}

// --- The connection -------------------------------------------------------------------------

void connection::connect() {
  state_ = state::connecting;
  const endpoint& there = to_.endpoints.at(endpoint_);
  const int made =
      socket(there.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (made < 0) {
    const bool full = errno == EMFILE || errno == ENFILE;
    return fail(full ? failure::descriptors : failure::connect, of_system(errno));
  }
  ++connects_;
  transport_.open(made);
  const int yes = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  arm(on_.loop->now() + on_.timeouts.connect, failure::timeout_connect);
  const auto watched = on_.loop->watch(made, watcher_);
  if (!watched) return fail(failure::descriptors, watched.error().what());
  const auto* const address = reinterpret_cast<const sockaddr*>(&there.address);
  if (::connect(made, address, there.size) == 0) return connected();
  if (errno != EINPROGRESS) refused(errno);
}

void connection::refused(int code) {
  close();
  if (++endpoint_ < to_.endpoints.size()) return connect();
  fail(failure::connect, of_system(code));
}

void connection::connected() {
  int code = 0;
  socklen_t size = sizeof code;
  getsockopt(transport_.descriptor(), SOL_SOCKET, SO_ERROR, &code, &size);
  if (code != 0) return refused(code);
  // An event of the descriptor that had the number before says nothing about this one.
  sockaddr_storage peer{};
  socklen_t peer_size = sizeof peer;
  if (getpeername(transport_.descriptor(), reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0) {
    return;
  }
  if (!to_.tls) return begin_request();
  if (!transport_.begin_tls(on_.tls, to_.host)) return fail(failure::tls, transport_.tls_error());
  state_ = state::handshaking;
  arm(on_.loop->now() + on_.timeouts.tls, failure::timeout_connect);
  shake_hands();
}

void connection::shake_hands() {
  const io_result made = transport_.handshake();
  if (made.state == io_state::again) return;
  if (made.state != io_state::moved) return fail(failure::tls, transport_.tls_error());
  begin_request();
}

// --- The request ----------------------------------------------------------------------------

void connection::begin_request() {
  state_ = state::head;
  keeps_open_ = true;
  sent_ = 0;
  const std::uint64_t body =
      what_->content ? what_->content_end - what_->content_from : what_->text.size();
  to_send_ = what_->head.size() + body;
  reply_.sent_bytes = body;
  arm(on_.loop->now() + on_.timeouts.idle, failure::timeout_idle);
  progress();
}

std::size_t connection::outgoing(std::span<iovec> out) {
  std::size_t filled = 0;
  const std::uint64_t head = what_->head.size();
  const auto add = [&](std::string_view from) {
    out[filled++] = {const_cast<char*>(from.data()), from.size()};  // NOLINT: only read
  };
  if (sent_ < head) add(what_->head.substr(sent_));
  const std::uint64_t of_body = sent_ < head ? 0 : sent_ - head;
  if (!what_->content) {
    if (of_body < what_->text.size()) add(what_->text.substr(of_body));
    return filled;
  }
  return filled + on_.content.pieces(*what_->content, what_->content_from + of_body,
                                     what_->content_end, out.subspan(filled));
}

/// False where there is nothing to do before the next event.
bool connection::push() {
  for (std::size_t moved = 0; sent_ < to_send_;) {
    if (moved >= turn) {
      on_.loop->again(watcher_);
      return false;
    }
    std::array<iovec, 9> parts;  // NOLINT(*-member-init): filled as far as it is used
    const std::size_t count = outgoing(parts);
    const io_result out = transport_.write(std::span(parts).first(count));
    if (out.state == io_state::again) return true;  // a response may be there before the end
    if (out.state == io_state::failed || out.state == io_state::ended) {
      // It may have said why before it went: what is there to read is read.
      keeps_open_ = false;
      to_send_ = sent_;
      break;
    }
    sent_ += out.bytes;
    moved += out.bytes;
    arm(on_.loop->now() + on_.timeouts.idle, failure::timeout_idle);
  }
  if (sent_ == to_send_ && state_ == state::head) {
    arm(on_.loop->now() + on_.timeouts.first_byte, failure::timeout_first_byte);
  }
  return true;
}

void connection::progress() {
  if (sent_ < to_send_) {
    const bool at_once = sent_ == 0;
    const bool go_on = push();
    if (!go_on) return;
    // What was sent just now has no answer yet: the event that brings it will come.
    if (at_once && sent_ == to_send_ && keeps_open_) return;
  }
  pull();
}

// --- The response ---------------------------------------------------------------------------

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
  const std::string detail = with_error ? of_system(errno) : std::string();
  keeps_open_ = false;
  if (state_ == state::body) {
    if (!with_error && reader_.end_of_input()) return after_body();
    return fail(with_error ? failure::reset : failure::short_body, detail);
  }
  fail(failure::reset, detail);
}

/// True once the head is whole and the body has to be read on.
bool connection::pull_head() {
  const bool little = what_->use == body_use::drop && what_->known_size.value_or(turn) > 16 * 1024;
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
    if (parsed.head.status < 200) continue;  // interim: RFC 9110, 15.2
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
  reply_.challenge.assign(head.challenge);
  reply_.digest.assign(head.docker_content_digest);
  reply_.content_type.assign(head.content_type);
  reply_.link.assign(head.link);
  reply_.retry_after.assign(head.retry_after);
  reply_.range.assign(head.range);
  reply_.chunk_min_length.assign(head.chunk_min_length);
  reader_ = body_reader(head, has_no_body(head.status, what_->is_head));
  keeps_open_ = keeps_open_ && head.keeps_open && sent_ == to_send_;
  const bool hoped = is_hoped();
  use_ = hoped ? what_->use : body_use::keep;
  if (use_ == body_use::hash || use_ == body_use::learn)
    reply_.hash.emplace(oci::hash_algorithm::sha256);
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
    if (in.state == io_state::again) return false;
    if (in.bytes == 0) {
      input_ended(in.state == io_state::failed);
      return false;
    }
    moved += in.bytes;
    const std::string_view taken(on_.input.data(), can_discard() ? 0 : in.bytes);
    if (!take_body(taken)) return false;
    if (in.state == io_state::drained && !ending_) {
      arm(on_.loop->now() + on_.timeouts.idle, failure::timeout_idle);
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
