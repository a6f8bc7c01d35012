#pragma once

#include <cstdint>
#include <string>

#include "operations.hpp"
#include "replay_plan.hpp"

namespace plimsoll::load {

/// Gives all that stands its bytes, digests and names.
void fill_script(script& acts, const std::string& prefix, content_source& content);

/// Does the start with that index, below the number of the script's requests.
[[nodiscard]] task<failure> replay_one(session& who, surroundings& where, const script& acts,
                                       std::uint64_t index);

}  // namespace plimsoll::load
