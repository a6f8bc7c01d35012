#include "plimsoll/oci/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

#include "plimsoll/base/text.hpp"

namespace plimsoll::oci {
namespace {

bool is_digits(std::string_view text) noexcept {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// A number of only digits; nothing where there is anything else, or too much for 64 bits.
std::optional<std::uint64_t> number_of(std::string_view text) noexcept {
  std::uint64_t number = 0;
  if (!is_digits(text)) return std::nullopt;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc{}) return std::nullopt;
  return number;
}

/// RFC 9110 has no limit for a range's numbers: what does not fit lies behind every end.
std::uint64_t saturated(std::string_view digits) noexcept {
  return number_of(digits).value_or(std::numeric_limits<std::uint64_t>::max());
}

std::optional<byte_range> parse_one(std::string_view text) noexcept {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view before = text.substr(0, dash);
  const std::string_view behind = text.substr(dash + 1);
  if (!before.empty() && !is_digits(before)) return std::nullopt;
  if (!behind.empty() && !is_digits(behind)) return std::nullopt;
  if (before.empty() && behind.empty()) return std::nullopt;

  byte_range range;
  if (!before.empty()) range.first = saturated(before);
  if (!behind.empty()) range.last = saturated(behind);
  if (range.first && range.last && *range.last < *range.first) return std::nullopt;
  return range;
}

}  // namespace

std::optional<std::vector<byte_range>> parse_byte_ranges(std::string_view value) {
  const std::size_t equals = value.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  if (!equal_ignoring_case(value.substr(0, equals), "bytes")) return std::nullopt;

  std::vector<byte_range> ranges;
  for (const std::string_view part : split(value.substr(equals + 1), ',')) {
    // RFC 9110, 5.6.1.2: a recipient ignores empty elements of a list.
    if (trim(part).empty()) continue;
    const auto range = parse_one(trim(part));
    if (!range) return std::nullopt;
    ranges.push_back(*range);
  }
  if (ranges.empty()) return std::nullopt;
  return ranges;
}

std::optional<byte_span> resolve(const byte_range& range, std::uint64_t size) noexcept {
  if (size == 0) return std::nullopt;
  if (!range.first) {
    const std::uint64_t length = std::min(range.last.value_or(0), size);
    if (length == 0) return std::nullopt;
    return byte_span{size - length, size - 1};
  }
  const std::uint64_t last = std::min(range.last.value_or(size - 1), size - 1);
  if (*range.first > last) return std::nullopt;
  return byte_span{*range.first, last};
}

std::optional<content_range> parse_content_range(std::string_view value) noexcept {
  constexpr std::string_view unit = "bytes ";
  if (!equal_ignoring_case(value.substr(0, unit.size()), unit)) return std::nullopt;
  value.remove_prefix(unit.size());
  const std::size_t slash = value.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view part = value.substr(0, slash);
  const std::string_view whole = value.substr(slash + 1);

  content_range made;
  if (whole != "*") {
    made.complete_length = number_of(whole);
    if (!made.complete_length) return std::nullopt;
  }
  if (part == "*") {
    if (!made.complete_length) return std::nullopt;
    return made;
  }
  const std::size_t dash = part.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = number_of(part.substr(0, dash));
  const auto last = number_of(part.substr(dash + 1));
  if (!first || !last || *last < *first) return std::nullopt;
  if (made.complete_length && *made.complete_length <= *last) return std::nullopt;
  made.span = byte_span{*first, *last};
  return made;
}

std::string to_string(const content_range& value) {
  std::string text = "bytes ";
  text += value.span ? std::to_string(value.span->first) + '-' + std::to_string(value.span->last)
                     : std::string("*");
  text += '/';
  text += value.complete_length ? std::to_string(*value.complete_length) : std::string("*");
  return text;
}

}  // namespace plimsoll::oci
