#include "tunnel.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

#include "plimsoll/http/proxy.hpp"

namespace plimsoll::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

}  // namespace

std::string tunnel_request(const std::string& target, const std::string& authorization) {
  std::string head = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!authorization.empty()) head += "Proxy-Authorization: " + authorization + "\r\n";
  return head + "\r\n";
}

asio::awaitable<tunnel_answer> ask_for_tunnel(beast::tcp_stream& over, std::string target,
                                              std::string authorization) {
  const std::string head = tunnel_request(target, authorization);
  tunnel_answer made;
  const auto bytes = asio::buffer(head);
  const auto [unsent, written] = co_await asio::async_write(over, bytes, as_values);
  made.code = unsent;
  if (made.code) co_return made;

  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::empty_body> parser;
  parser.skip(true);
  const auto [unread, size] =
      co_await beast::http::async_read_header(over, buffer, parser, as_values);
  made.code = unread;
  if (made.code) co_return made;
  made.status = static_cast<int>(parser.get().result_int());
  // The target speaks only when it is spoken to: what is here already is none of it.
  if (buffer.size() > 0 && made.status < 300) made.code = beast::http::error::unexpected_body;
  co_return made;
}

}  // namespace plimsoll::http
