#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::oci {

/// One range of RFC 9110, 14.1.2: `first-last`, `first-`, or `-suffix`.
struct byte_range {
  std::optional<std::uint64_t> first;  ///< Nothing: the last `last` bytes.
  std::optional<std::uint64_t> last;   ///< Nothing: to the end.
  friend bool operator==(const byte_range&, const byte_range&) = default;
};

/// The ranges of a `Range: bytes=...` header; nothing where the unit is not `bytes`
/// or the value breaks the grammar, which RFC 9110 has a server ignore.
[[nodiscard]] std::optional<std::vector<byte_range>> parse_byte_ranges(std::string_view value);

/// A satisfied part: offsets of its first and last byte.
struct byte_span {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  [[nodiscard]] constexpr std::uint64_t length() const noexcept { return last - first + 1; }
  friend bool operator==(const byte_span&, const byte_span&) = default;
};

/// The part of a representation of `size` bytes that the range selects; nothing where
/// it is not satisfiable.
[[nodiscard]] std::optional<byte_span> resolve(const byte_range& range,
                                               std::uint64_t size) noexcept;

/// The value of a response's `Content-Range`: `bytes 0-9/100`, `bytes 0-9/*`, `bytes */100`.
struct content_range {
  std::optional<byte_span> span;
  std::optional<std::uint64_t> complete_length;
  friend bool operator==(const content_range&, const content_range&) = default;
};

[[nodiscard]] std::optional<content_range> parse_content_range(std::string_view value) noexcept;
[[nodiscard]] std::string to_string(const content_range& value);

}  // namespace plimsoll::oci
