#include "server/head.hpp"

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::reference {
namespace {

void append_field(std::string& to, std::string_view name, std::string_view value,
                  const wire_shape& wire) {
  if (wire.lower_case_names) {
    to += to_lower(name);
  } else {
    to += name;
  }
  to += ": ";
  // A value with a line break would be read as further headers.
  for (const char c : value) to += c == '\r' || c == '\n' ? ' ' : c;
  to += "\r\n";
}

/// What says where the body ends. RFC 9110, 8.6: no Content-Length with 204.
void append_framing(std::string& to, const response& reply) {
  if (reply.status == 204 || reply.wire.without_length) return;
  if (reply.wire.chunked) {
    append_field(to, "Transfer-Encoding", "chunked", reply.wire);
    return;
  }
  const auto length = reply.wire.told_length.value_or(reply.payload_bytes());
  append_field(to, "Content-Length", std::to_string(length), reply.wire);
}

}  // namespace

std::string head_of(const response& reply, const reply_shape& shape) {
  namespace http = boost::beast::http;
  const auto status = static_cast<unsigned>(reply.status);
  std::string head = "HTTP/1.1 " + std::to_string(status) + ' ';
  head += std::string_view(http::obsolete_reason(http::int_to_status(status)));
  head += "\r\n";
  for (const auto& one : reply.headers) append_field(head, one.first, one.second, reply.wire);
  append_framing(head, reply);
  append_field(head, "Connection", shape.keep_alive ? "keep-alive" : "close", reply.wire);
  head += "\r\n";
  return head;
}

std::string chunk_head(std::uint64_t bytes) {
  return fmt::format("{:x}\r\n", bytes);
}

bool expects_continue(const request& asked) {
  const auto value = asked.header("Expect");
  return value && equal_ignoring_case(trim(*value), "100-continue");
}

}  // namespace plimsoll::reference
