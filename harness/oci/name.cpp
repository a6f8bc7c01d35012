#include "plimsoll/oci/name.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::oci {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_alphanumeric(char c) noexcept {
  return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z');
}

bool is_name_separator(std::string_view text) noexcept {
  return text == "." || text == "_" || text == "__" ||
         (!text.empty() && text.find_first_not_of('-') == npos);
}

/// One component: `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`.
bool is_name_component(std::string_view text) noexcept {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  for (;;) {
    const std::size_t run = std::min(text.find_first_not_of(letters), text.size());
    if (run == 0) return false;
    text.remove_prefix(run);
    if (text.empty()) return true;
    const std::size_t separator = std::min(text.find_first_of(letters), text.size());
    if (!is_name_separator(text.substr(0, separator))) return false;
    text.remove_prefix(separator);
  }
}

bool is_tag_character(char c) noexcept {
  return is_alphanumeric(c) || c == '_' || c == '.' || c == '-';
}

bool is_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc{} && stop == text.data() + text.size() && port != 0;
}

bool is_host(std::string_view text) noexcept {
  if (text.starts_with('[')) {
    return text.size() > 2 && text.ends_with(']') &&
           text.substr(1, text.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") == npos;
  }
  return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '.' || c == '-'; });
}

bool is_registry(std::string_view text) noexcept {
  const std::size_t bracket = text.find(']');
  const std::size_t colon = text.find(':', bracket == npos ? 0 : bracket);
  if (colon == npos) return is_host(text);
  return is_host(text.substr(0, colon)) && is_port(text.substr(colon + 1));
}

bool looks_like_registry(std::string_view component) noexcept {
  return component == "localhost" || component.find_first_of(".:") != npos;
}

error no_reference(std::string_view text, std::string_view why) {
  return error::of(fmt::format("reference \"{}\": {}", printable(text), why));
}

}  // namespace

bool is_repository_name(std::string_view text) noexcept {
  for (;;) {
    const std::size_t slash = text.find('/');
    if (!is_name_component(text.substr(0, slash))) return false;
    if (slash == npos) return true;
    text.remove_prefix(slash + 1);
  }
}

bool is_tag(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 128 && text.front() != '.' && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), is_tag_character);
}

result<reference> parse_reference(std::string_view text) {
  reference made;
  std::string_view rest = text;
  if (const std::size_t at = rest.find('@'); at != npos) {
    auto parsed = digest::parse(rest.substr(at + 1));
    if (!parsed) return no_reference(text, parsed.error().what());
    made.digest = *std::move(parsed);
    rest = rest.substr(0, at);
  }
  if (const std::size_t slash = rest.find('/');
      slash != npos && looks_like_registry(rest.substr(0, slash))) {
    made.registry = rest.substr(0, slash);
    if (!is_registry(made.registry)) {
      return no_reference(text, "the part before the first '/' is no host[:port]");
    }
    rest.remove_prefix(slash + 1);
  }
  if (const std::size_t colon = rest.find(':'); colon != npos) {
    made.tag = std::string(rest.substr(colon + 1));
    if (!is_tag(*made.tag)) {
      return no_reference(text, fmt::format("\"{}\" is no tag", printable(*made.tag)));
    }
    rest = rest.substr(0, colon);
  }
  made.repository = rest;
  if (!is_repository_name(rest)) {
    return no_reference(text, fmt::format("\"{}\" is no repository name", printable(rest)));
  }
  return made;
}

std::string referrers_tag(const oci::digest& subject) {
  std::string made(subject.algorithm().substr(0, 32));
  made.append(1, '-').append(subject.encoded().substr(0, 64));
  std::replace_if(
      made.begin(), made.end(), [](char c) { return !is_tag_character(c); }, '-');
  return made;
}

}  // namespace plimsoll::oci
