#pragma once

#include <vector>

#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/runner/runner.hpp"

namespace plimsoll {

/// Runs the scenarios on the registry, to the end.
///
/// @throws std::runtime_error where there is no client for it
[[nodiscard]] run_outcome judge(const reference::registry& on,
                                std::vector<const scenario*> scenarios, run_options how);

}  // namespace plimsoll
