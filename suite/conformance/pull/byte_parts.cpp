#include "byte_parts.hpp"

#include <optional>
#include <string>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/media_type.hpp"

namespace plimsoll::suite {
namespace {

std::optional<oci::byte_span> place_of(std::string_view content_range) {
  const auto told = oci::parse_content_range(content_range);
  return told ? told->span : std::nullopt;
}

/// The parameter `boundary`, without its quotes; empty where there is none.
std::string boundary_of(std::string_view content_type) {
  for (const std::string_view one : split(content_type, ';')) {
    const std::string_view parameter = trim(one);
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos) continue;
    if (!equal_ignoring_case(parameter.substr(0, equals), "boundary")) continue;
    std::string_view value = parameter.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
    return std::string(value);
  }
  return {};
}

/// The value of Content-Range among the fields of a part.
std::string_view content_range_in(std::string_view fields) {
  for (const std::string_view line : split(fields, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (!equal_ignoring_case(trim(line.substr(0, colon)), "Content-Range")) continue;
    std::string_view value = line.substr(colon + 1);
    if (!value.empty() && value.back() == '\r') value.remove_suffix(1);
    return trim(value);
  }
  return {};
}

std::optional<byte_part> part_of(std::string_view text) {
  const auto head_end = text.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return std::nullopt;
  const auto place = place_of(content_range_in(text.substr(0, head_end)));
  if (!place) return std::nullopt;
  byte_part made;
  made.place = *place;
  made.bytes = text.substr(head_end + 4);
  return made;
}

/// RFC 2046, 5.1.1: each part stands between two lines of the delimiter.
std::vector<byte_part> parts_between(std::string_view body, const std::string& delimiter) {
  std::vector<byte_part> parts;
  auto at = body.substr(0, delimiter.size() - 2) == delimiter.substr(2)
                ? std::string_view::size_type{0}
                : body.find(delimiter);
  if (at == std::string_view::npos) return {};
  body.remove_prefix(at == 0 ? delimiter.size() - 2 : at + delimiter.size());
  while (body.substr(0, 2) != "--") {
    const auto end = body.find(delimiter);
    if (end == std::string_view::npos) return {};
    // What is left of the delimiter's line stands before the part's fields.
    const auto part = part_of(body.substr(0, end));
    if (!part) return {};
    parts.push_back(*part);
    body.remove_prefix(end + delimiter.size());
  }
  return parts;
}

}  // namespace

std::vector<byte_part> byte_parts_of(const http::response& partial) {
  const std::string_view type = partial.header("Content-Type").value_or("");
  if (equal_ignoring_case(oci::media_type::without_parameters(type), "multipart/byteranges")) {
    const std::string boundary = boundary_of(type);
    if (boundary.empty()) return {};
    return parts_between(partial.body, "\r\n--" + boundary);
  }
  const auto place = place_of(partial.header("Content-Range").value_or(""));
  if (!place) return {};
  byte_part made;
  made.place = *place;
  made.bytes = partial.body;
  return {made};
}

}  // namespace plimsoll::suite
