#pragma once

#include <vector>

#include "operations.hpp"
#include "plimsoll/load/run.hpp"
#include "prepared_content.hpp"
#include "replay_plan.hpp"
#include "session.hpp"

namespace plimsoll::load {

/// Pushes the images that stand in the registry before the clock starts. The error is the first
/// refusal.
[[nodiscard]] task<result<void>> push_stock(session& who, surroundings& where, stock& made);

/// Pushes what the requests of a log ask for.
[[nodiscard]] task<result<void>> push_script(session& who, surroundings& where, const script& acts);

/// Looks at content that is there, by HEAD or GET; what is verified in full is read once,
/// hashed, and kept to be compared with, up to 1 GiB that differs.
[[nodiscard]] task<result<void>> find_stock(session& who,
                                            const std::vector<existing_content>& wanted,
                                            stock& found);

/// Deletes what was pushed: manifests, then blobs. @return lines on what is left
[[nodiscard]] task<std::vector<std::string>> take_back(session& who, const std::string& prefix,
                                                       const std::vector<const ledger*>& pushed);

}  // namespace plimsoll::load
