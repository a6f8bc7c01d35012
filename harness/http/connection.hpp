#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/system/error_code.hpp>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/client.hpp"
#include "proxies.hpp"

namespace plimsoll::http {

/// The other end of a connection.
struct peer {
  bool tls = false;
  std::string host;
  std::string port;
  std::optional<proxy> via = std::nullopt;  ///< Nothing: directly.

  /// "host:port", with brackets around an IPv6 address.
  [[nodiscard]] std::string name() const;
};

/// What came of one read or write.
struct io_result {
  boost::system::error_code code;
  std::size_t size = 0;
  std::string why;  ///< Phase, peer and reason; empty where all went well, and at a clean end.
};

/// One TCP connection, with TLS where its peer asks for it. Each operation has its own time
/// limit, and the exchange's end limits them all.
class connection {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  connection(boost::asio::any_io_executor executor, peer to, timeouts limits);

  /// From here on nothing lasts beyond `end`.
  void limit_exchange(time_point end) noexcept { exchange_end_ = end; }

  /// Looks the name up, connects, through a tunnel where TLS goes over a proxy, and shakes hands
  /// where the peer speaks TLS.
  [[nodiscard]] boost::asio::awaitable<result<void>> open(boost::asio::ssl::context& context,
                                                          bool verify);

  /// Adds what comes next to `into`. A clean end is `size` 0 with the code `eof` and no `why`.
  [[nodiscard]] boost::asio::awaitable<io_result> read(boost::beast::flat_buffer& into,
                                                       std::string_view phase,
                                                       std::chrono::milliseconds limit);

  /// Adds to `into` what comes while `write` is at work. Has no time limit of its own: where that
  /// of `write` is over, so is this. Where it is interrupted, the sending is.
  [[nodiscard]] boost::asio::awaitable<io_result> read_beside_write(
      boost::beast::flat_buffer& into);

  /// Writes all of `bytes`, or as many as go out before an error.
  [[nodiscard]] boost::asio::awaitable<io_result> write(std::string_view bytes);

  /// Whether an idle connection can take another request: nothing has come, and it is open.
  [[nodiscard]] bool is_quiet();

  /// Ends the operation under way, unless that is a name look-up.
  void interrupt() noexcept { lowest().cancel(); }

  /// Ends the connection; the peer still gets what was written.
  void close() noexcept;

  [[nodiscard]] const peer& to() const noexcept { return to_; }

 private:
  using tls_stream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

  boost::asio::awaitable<io_result> read_some(boost::beast::flat_buffer& into);
  boost::asio::awaitable<result<void>> connect();
  boost::asio::awaitable<result<void>> open_tunnel();
  boost::asio::awaitable<result<void>> shake_hands(boost::asio::ssl::context& context, bool verify);
  boost::beast::tcp_stream& lowest() noexcept;
  void arm(std::chrono::milliseconds limit);
  std::string reason(std::string_view phase, const boost::system::error_code& code,
                     std::chrono::milliseconds limit) const;
  /// Who does not answer: the peer, or the proxy on the way to it.
  std::string other_end() const;

  peer to_;
  timeouts limits_;
  time_point exchange_end_ = time_point::max();
  boost::beast::tcp_stream plain_;
  std::unique_ptr<tls_stream> tls_;
};

}  // namespace plimsoll::http
