#include "reports/junit/xml.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::reports {
namespace {

/// The length of the UTF-8 character at the beginning; 0 where there is none.
std::size_t character_length(std::string_view bytes) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(bytes.size(), 4); ++length) {
    if (is_utf8(bytes.substr(0, length))) return length;
  }
  return 0;
}

/// XML 1.0, production 2: of what is UTF-8, C0 controls and U+FFFE and U+FFFF are no characters.
/// The others with an entity of their own are delimiters, or would be normalized when read.
std::string one_character(std::string_view character) {
  if (character == "\xef\xbf\xbe" || character == "\xef\xbf\xbf") {
    return character.back() == '\xbe' ? "\\xEF\\xBF\\xBE" : "\\xEF\\xBF\\xBF";
  }
  switch (character.front()) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\t':
      return "&#9;";
    case '\n':
      return "&#10;";
    case '\r':
      return "&#13;";
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(character.front());
  return byte < 0x20 ? fmt::format("\\x{:02X}", byte) : std::string(character);
}

}  // namespace

std::string xml_text(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t length = character_length(bytes);
    if (length == 0) {
      out += fmt::format("\\x{:02X}", static_cast<unsigned char>(bytes.front()));
      bytes.remove_prefix(1);
    } else {
      out += one_character(bytes.substr(0, length));
      bytes.remove_prefix(length);
    }
  }
  return out;
}

std::string xml_attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, xml_text(value));
}

}  // namespace plimsoll::reports
