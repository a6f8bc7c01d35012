#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/system/error_code.hpp>

namespace plimsoll::http {

/// What a proxy said to CONNECT.
struct tunnel_answer {
  boost::system::error_code code;  ///< Why there is no answer.
  int status = 0;                  ///< 2xx: what goes over the stream now reaches the target.
};

/// Asks the proxy at the other end of `over` for a tunnel (RFC 9110, 9.3.6). The stream's own
/// time limit holds for it.
///
/// @param target host:port
/// @param authorization the value of Proxy-Authorization; empty: none
[[nodiscard]] boost::asio::awaitable<tunnel_answer> ask_for_tunnel(boost::beast::tcp_stream& over,
                                                                   std::string target,
                                                                   std::string authorization);

}  // namespace plimsoll::http
