#pragma once

#include <vector>

#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/runner/runner.hpp"

namespace plimsoll {

/// "Enabling the Referrers API": the scenarios that judge what comes of it use a registry
/// without the API, as its clients do. It is then restarted as `after` says, and those of them
/// that only read what is there judge it.
///
/// @param running the registry without the API; afterwards the one that was restarted
/// @return what those that read came to
/// @throws std::runtime_error where no scenario left a list under a tag, or it cannot restart
[[nodiscard]] std::vector<scenario_result> judge_upgrade(
    reference::registry& running, const reference::options& after,
    const std::vector<const scenario*>& scenarios, run_options how);

}  // namespace plimsoll
