#pragma once

#include <string_view>

namespace plimsoll::reports {

/// The page's script and style, as `reports/html/page` builds them into `reports/html/built`.
[[nodiscard]] std::string_view page_script() noexcept;
[[nodiscard]] std::string_view page_style() noexcept;

}  // namespace plimsoll::reports
