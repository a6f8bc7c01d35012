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
connection::connection(core_resources& core, const origin& server)
    : core_(core),
      server_(server),
      watcher_{[](void* self, std::uint32_t events) {
                 static_cast<connection*>(self)->on_event(events);
               },
               this},
      timer_([](void* self) { static_cast<connection*>(self)->on_timer(); }, this) {}

connection::~connection() {
  close();
}

void connection::close() {
  transport_.close();
  core_.windows += std::exchange(window_, 0);
  ending_ = false;
  pending_.clear();
}

// --- One exchange, from its start to its end -----------------------------------------------

void connection::start() {
  reply_.outcome = failure::none;
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
  reply_.started = reply_.first_byte = core_.loop->now();
  sent_ = 0;
  exchange_deadline_ = reply_.started + core_.timeouts.exchange;
  if (transport_.is_open()) return begin_request();
  endpoint_ = 0;
  connect();
}

void connection::finish() {
  state_ = state::idle;
  reply_.ended = core_.loop->now();
  const std::uint64_t head = head_.size();
  reply_.sent_bytes = sent_ > head ? sent_ - head : 0;
  if (!keeps_open_ || ending_ || reply_.outcome != failure::none) close();
  transport_.await_bytes(1);
  exchange_ = nullptr;
  core_.loop->ready(std::exchange(awaiting_, nullptr));
}

void connection::fail(failure outcome, std::string detail) {
  if (state_ == state::idle) return;
  reply_.outcome = outcome;
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
  // The timer is not set again for each request: when it expires it checks the deadline.
  if (timer_.is_waiting() && timer_deadline_ <= deadline_) return;
  timer_deadline_ = deadline_;
  core_.loop->timers().set(timer_, deadline_);
}

void connection::on_timer() {
  if (state_ == state::idle) return;
  if (core_.loop->now() < deadline_) {
    timer_deadline_ = deadline_;
    core_.loop->timers().set(timer_, deadline_);
    return;
  }
  if (expiry_ == failure::timeout_idle && transport_.awaited_bytes() > 1) {
    // Fewer bytes than the low watermark may be there.
    transport_.await_bytes(1);
    const std::uint64_t before = reply_.received_bytes;
    read_response();
    if (state_ == state::idle || reply_.received_bytes != before) return;
  }
  fail(expiry_);
}

void connection::on_event(std::uint32_t events) {
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) ending_ = true;
  switch (state_) {
    case state::idle:
      // No request is under way: the server closes the connection, or sends something unsolicited.
      if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) close();
      return;
    case state::connecting:
      return on_connected();
    case state::tunnelling:
      return read_tunnel_response();
    case state::handshaking:
      return handshake();
    case state::head:
    case state::body:
      return progress();
  }
}

// --- The connection -------------------------------------------------------------------------

void connection::connect() {
  state_ = state::connecting;
  const endpoint& endpoint_address = server_.endpoints.at(endpoint_);
  const int descriptor = socket(endpoint_address.address.ss_family,
                                SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (descriptor < 0) {
    const bool full = errno == EMFILE || errno == ENFILE;
    return fail(full ? failure::descriptors : failure::connect, strerror(errno));
  }
  ++connects_;
  transport_.open(descriptor);
  const int enabled = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &enabled, sizeof enabled);
  arm(core_.loop->now() + core_.timeouts.connect, failure::timeout_connect);
  const auto watched = core_.loop->watch(descriptor, watcher_);
  if (!watched) return fail(failure::descriptors, watched.error().what());
  const auto* const address = reinterpret_cast<const sockaddr*>(&endpoint_address.address);
  if (::connect(descriptor, address, endpoint_address.size) == 0) return on_connected();
  if (errno != EINPROGRESS) on_connect_error(errno);
}

void connection::on_connect_error(int code) {
  close();
  if (++endpoint_ < server_.endpoints.size()) return connect();
  fail(failure::connect, strerror(code));
}

void connection::on_connected() {
  int code = 0;
  socklen_t size = sizeof code;
  getsockopt(transport_.descriptor(), SOL_SOCKET, SO_ERROR, &code, &size);
  if (code != 0) return on_connect_error(code);
  // An event of the descriptor that had the number before says nothing about this one.
  sockaddr_storage peer{};
  socklen_t peer_size = sizeof peer;
  if (getpeername(transport_.descriptor(), reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0) {
    return;
  }
  if (!server_.tls) return begin_request();
  if (!server_.tunnel.empty()) return send_connect_request();
  begin_tls();
}

// A tunnel through a proxy: RFC 9110, 9.3.6.

void connection::send_connect_request() {
  state_ = state::tunnelling;
  interims_ = 0;
  iovec all{const_cast<char*>(server_.tunnel.data()), server_.tunnel.size()};  // NOLINT: only read
  const io_result out = transport_.write(std::span(&all, 1));
  // The send buffer of a new connection has room for it.
  if (out.bytes != server_.tunnel.size()) {
    return fail(failure::connect, "the proxy " + server_.proxy + " does not take CONNECT");
  }
}

void connection::read_tunnel_response() {
  for (;;) {
    const io_result input = transport_.read(core_.input);
    if (input.state == io_state::would_block) return;
    if (input.bytes == 0) {
      return fail(failure::connect, "the proxy " + server_.proxy + " gives no answer to CONNECT");
    }
    pending_.append(core_.input.data(), input.bytes);
    for (;;) {
      const parsed_head parsed = parse_response_head(pending_);
      if (parsed.state == head_state::partial) break;
      const int status = parsed.state == head_state::whole ? parsed.head.status : 0;
      pending_.erase(0, parsed.size);
      const bool interim = status >= 100 && status < 200;
      if (!interim || ++interims_ > most_interims) return on_tunnel_response(status);
    }
  }
}

void connection::on_tunnel_response(int status) {
  if (status < 200 || status >= 300) {
    std::string detail = "the proxy " + server_.proxy + " answers CONNECT with ";
    if (status == 0) {
      detail += "something other than HTTP/1.1";
    } else if (status < 200) {
      detail += "more than 16 interim responses";
    } else {
      detail += std::to_string(status);
    }
    if (status == 407) detail += http::proxy_login_advice;
    return fail(failure::connect, std::move(detail));
  }
  // The registry sends nothing before a request: these bytes are the proxy's.
  if (!pending_.empty()) {
    return fail(failure::connect, "the proxy " + server_.proxy + " sends a body for CONNECT");
  }
  begin_tls();
}

void connection::begin_tls() {
  if (!transport_.begin_tls(core_.tls, server_.host)) {
    return fail(failure::tls, transport_.tls_error());
  }
  state_ = state::handshaking;
  arm(core_.loop->now() + core_.timeouts.tls, failure::timeout_connect);
  handshake();
}

void connection::handshake() {
  const io_result step = transport_.handshake();
  if (step.state == io_state::would_block) return;
  if (step.state != io_state::moved) return fail(failure::tls, transport_.tls_error());
  begin_request();
}

// --- The request ----------------------------------------------------------------------------

void connection::begin_request() {
  state_ = state::head;
  keeps_open_ = true;
  interims_ = 0;
  sent_ = 0;
  const std::uint64_t body = exchange_->content ? exchange_->content_end - exchange_->content_from
                                                : exchange_->text.size();
  total_to_send_ = head_.size() + body;
  arm(core_.loop->now() + core_.timeouts.idle, failure::timeout_idle);
  progress();
}

std::size_t connection::pending_output(std::span<iovec> out) {
  std::size_t filled = 0;
  const std::uint64_t head = head_.size();
  const auto add = [&](std::string_view piece) {
    out[filled++] = {const_cast<char*>(piece.data()), piece.size()};  // NOLINT: only read
  };
  if (sent_ < head) add(head_.substr(sent_));
  const std::uint64_t body_offset = sent_ < head ? 0 : sent_ - head;
  if (!exchange_->content) {
    if (body_offset < exchange_->text.size()) add(exchange_->text.substr(body_offset));
    return filled;
  }
  return filled + core_.content.pieces(*exchange_->content, exchange_->content_from + body_offset,
                                       exchange_->content_end, out.subspan(filled));
}

/// False where the next event has to be awaited.
bool connection::write_request() {
  for (std::size_t moved = 0; sent_ < total_to_send_;) {
    if (moved >= bytes_per_turn) {
      core_.loop->reschedule(watcher_);
      return false;
    }
    std::array<iovec, 9> parts;  // NOLINT(*-member-init): filled as far as it is used
    const std::size_t count = pending_output(parts);
    const io_result out = transport_.write(std::span(parts).first(count));
    if (out.state == io_state::would_block) return true;  // a response may be there before the end
    if (out.state == io_state::failed || out.state == io_state::ended) {
      // The server may have answered before it closed: its response is read.
      keeps_open_ = false;
      total_to_send_ = sent_;
      break;
    }
    sent_ += out.bytes;
    moved += out.bytes;
    arm(core_.loop->now() + core_.timeouts.idle, failure::timeout_idle);
  }
  if (sent_ == total_to_send_ && state_ == state::head) {
    arm(core_.loop->now() + core_.timeouts.first_byte, failure::timeout_first_byte);
  }
  return true;
}

void connection::progress() {
  if (sent_ < total_to_send_) {
    const bool at_once = sent_ == 0;
    const bool go_on = write_request();
    if (!go_on) return;
    // There is no answer yet: an event announces it.
    if (at_once && sent_ == total_to_send_ && keeps_open_) return;
  }
  read_response();
}

}  // namespace plimsoll::load
