#include "field_scanner.hpp"

#include <algorithm>

namespace plimsoll::oci {
namespace {

constexpr std::string_view token_characters =
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool is_control(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

}  // namespace

void field_scanner::skip_spaces() noexcept {
  take_all_of(" \t");
}

bool field_scanner::take(char c) noexcept {
  if (!at(c)) return false;
  skip(1);
  return true;
}

std::string_view field_scanner::take_all_of(std::string_view characters) noexcept {
  const std::size_t length = std::min(rest_.find_first_not_of(characters), rest_.size());
  const std::string_view taken = rest_.substr(0, length);
  skip(length);
  return taken;
}

std::optional<std::string_view> field_scanner::take_token() noexcept {
  const std::string_view token = take_all_of(token_characters);
  if (token.empty()) return std::nullopt;
  return token;
}

std::optional<std::string> field_scanner::take_quoted() {
  if (!at('"')) return std::nullopt;
  std::string text;
  for (std::size_t i = 1; i < rest_.size(); ++i) {
    if (rest_[i] == '"') {
      skip(i + 1);
      return text;
    }
    if (rest_[i] == '\\' && ++i == rest_.size()) return std::nullopt;
    if (is_control(rest_[i])) return std::nullopt;
    text += rest_[i];
  }
  return std::nullopt;
}

}  // namespace plimsoll::oci
