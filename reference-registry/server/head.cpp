#include "server/head.hpp"

#include <boost/beast/http/status.hpp>

#include "plimsoll/base/text.hpp"

namespace plimsoll::reference {
namespace {

void append_field(std::string& to, std::string_view name, std::string_view value) {
  to += name;
  to += ": ";
  // A value with a line break would be read as further headers.
  for (const char c : value) to += c == '\r' || c == '\n' ? ' ' : c;
  to += "\r\n";
}

}  // namespace

std::string head_of(const response& reply, const reply_shape& shape) {
  namespace http = boost::beast::http;
  const auto status = static_cast<unsigned>(reply.status);
  std::string head = "HTTP/1.1 " + std::to_string(status) + ' ';
  head += std::string_view(http::obsolete_reason(http::int_to_status(status)));
  head += "\r\n";
  for (const auto& one : reply.headers) append_field(head, one.first, one.second);
  // RFC 9110, 8.6: no Content-Length with 204.
  if (reply.status != 204) {
    append_field(head, "Content-Length", std::to_string(reply.payload().size()));
  }
  append_field(head, "Connection", shape.keep_alive ? "keep-alive" : "close");
  head += "\r\n";
  return head;
}

bool expects_continue(const request& asked) {
  const auto value = asked.header("Expect");
  return value && equal_ignoring_case(trim(*value), "100-continue");
}

}  // namespace plimsoll::reference
