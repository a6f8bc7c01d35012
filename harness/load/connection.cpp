#include "connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "plimsoll/http/proxy.hpp"

namespace plimsoll::load {
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
  on_.windows += std::exchange(window_, 0);
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
  reply_.digest.clear();
  reply_.content_type.clear();
  reply_.link.clear();
  reply_.retry_after.clear();
  reply_.chunk_min_length.clear();
  reply_.started = reply_.first_byte = on_.loop->now();
  sent_ = 0;
  exchange_deadline_ = reply_.started + on_.timeouts.exchange;
  if (transport_.is_open()) return begin_request();
  endpoint_ = 0;
  connect();
}

void connection::finish() {
  state_ = state::idle;
  reply_.ended = on_.loop->now();
  const std::uint64_t head = head_.size();
  reply_.sent_bytes = sent_ > head ? sent_ - head : 0;
  if (!keeps_open_ || ending_ || reply_.why != failure::none) close();
  transport_.await_bytes(1);
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
  if (expiry_ == failure::timeout_idle && transport_.awaited_bytes() > 1) {
    // Less than what is awaited may have come.
    transport_.await_bytes(1);
    const std::uint64_t before = reply_.received_bytes;
    pull();
    if (state_ == state::idle || reply_.received_bytes != before) return;
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
    case state::tunnelling:
      return read_tunnel_answer();
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
    return fail(full ? failure::descriptors : failure::connect, strerror(errno));
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
  fail(failure::connect, strerror(code));
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
  if (!to_.tunnel.empty()) return ask_for_tunnel();
  begin_tls();
}

// A tunnel through a proxy: RFC 9110, 9.3.6.

void connection::ask_for_tunnel() {
  state_ = state::tunnelling;
  interims_ = 0;
  iovec all{const_cast<char*>(to_.tunnel.data()), to_.tunnel.size()};  // NOLINT: only read
  const io_result out = transport_.write(std::span(&all, 1));
  // A new connection has room for so little.
  if (out.bytes != to_.tunnel.size()) {
    return fail(failure::connect, "the proxy " + to_.proxy + " does not take CONNECT");
  }
}

void connection::read_tunnel_answer() {
  for (;;) {
    const io_result in = transport_.read(on_.input);
    if (in.state == io_state::again) return;
    if (in.bytes == 0) {
      return fail(failure::connect, "the proxy " + to_.proxy + " gives no answer to CONNECT");
    }
    pending_.append(on_.input.data(), in.bytes);
    for (;;) {
      const parsed_head parsed = parse_response_head(pending_);
      if (parsed.state == head_state::partial) break;
      const int status = parsed.state == head_state::whole ? parsed.head.status : 0;
      pending_.erase(0, parsed.size);
      const bool interim = status >= 100 && status < 200;
      if (!interim || ++interims_ > most_interims) return through_tunnel(status);
    }
  }
}

void connection::through_tunnel(int status) {
  if (status < 200 || status >= 300) {
    std::string why = "the proxy " + to_.proxy + " answers CONNECT with ";
    if (status == 0) {
      why += "what is no HTTP/1.1";
    } else if (status < 200) {
      why += "more than 16 interim responses";
    } else {
      why += std::to_string(status);
    }
    if (status == 407) why += http::proxy_login_advice;
    return fail(failure::connect, std::move(why));
  }
  // The registry speaks only when it is spoken to: what is here already is none of it.
  if (!pending_.empty()) {
    return fail(failure::connect, "the proxy " + to_.proxy + " sends a body for CONNECT");
  }
  begin_tls();
}

void connection::begin_tls() {
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
  interims_ = 0;
  sent_ = 0;
  const std::uint64_t body =
      what_->content ? what_->content_end - what_->content_from : what_->text.size();
  to_send_ = head_.size() + body;
  arm(on_.loop->now() + on_.timeouts.idle, failure::timeout_idle);
  progress();
}

std::size_t connection::outgoing(std::span<iovec> out) {
  std::size_t filled = 0;
  const std::uint64_t head = head_.size();
  const auto add = [&](std::string_view from) {
    out[filled++] = {const_cast<char*>(from.data()), from.size()};  // NOLINT: only read
  };
  if (sent_ < head) add(head_.substr(sent_));
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

}  // namespace plimsoll::load
