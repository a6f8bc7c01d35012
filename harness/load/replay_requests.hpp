#pragma once

#include <cstdint>
#include <string>

#include "operations.hpp"
#include "replay_plan.hpp"

namespace plimsoll::load {

/// Fills in the names, digests and texts of the plan's content.
void fill_replay_plan(replay_plan& plan, const std::string& prefix, content_source& content);

/// Runs the request with that index, below the number of the plan's requests.
[[nodiscard]] task<failure> replay_request(session& client, operation_context& context,
                                           const replay_plan& plan, std::uint64_t index);

}  // namespace plimsoll::load
