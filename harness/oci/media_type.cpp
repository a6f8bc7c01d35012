#include "plimsoll/oci/media_type.hpp"

#include <algorithm>

#include "plimsoll/base/text.hpp"

namespace plimsoll::oci::media_type {
namespace {

bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'z');
}

/// RFC 6838's restricted-name, at most 127 characters.
bool is_restricted_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 127 && is_alphanumeric(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_alphanumeric(c) ||
                  std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
         });
}

}  // namespace

std::string_view without_parameters(std::string_view content_type) noexcept {
  return trim(content_type.substr(0, content_type.find(';')));
}

bool is_valid(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && is_restricted_name(text.substr(0, slash)) &&
         is_restricted_name(text.substr(slash + 1));
}

bool is_index(std::string_view type) noexcept {
  return equal_ignoring_case(type, image_index) || equal_ignoring_case(type, docker_manifest_list);
}

}  // namespace plimsoll::oci::media_type
