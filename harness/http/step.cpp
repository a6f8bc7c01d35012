#include "step.hpp"

#include <algorithm>
#include <string_view>

namespace plimsoll::http {
namespace {

bool holds_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool describes_a_body(std::string_view name) {
  constexpr std::string_view prefix = "content-";
  const auto start = name.substr(0, prefix.size());
  return std::equal(start.begin(), start.end(), prefix.begin(), prefix.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

}  // namespace

std::string complaint(const request& message) {
  if (holds_control(message.method()) || holds_control(message.target())) {
    return "request: a control character in the method or the target";
  }
  for (const auto& [name, value] : message.headers().fields()) {
    const bool bad = value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
    if (bad || holds_control(name)) return "request: a line break in a header field";
  }
  return {};
}

result<url> where(const url& registry, const std::string& target) {
  if (target.empty() || target.front() != '/') return parse_url(target);
  url made = registry;
  made.target = target;
  return made;
}

namespace {

void add_framing(const step& next, const request& message, header_fields& fields) {
  if (next.with_body && message.is_chunked()) {
    if (!fields.get("Transfer-Encoding")) fields.add("Transfer-Encoding", "chunked");
    return;
  }
  if (fields.get("Content-Length") || fields.get("Transfer-Encoding")) return;
  const bool expected = next.method == "POST" || next.method == "PUT" || next.method == "PATCH";
  if (next.with_body) fields.add("Content-Length", std::to_string(message.body_size()));
  if (!next.with_body && expected) fields.add("Content-Length", "0");
}

}  // namespace

header_fields fields_of(const step& next, const request& message, const client_options& options) {
  const auto& own = message.headers();
  header_fields made;
  if (!own.get("Host")) made.add("Host", next.to.host_field());
  if (!own.get("User-Agent")) made.add("User-Agent", options.user_agent);
  // What is judged is the bytes: no proxy on the way is to code them.
  if (!own.get("Accept-Encoding")) made.add("Accept-Encoding", "identity");
  for (const auto& [name, value] : own.fields()) made.add(name, value);
  if (next.foreign) {
    for (const auto* secret : {"Authorization", "Cookie", "Host"}) made.remove(secret);
    made.add("Host", next.to.host_field());
  }
  if (!next.with_body && message.has_body()) {
    for (const auto& [name, value] : own.fields()) {
      if (describes_a_body(name)) made.remove(name);
    }
    return made;
  }
  add_framing(next, message, made);
  return made;
}

void address_through(const proxy& via, const url& to, outgoing& what) {
  what.target = to.str();
  if (!via.authorization.empty()) what.fields.add("Proxy-Authorization", via.authorization);
}

}  // namespace plimsoll::http
