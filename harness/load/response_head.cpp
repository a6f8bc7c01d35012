#include "response_head.hpp"

#include <charconv>
#include <cstring>

#include "plimsoll/base/text.hpp"

namespace plimsoll::load {
namespace {

bool same(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && equal_ignoring_case(a, b);
}

/// Whether a comma separated list has the word, case ignored.
bool has_word(std::string_view list, std::string_view word) noexcept {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (same(trim(list.substr(0, comma)), word)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
  return false;
}

bool take_length(std::string_view value, response_head& head) noexcept {
  std::uint64_t length = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, why] = std::from_chars(value.data(), end, length);
  if (why != std::errc{} || stop != end) return false;
  if (head.content_length && *head.content_length != length) return false;
  head.content_length = length;
  return true;
}

void take_connection(std::string_view value, response_head& head) noexcept {
  if (has_word(value, "close")) head.keeps_open = false;
  if (has_word(value, "keep-alive")) head.keeps_open = true;
}

std::string_view* text_field(std::string_view name, response_head& head) noexcept {
  switch (name.size()) {
    case 4:
      return same(name, "link") ? &head.link : nullptr;
    case 8:
      return same(name, "location") ? &head.location : nullptr;
    case 11:
      return same(name, "retry-after") ? &head.retry_after : nullptr;
    case 12:
      return same(name, "content-type") ? &head.content_type : nullptr;
    case 20:
      return same(name, "oci-chunk-min-length") ? &head.chunk_min_length : nullptr;
    case 21:
      return same(name, "docker-content-digest") ? &head.docker_content_digest : nullptr;
    default:
      return nullptr;
  }
}

/// False where the field breaks the message's framing.
bool take_field(std::string_view name, std::string_view value, response_head& head) noexcept {
  if (same(name, "content-length")) return take_length(value, head);
  if (same(name, "transfer-encoding")) return head.chunked = same(value, "chunked");
  if (same(name, "connection")) {
    take_connection(value, head);
    return true;
  }
  std::string_view* const text = text_field(name, head);
  if (text != nullptr && text->empty()) *text = value;
  return true;
}

/// "HTTP/1.1 200 OK", the reason may be missing.
bool take_status_line(std::string_view line, response_head& head) noexcept {
  if (line.size() < 12 || line.substr(0, 7) != "HTTP/1." || line[8] != ' ') return false;
  if (line.size() > 12 && line[12] != ' ') return false;
  const auto [stop, why] = std::from_chars(line.data() + 9, line.data() + 12, head.status);
  if (why != std::errc{} || stop != line.data() + 12) return false;
  head.keeps_open = line[7] == '1';
  return head.status >= 100 && head.status <= 599;
}

bool take_line(std::string_view line, response_head& head) noexcept {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  return take_field(line.substr(0, colon), trim(line.substr(colon + 1)), head);
}

}  // namespace

parsed_head parse_response_head(std::string_view bytes) noexcept {
  constexpr std::string_view blank = "\r\n\r\n";
  parsed_head out;
  const void* const at = memmem(bytes.data(), bytes.size(), blank.data(), blank.size());
  if (at == nullptr) {
    if (bytes.size() >= longest_head) out.state = head_state::broken;
    return out;
  }
  out.size = static_cast<std::size_t>(static_cast<const char*>(at) - bytes.data()) + blank.size();
  out.state = head_state::broken;
  if (out.size > longest_head) return out;
  std::string_view left = bytes.substr(0, out.size - 2);
  bool first = true;
  while (!left.empty()) {
    const auto end = left.find("\r\n");
    const std::string_view line = left.substr(0, end);
    if (!(first ? take_status_line(line, out.head) : take_line(line, out.head))) return out;
    first = false;
    left.remove_prefix(end + 2);
  }
  out.state = head_state::whole;
  return out;
}

}  // namespace plimsoll::load
