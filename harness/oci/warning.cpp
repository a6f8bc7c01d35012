#include "plimsoll/oci/warning.hpp"

#include <algorithm>
#include <array>

#include "field_scanner.hpp"
#include "plimsoll/base/text.hpp"

namespace plimsoll::oci {
namespace {

constexpr std::string_view digits = "0123456789";

/// What RFC 3986 lets a host and its port be made of, and a token's characters; without
/// the comma, which no agent in use has and which ends a warning here.
constexpr std::string_view agent_characters =
    "!#$%&'()*+-.:;=[]^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool is_letter(char c) noexcept {
  return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// In the pattern A stands for a letter, 0 for a digit, _ for a digit or a space, and any
/// other character for itself.
bool matches(std::string_view text, std::string_view pattern) noexcept {
  return std::equal(text.begin(), text.end(), pattern.begin(), pattern.end(), [](char c, char p) {
    if (p == 'A') return is_letter(c);
    if (p == '0') return is_digit(c);
    return p == '_' ? is_digit(c) || c == ' ' : c == p;
  });
}

/// The form of one of HTTP-date's three kinds (RFC 9110, 5.6.7); the last has the whole
/// name of the day before its comma.
bool is_date(std::string_view text) noexcept {
  if (matches(text, "AAA, 00 AAA 0000 00:00:00 GMT") || matches(text, "AAA AAA _0 00:00:00 0000")) {
    return true;
  }
  const std::size_t comma = std::min(text.find(','), text.size());
  const std::string_view day = text.substr(0, comma);
  return day.size() >= 6 && std::all_of(day.begin(), day.end(), is_letter) &&
         matches(text.substr(comma), ", 00-AAA-00 00:00:00 GMT");
}

std::optional<warning> take_warning(field_scanner& scanner) {
  warning made;
  const std::string_view code = scanner.take_all_of(digits);
  if (code.size() != 3 || !scanner.take(' ')) return std::nullopt;
  for (const char c : code) made.code = made.code * 10 + (c - '0');

  made.agent = scanner.take_all_of(agent_characters);
  if (made.agent.empty() || !scanner.take(' ')) return std::nullopt;

  auto text = scanner.take_quoted();
  if (!text) return std::nullopt;
  made.text = *std::move(text);

  if (scanner.rest().starts_with(" \"")) {
    scanner.skip(1);
    made.date = scanner.take_quoted();
    if (!made.date || !is_date(*made.date)) return std::nullopt;
  }
  return made;
}

}  // namespace

std::optional<std::vector<warning>> parse_warnings(std::string_view value) {
  std::vector<warning> warnings;
  field_scanner scanner(value);
  for (;;) {
    scanner.skip_spaces();
    if (scanner.at_end()) break;
    if (scanner.take(',')) continue;
    auto one = take_warning(scanner);
    if (!one) return std::nullopt;
    warnings.push_back(*std::move(one));
    scanner.skip_spaces();
    if (!scanner.at_end() && !scanner.at(',')) return std::nullopt;
  }
  if (warnings.empty()) return std::nullopt;
  return warnings;
}

std::string to_warning_value(std::string_view text) {
  std::string value = "299 - \"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') value += '\\';
    // A quoted-string cannot hold control characters, and a line break would end the header.
    value += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return value + '"';
}

}  // namespace plimsoll::oci
