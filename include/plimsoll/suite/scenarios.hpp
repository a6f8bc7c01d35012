#pragma once

#include <span>

#include "plimsoll/scenario/scenario.hpp"

namespace plimsoll::suite {

/// Every scenario of the suite, in the order in which reports list them.
[[nodiscard]] std::span<const scenario* const> all_scenarios() noexcept;

}  // namespace plimsoll::suite
