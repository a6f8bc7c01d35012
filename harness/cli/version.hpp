#pragma once

#include <string_view>

namespace plimsoll::cli {

/// The suite's version, for example "0.1.0".
[[nodiscard]] std::string_view version() noexcept;

}  // namespace plimsoll::cli
