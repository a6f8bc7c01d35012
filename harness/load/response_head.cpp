#include "response_head.hpp"

#include <charconv>
#include <cstring>

#include "plimsoll/base/text.hpp"

namespace plimsoll::load {
namespace {

/// Whether the text is that word, case ignored. Its length is known when this is compiled, so that
/// it is a few wide instructions instead of a loop.
template <std::size_t N>
bool same(std::string_view text, const char (&lower_case)[N]) noexcept {  // NOLINT(*-c-arrays)
  if (text.size() != N - 1) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i + 1 < N; ++i) {
    difference |= static_cast<unsigned char>(to_lower(text[i]) ^ lower_case[i]);
  }
  return difference == 0;
}

/// Whether a comma separated list has the word, case ignored.
template <std::size_t N>
bool has_word(std::string_view list, const char (&word)[N]) noexcept {  // NOLINT(*-c-arrays)
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
  const auto [stop, code] = std::from_chars(value.data(), end, length);
  if (code != std::errc{} || stop != end) return false;
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
  if (same(name, "content-length")) return take_length(trim(value), head);
  if (same(name, "transfer-encoding")) return head.chunked = same(trim(value), "chunked");
  if (same(name, "connection")) {
    take_connection(value, head);
    return true;
  }
  std::string_view* const text = text_field(name, head);
  if (text != nullptr && text->empty()) *text = trim(value);
  return true;
}

/// "HTTP/1.1 200 OK", the reason may be missing.
bool take_status_line(std::string_view line, response_head& head) noexcept {
  if (line.size() < 12 || line.substr(0, 7) != "HTTP/1." || line[8] != ' ') return false;
  if (line.size() > 12 && line[12] != ' ') return false;
  const auto [stop, code] = std::from_chars(line.data() + 9, line.data() + 12, head.status);
  if (code != std::errc{} || stop != line.data() + 12) return false;
  head.keeps_open = line[7] == '1';
  return head.status >= 100 && head.status <= 599;
}

bool take_line(std::string_view line, response_head& head) noexcept {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  return take_field(line.substr(0, colon), line.substr(colon + 1), head);
}

}  // namespace

parsed_head parse_response_head(std::string_view bytes) noexcept {
  parsed_head out;
  const std::string_view seen = bytes.substr(0, longest_head);
  for (std::size_t offset = 0;;) {
    const auto end = seen.find('\n', offset);
    if (end == std::string_view::npos) break;
    std::string_view line = seen.substr(offset, end - offset);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool first = offset == 0;
    offset = end + 1;
    if (line.empty() && !first) {
      out.state = head_state::whole;
      out.size = offset;
      return out;
    }
    if (!(first ? take_status_line(line, out.head) : take_line(line, out.head))) {
      out.state = head_state::broken;
      return out;
    }
  }
  if (bytes.size() >= longest_head) out.state = head_state::broken;
  return out;
}

}  // namespace plimsoll::load
