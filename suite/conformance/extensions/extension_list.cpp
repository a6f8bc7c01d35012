#include "extension_list.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "plimsoll/base/text.hpp"

namespace plimsoll::suite {
namespace {

using nlohmann::json;

bool is_letter_or_digit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// Takes the scheme and the host off; whether there were any.
bool take_origin(std::string_view& text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::size_t path = text.find('/', scheme + 3);
  text = path == std::string_view::npos ? std::string_view("/") : text.substr(path);
  return true;
}

}  // namespace

std::optional<json> document_of(const http::exchange& seen) {
  json document = json::parse(seen.response.body, nullptr, false);
  if (!document.is_object()) return std::nullopt;
  return document;
}

std::optional<std::vector<json>> entries_of(const json& document) {
  const auto listed = document.find("extensions");
  if (listed == document.end() || !listed->is_array()) return std::nullopt;
  if (!std::all_of(listed->begin(), listed->end(), [](const json& e) { return e.is_object(); })) {
    return std::nullopt;
  }
  return std::vector<json>(listed->begin(), listed->end());
}

std::string text_in(const json& entry, std::string_view member) {
  const auto found = entry.find(member);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

listed_endpoint read_endpoint(std::string_view text) {
  listed_endpoint made;
  made.text = text;
  text.remove_prefix(text.rfind(' ') + 1);  // behind a method
  text = text.substr(0, text.find_first_of("?#"));
  made.is_from_root = take_origin(text) || text.starts_with('/');
  if (text.starts_with('/')) text.remove_prefix(1);
  if (text.starts_with("v2/")) {
    made.is_from_root = true;
    made.is_in_api = true;
    text.remove_prefix(3);
  }
  for (const std::string_view segment : split(text, '/')) {
    if (made.name.empty() && segment.starts_with('_')) {
      made.name = segment;
      made.scope.swap(made.segments);  // what came before is a repository
    } else if (!segment.empty()) {
      made.segments.emplace_back(segment);
    }
  }
  return made;
}

std::vector<listed_endpoint> endpoints_of(const json& entry) {
  std::vector<listed_endpoint> all;
  const auto listed = entry.find("endpoints");
  if (listed == entry.end() || !listed->is_array()) return all;
  for (const json& one : *listed) {
    if (one.is_string()) all.push_back(read_endpoint(one.get_ref<const std::string&>()));
  }
  return all;
}

bool is_placeholder(std::string_view segment) noexcept {
  return segment.find_first_of("{}<>:*$") != std::string_view::npos;
}

bool is_segment(std::string_view text) noexcept {
  bool may_end = false;
  for (const char c : text) {
    const bool is_separator = c == '.' || c == '_' || c == '-';
    if (!is_letter_or_digit(c) && !(is_separator && may_end)) return false;
    may_end = !is_separator;
  }
  return may_end;
}

}  // namespace plimsoll::suite
