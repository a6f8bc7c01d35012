#include <array>
#include <cstdint>

#include "plimsoll/oci/manifest.hpp"

namespace plimsoll::oci {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Of each character its place in the alphabet; 64 where it has none.
constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> made{};
  for (auto& one : made) one = 64;
  for (std::uint8_t i = 0; i < 64; ++i) made[static_cast<unsigned char>(alphabet[i])] = i;
  return made;
}
constexpr auto values = make_values();

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = (bits << 8u) | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0u);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= group.size() ? alphabet[(bits >> (18u - 6u * i)) & 63u] : '=';
    }
  }
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  unsigned held = 0;  // how many low bits of `bits` are not written yet
  for (const char c : text.substr(0, text.size() - padding)) {
    const std::uint32_t value = values[static_cast<unsigned char>(c)];
    if (value > 63) return std::nullopt;
    bits = ((bits << 6u) | value) & 0xffffu;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>((bits >> held) & 0xffu);
  }
  // RFC 4648, 3.5: the bits that no byte has are zero, so each text has one form.
  if ((bits & ((1u << held) - 1u)) != 0) return std::nullopt;
  return out;
}

}  // namespace plimsoll::oci
