#include "values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_small(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c);
}

bool is_alphanumeric(char c) {
  return is_small(to_lower(c));
}

bool consists_of(std::string_view text, bool (*fits)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

// Alphanumerics with ".", "_", "__" or any count of "-" between them.
bool is_path_component(std::string_view text) {
  if (text.empty() || !is_small(text.front()) || !is_small(text.back())) return false;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = static_cast<std::size_t>(
        std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_small) -
        text.begin());
    const std::string_view separator = text.substr(at, end - at);
    const bool dashes = separator.find_first_not_of('-') == std::string_view::npos;
    if (!dashes && separator != "." && separator != "_" && separator != "__") return false;
    at = end + 1;
  }
  return true;
}

bool is_port(std::string_view text) {
  const auto port = parse_count(text);
  return port && *port > 0 && *port <= 65535;
}

bool is_authority(std::string_view text) {
  std::string_view rest = text;
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) return false;
    if (!consists_of(rest.substr(1, end - 1), [](char c) {
          return c == ':' || c == '.' || (to_lower(c) >= 'a' && to_lower(c) <= 'f') || is_digit(c);
        }))
      return false;
    rest.remove_prefix(end + 1);
    return rest.empty() || (rest.starts_with(':') && is_port(rest.substr(1)));
  }
  const std::size_t colon = rest.find(':');
  if (colon != std::string_view::npos && !is_port(rest.substr(colon + 1))) return false;
  return consists_of(rest.substr(0, colon),
                     [](char c) { return is_alphanumeric(c) || c == '.' || c == '-' || c == '_'; });
}

}  // namespace

std::optional<bool> parse_switch(std::string_view text) {
  constexpr std::array<std::string_view, 6> on = {"1", "t", "T", "TRUE", "true", "True"};
  constexpr std::array<std::string_view, 6> off = {"0", "f", "F", "FALSE", "false", "False"};
  if (std::find(on.begin(), on.end(), text) != on.end()) return true;
  if (std::find(off.begin(), off.end(), text) != off.end()) return false;
  return std::nullopt;
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, count);
  if (failure != std::errc() || stopped != end) return std::nullopt;
  return count;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 4> units = {
      {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
  constexpr std::uint64_t day = 86'400'000;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = parse_count(text.substr(0, digits));
  const auto* const unit = std::find_if(units.begin(), units.end(), [&](const auto& known) {
    return known.first == text.substr(digits);
  });
  if (!count || *count == 0 || unit == units.end() || *count > day / unit->second) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(*count * unit->second);
}

std::optional<spec_version> parse_version(std::string_view text) {
  if (text == "stable") return spec_version::v1_1;
  if (text == "dev" || text == "1.1+dev") return spec_version::v1_2_dev;
  return parse_spec_version(text);
}

std::optional<log_level> parse_log_level(std::string_view text) {
  for (const auto level : {log_level::debug, log_level::info, log_level::warn, log_level::error}) {
    if (equal_ignoring_case(text, to_string(level))) return level;
  }
  return std::nullopt;
}

std::string_view to_string(log_level level) {
  switch (level) {
    case log_level::debug:
      return "debug";
    case log_level::info:
      return "info";
    case log_level::warn:
      return "warn";
    case log_level::error:
      return "error";
  }
  return "";
}

std::string to_text(std::chrono::milliseconds duration) {
  const auto count = duration.count();
  return count % 1000 == 0 ? fmt::format("{}s", count / 1000) : fmt::format("{}ms", count);
}

std::optional<std::string> registry_fault(std::string_view text) {
  if (text.find('@') != std::string_view::npos) {
    return "expected http://HOST[:PORT] or https://HOST[:PORT] without a login, which has its own "
           "settings";
  }
  std::string_view rest = text;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (equal_ignoring_case(rest.substr(0, scheme.size()), scheme)) {
      rest.remove_prefix(scheme.size());
      break;
    }
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (is_authority(rest)) return std::nullopt;
  return fmt::format("expected http://HOST[:PORT] or https://HOST[:PORT], received \"{}\"",
                     printable(text));
}

bool is_repository(std::string_view text) {
  const auto components = split(text, '/');
  return text.size() <= 255 && std::all_of(components.begin(), components.end(), is_path_component);
}

bool is_tag(std::string_view text) {
  return text.size() <= 128 && !text.starts_with('.') && !text.starts_with('-') &&
         consists_of(text,
                     [](char c) { return is_alphanumeric(c) || c == '_' || c == '.' || c == '-'; });
}

bool is_digest(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  return consists_of(
             text.substr(0, colon),
             [](char c) { return is_small(c) || c == '+' || c == '.' || c == '_' || c == '-'; }) &&
         consists_of(text.substr(colon + 1),
                     [](char c) { return is_alphanumeric(c) || c == '=' || c == '_' || c == '-'; });
}

}  // namespace plimsoll
