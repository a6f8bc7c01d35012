#pragma once

#include <vector>

#include "plimsoll/scenario/scenario.hpp"

namespace plimsoll::suite {

/// Every scenario of the suite, in the order in which reports list them.
[[nodiscard]] std::vector<const scenario*> all_scenarios();

/// The rules that every answer of a run is held to.
[[nodiscard]] std::vector<observer> all_observers();

}  // namespace plimsoll::suite
