#include "plimsoll/oci/link.hpp"

#include <algorithm>

#include "field_scanner.hpp"
#include "plimsoll/base/text.hpp"

namespace plimsoll::oci {
namespace {

/// RFC 3986 has neither spaces nor these, nor anything beyond ASCII.
bool is_uri_character(char c) noexcept {
  return c > ' ' && c < '\x7f' && std::string_view("<>\"\\^`{|}").find(c) == std::string_view::npos;
}

std::optional<std::string> take_target(field_scanner& scanner) {
  if (!scanner.at('<')) return std::nullopt;
  const std::size_t end = scanner.rest().find('>');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view target = scanner.rest().substr(1, end - 1);
  if (!std::all_of(target.begin(), target.end(), is_uri_character)) return std::nullopt;
  scanner.skip(end + 1);
  return std::string(target);
}

std::optional<std::pair<std::string, std::string>> take_parameter(field_scanner& scanner) {
  const auto name = scanner.take_token();
  if (!name) return std::nullopt;
  std::pair<std::string, std::string> made(to_lower(*name), "");
  scanner.skip_spaces();
  if (!scanner.take('=')) return made;
  scanner.skip_spaces();
  if (scanner.at('"')) {
    auto quoted = scanner.take_quoted();
    if (!quoted) return std::nullopt;
    made.second = *std::move(quoted);
    return made;
  }
  const auto token = scanner.take_token();
  if (!token) return std::nullopt;
  made.second = *token;
  return made;
}

std::optional<link> take_link(field_scanner& scanner) {
  auto target = take_target(scanner);
  if (!target) return std::nullopt;
  link made;
  made.target = *std::move(target);
  for (;;) {
    scanner.skip_spaces();
    if (!scanner.take(';')) return made;
    scanner.skip_spaces();
    // RFC 8288, 3: a parameter may be empty, as behind a last semicolon.
    if (scanner.at_end() || scanner.at(';') || scanner.at(',')) continue;
    auto parameter = take_parameter(scanner);
    if (!parameter) return std::nullopt;
    made.parameters.push_back(*std::move(parameter));
  }
}

}  // namespace

bool link::has_relation(std::string_view type) const {
  // RFC 8288, 3.3: of several `rel` only the first counts.
  const auto rel = std::find_if(parameters.begin(), parameters.end(),
                                [](const auto& parameter) { return parameter.first == "rel"; });
  if (rel == parameters.end()) return false;
  const auto types = split(rel->second, ' ');
  return std::any_of(types.begin(), types.end(), [type](std::string_view one) {
    return !one.empty() && equal_ignoring_case(one, type);
  });
}

std::optional<std::vector<link>> parse_links(std::string_view value) {
  std::vector<link> links;
  field_scanner scanner(value);
  for (;;) {
    scanner.skip_spaces();
    if (scanner.at_end()) return links;
    if (scanner.take(',')) continue;
    auto one = take_link(scanner);
    if (!one) return std::nullopt;
    links.push_back(*std::move(one));
    if (!scanner.at_end() && !scanner.at(',')) return std::nullopt;
  }
}

std::optional<std::string> next_link(std::string_view value) {
  const auto links = parse_links(value);
  if (!links) return std::nullopt;
  for (const link& one : *links) {
    if (one.has_relation("next")) return one.target;
  }
  return std::nullopt;
}

}  // namespace plimsoll::oci
