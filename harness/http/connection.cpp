#include "connection.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include "lookup.hpp"
#include "tunnel.hpp"

namespace plimsoll::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t piece_size = std::size_t{64} * 1024;
/// Of a buffer that is new: most answers are no longer, and 64 KiB for each cost malloc dear.
constexpr std::size_t first_piece_size = std::size_t{4} * 1024;

/// Why the handshake failed. OpenSSL's reason for a refused certificate does not stand in the
/// error code; and what a peer without TLS answers with, OpenSSL takes for a version.
std::string tls_reason(SSL* handle, const error_code& code) {
  const long verdict = SSL_get_verify_result(handle);
  if (verdict != X509_V_OK) {
    return std::string("the certificate is refused: ") + X509_verify_cert_error_string(verdict);
  }
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(code.value()));
  const bool of_openssl = code.category() == asio::error::get_ssl_category();
  if (of_openssl && (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST)) {
    return "the answer is not TLS";
  }
  if (code == asio::error::eof || code == asio::ssl::error::stream_truncated ||
      code == asio::error::connection_reset) {
    return "the connection was closed within the handshake";
  }
  return code.message();
}

/// Has OpenSSL compare the certificate's names with `host`, so that it can tell a mismatch.
bool check_names(SSL* handle, const std::string& host, bool is_name) {
  if (is_name) return SSL_set1_host(handle, host.c_str()) == 1;
  return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(handle), host.c_str()) == 1;
}

}  // namespace

std::string peer::name() const {
  return host_and_port(host, port);
}

connection::connection(asio::any_io_executor executor, peer to, timeouts limits)
    : to_(std::move(to)), limits_(limits), plain_(std::move(executor)) {}

beast::tcp_stream& connection::lowest() noexcept {
  return tls_ ? tls_->next_layer() : plain_;
}

void connection::arm(milliseconds limit) {
  lowest().expires_at(std::min(clock::now() + limit, exchange_end_));
}

std::string connection::other_end() const {
  if (!to_.via || tls_) return to_.name();
  return "proxy " + to_.via->name() + " (to " + to_.name() + ")";
}

std::string connection::reason(std::string_view phase, const error_code& code,
                               milliseconds limit) const {
  const auto behind = " " + other_end() + ": ";
  if (code == asio::error::operation_aborted) return std::string(phase) + behind + "interrupted";
  if (code != beast::error::timeout) return std::string(phase) + behind + code.message();
  if (clock::now() >= exchange_end_) {
    return "exchange" + behind + "not over after " + std::to_string(limits_.exchange.count()) +
           " ms (during " + std::string(phase) + ")";
  }
  return std::string(phase) + behind + "timed out after " + std::to_string(limit.count()) + " ms";
}

asio::awaitable<result<void>> connection::open(asio::ssl::context& context, bool verify) {
  const auto connected = co_await connect();
  if (!connected || !to_.tls) co_return connected;
  if (to_.via) {
    const auto opened = co_await open_tunnel();
    if (!opened) co_return opened;
  }
  co_return co_await shake_hands(context, verify);
}

asio::awaitable<result<void>> connection::connect() {
  const auto end = std::min(clock::now() + limits_.connect, exchange_end_);
  const std::string& host = to_.via ? to_.via->host : to_.host;
  const std::string& port = to_.via ? to_.via->port : to_.port;
  const auto found = co_await look_up(plain_.get_executor(), host, port, end);
  if (!found) co_return error::of(reason("connect", found.error(), limits_.connect));
  plain_.expires_at(end);
  const auto [code, endpoint] = co_await plain_.async_connect(*found, as_values);
  if (code) co_return error::of(reason("connect", code, limits_.connect));
  error_code ignored;
  plain_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  co_return result<void>();
}

asio::awaitable<result<void>> connection::open_tunnel() {
  arm(limits_.connect);
  const auto answer = co_await ask_for_tunnel(plain_, to_.name(), to_.via->authorization);
  if (answer.code) co_return error::of(reason("connect", answer.code, limits_.connect));
  if (answer.status >= 200 && answer.status < 300) co_return result<void>();
  std::string why = "connect " + other_end() + ": the proxy answers CONNECT with " +
                    std::to_string(answer.status);
  if (answer.status == 407) why += proxy_login_advice;
  co_return error::of(std::move(why));
}

asio::awaitable<result<void>> connection::shake_hands(asio::ssl::context& context, bool verify) {
  tls_ = std::make_unique<tls_stream>(std::move(plain_), context);
  error_code is_name;
  (void)asio::ip::make_address(to_.host, is_name);
  if (is_name) {
    // What SSL_set_tlsext_host_name stands for, without its cast.
    SSL_ctrl(tls_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             to_.host.data());
  }
  if (verify && !check_names(tls_->native_handle(), to_.host, is_name.failed())) {
    co_return error::of("tls " + to_.name() + ": the host's name cannot be in a certificate");
  }
  arm(limits_.tls);
  const auto [failed] = co_await tls_->async_handshake(asio::ssl::stream_base::client, as_values);
  if (!failed) co_return result<void>();
  if (failed == beast::error::timeout || failed == asio::error::operation_aborted) {
    co_return error::of(reason("tls", failed, limits_.tls));
  }
  co_return error::of("tls " + to_.name() + ": " + tls_reason(tls_->native_handle(), failed));
}

asio::awaitable<io_result> connection::read(beast::flat_buffer& into, std::string_view phase,
                                            milliseconds limit) {
  arm(limit);
  auto made = co_await read_some(into);
  if (made.code && made.code != asio::error::eof) made.why = reason(phase, made.code, limit);
  co_return made;
}

asio::awaitable<io_result> connection::read_beside_write(beast::flat_buffer& into) {
  // What is being written keeps its limit; what is written next sets its own.
  lowest().expires_never();
  auto made = co_await read_some(into);
  if (made.code) made.why = reason("send", made.code, limits_.idle);
  co_return made;
}

asio::awaitable<io_result> connection::read_some(beast::flat_buffer& into) {
  const auto space = into.prepare(into.capacity() == 0 ? first_piece_size : piece_size);
  io_result made;
  if (tls_) {
    const auto [code, size] = co_await tls_->async_read_some(space, as_values);
    made.code = code;
    made.size = size;
  } else {
    const auto [code, size] = co_await plain_.async_read_some(space, as_values);
    made.code = code;
    made.size = size;
  }
  into.commit(made.size);
  co_return made;
}

asio::awaitable<io_result> connection::write(std::string_view bytes) {
  io_result made;
  while (made.size < bytes.size() && !made.code) {
    const auto rest = bytes.substr(made.size, piece_size);
    const auto piece = asio::buffer(rest.data(), rest.size());
    arm(limits_.idle);
    if (tls_) {
      const auto [code, size] = co_await tls_->async_write_some(piece, as_values);
      made.code = code;
      made.size += size;
    } else {
      const auto [code, size] = co_await plain_.async_write_some(piece, as_values);
      made.code = code;
      made.size += size;
    }
  }
  if (made.code) made.why = reason("send", made.code, limits_.idle);
  co_return made;
}

bool connection::is_quiet() {
  auto& socket = lowest().socket();
  if (!socket.is_open()) return false;
  char byte = 0;
  const auto got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void connection::close() noexcept {
  error_code ignored;
  auto& socket = lowest().socket();
  socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  socket.close(ignored);
}

}  // namespace plimsoll::http
