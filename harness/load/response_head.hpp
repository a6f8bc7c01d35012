#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plimsoll::load {

/// What a client has to know of a response's head. The texts are views into the bytes that
/// were parsed; empty where the field is not there.
struct response_head {
  int status = 0;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keeps_open = true;  ///< The connection may be used again.
  std::string_view location;
  std::string_view docker_content_digest;
  std::string_view content_type;
  std::string_view retry_after;
  std::string_view link;
  std::string_view chunk_min_length;
};

enum class head_state : std::uint8_t { partial, whole, broken };

struct parsed_head {
  head_state state = head_state::partial;
  std::size_t size = 0;  ///< Bytes of the head with its blank line, where it is whole.
  response_head head;
};

/// A longer head is broken.
inline constexpr std::size_t longest_head = std::size_t{64} * 1024;

/// Reads a head of HTTP/1.1 or 1.0 from the start of `bytes`, without allocation. A line may end
/// with LF alone (RFC 9112, 2.2). Broken is:
/// no status line, a field without a colon, Content-Length that is no number or that comes
/// twice with different values, a transfer coding other than chunked (RFC 9112, 2 to 6).
[[nodiscard]] parsed_head parse_response_head(std::string_view bytes) noexcept;

}  // namespace plimsoll::load
