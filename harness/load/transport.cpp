#include "transport.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

namespace plimsoll::load {
namespace {

bool is_address(const std::string& host) {
  in6_addr ignored{};
  return inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

io_result socket_result(ssize_t count, std::size_t wanted) noexcept {
  if (count > 0) {
    const auto bytes = static_cast<std::size_t>(count);
    return {bytes < wanted ? io_state::drained : io_state::moved, bytes};
  }
  if (count == 0) return {io_state::ended, 0};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {io_state::would_block, 0};
  return {io_state::failed, 0};
}

}  // namespace

void transport::close() noexcept {
  if (ssl_ != nullptr) {
    SSL_free(std::exchange(ssl_, nullptr));
    ERR_clear_error();
  }
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  awaited_ = 1;
}

void transport::await_bytes(std::size_t least) noexcept {
  if (least == awaited_ || descriptor_ < 0) return;
  const int wanted = static_cast<int>(least);
  if (setsockopt(descriptor_, SOL_SOCKET, SO_RCVLOWAT, &wanted, sizeof wanted) == 0) {
    awaited_ = least;
  }
}

void transport::open_window(std::size_t bytes) noexcept {
  // SO_RCVLOWAT makes room for its bytes, up to half of tcp_rmem's limit; SO_RCVBUF is limited by
  // the much smaller rmem_max, and ends the window's own growth.
  await_bytes(bytes);
}

bool transport::begin_tls(SSL_CTX* context, const std::string& host) {
  ssl_ = SSL_new(context);
  if (ssl_ == nullptr || SSL_set_fd(ssl_, descriptor_) != 1) return false;
  SSL_set_mode(ssl_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // One system call reads many records.
  SSL_set_read_ahead(ssl_, 1);
  if (is_address(host)) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), host.c_str()) == 1;
  }
  return SSL_set1_host(ssl_, host.c_str()) == 1 &&
         SSL_ctrl(ssl_, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                  const_cast<char*>(host.c_str())) == 1;  // NOLINT: the macro's own cast
}

io_result transport::tls_result(int result) const noexcept {
  if (result > 0) return {io_state::moved, static_cast<std::size_t>(result)};
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return {io_state::would_block, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {io_state::ended, 0};
    default:
      return {io_state::failed, 0};
  }
}

io_result transport::handshake() noexcept {
  ERR_clear_error();
  return tls_result(SSL_connect(ssl_));
}

std::string transport::tls_error() const {
  const long verdict = ssl_ == nullptr ? X509_V_OK : SSL_get_verify_result(ssl_);
  if (verdict != X509_V_OK) return X509_verify_cert_error_string(verdict);
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "the TLS connection ended" : reason;
}

io_result transport::read(std::span<char> buffer) noexcept {
  if (ssl_ == nullptr) {
    return socket_result(recv(descriptor_, buffer.data(), buffer.size(), MSG_DONTWAIT),
                         buffer.size());
  }
  ERR_clear_error();
  return tls_result(SSL_read(ssl_, buffer.data(),
                             static_cast<int>(std::min<std::size_t>(buffer.size(), INT_MAX))));
}

io_result transport::discard(std::size_t most) noexcept {
  return socket_result(recv(descriptor_, nullptr, most, MSG_TRUNC | MSG_DONTWAIT), most);
}

io_result transport::write(std::span<const iovec> buffers) noexcept {
  if (ssl_ != nullptr) {
    ERR_clear_error();
    const iovec& part = buffers.front();
    return tls_result(SSL_write(ssl_, part.iov_base,
                                static_cast<int>(std::min<std::size_t>(part.iov_len, INT_MAX))));
  }
  if (buffers.size() == 1) {  // send costs the system less than sendmsg
    const iovec& part = buffers.front();
    return socket_result(
        send(descriptor_, part.iov_base, part.iov_len, MSG_NOSIGNAL | MSG_DONTWAIT), part.iov_len);
  }
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(buffers.data());  // NOLINT: the system only reads it
  message.msg_iovlen = buffers.size();
  const ssize_t count = sendmsg(descriptor_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  return socket_result(count, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
}

}  // namespace plimsoll::load
