#pragma once

#include <string>
#include <string_view>

namespace plimsoll::reports {

/// Bytes as XML 1.0 character data, for an element and for an attribute alike. What XML cannot
/// say, a control character or invalid UTF-8 for example, becomes `\xNN`.
[[nodiscard]] std::string xml_text(std::string_view bytes);

/// ` name="value"`, escaped.
[[nodiscard]] std::string xml_attribute(std::string_view name, std::string_view value);

}  // namespace plimsoll::reports
