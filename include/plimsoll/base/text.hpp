#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll {

/// An ASCII letter in lower case; any other character as it is.
[[nodiscard]] constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] std::string to_lower(std::string_view text);

/// Whether two texts are the same but for the case of ASCII letters, as HTTP
/// compares field names.
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// The text without spaces and tabs at its ends (RFC 9110's OWS).
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// The parts between `separator`, empty ones included; one empty part for "".
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// Text from a registry, made fit for a terminal or a one-line message: control
/// characters, invalid UTF-8 and bidirectional overrides become `\xNN`, and what
/// goes beyond `limit` bytes is cut, with "..." and the full size behind it.
[[nodiscard]] std::string printable(std::string_view untrusted, std::size_t limit = 200);

/// Whether the bytes are UTF-8 throughout (no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;

/// Percent-encodes all but RFC 3986's unreserved characters and those in `keep`.
[[nodiscard]] std::string percent_encode(std::string_view text, std::string_view keep = {});

/// Decodes %XX; nothing where a % is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// The one of `known` that is nearest to `typed` by edit distance, for "did you
/// mean"; nothing where none is within a third of its length.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view typed,
                                                      std::span<const std::string_view> known);

/// A count of bytes for people, in IEC units: "512 B", "4.0 MiB".
[[nodiscard]] std::string human_bytes(std::uint64_t count);

}  // namespace plimsoll
