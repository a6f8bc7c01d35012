#pragma once

#include <optional>
#include <string_view>

#include "plimsoll/verdict/verdict.hpp"

namespace plimsoll {

/// What `to_string` names so; nothing where it is the name of none.
[[nodiscard]] std::optional<level> level_named(std::string_view name) noexcept;
[[nodiscard]] std::optional<rule_weight> weight_named(std::string_view name) noexcept;
[[nodiscard]] std::optional<verdict> verdict_named(std::string_view name) noexcept;

}  // namespace plimsoll
