#pragma once

#include <vector>

#include "operations.hpp"
#include "plimsoll/load/run.hpp"
#include "prepared_content.hpp"
#include "replay_plan.hpp"
#include "session.hpp"

namespace plimsoll::load {

/// Pushes the images that a workload needs before the clock starts. The error is the first
/// refusal.
[[nodiscard]] task<result<void>> push_workload_content(session& client, operation_context& context,
                                                       prepared_content& content);

/// Pushes the content that a log's requests ask for.
[[nodiscard]] task<result<void>> push_replay_content(session& client, operation_context& context,
                                                     const replay_plan& plan);

/// Checks existing content by HEAD or GET. In full verification reads each blob once, hashes it and
/// keeps its bytes for comparison, up to 1 GiB of distinct bytes.
[[nodiscard]] task<result<void>> find_existing_content(session& client,
                                                       const std::vector<existing_content>& wanted,
                                                       prepared_content& content);

/// Deletes what was pushed: manifests, then blobs. @return a line for each kind that is left
[[nodiscard]] task<std::vector<std::string>> delete_pushed_content(
    session& client, const std::string& prefix, const std::vector<const pushed_content*>& pushed);

}  // namespace plimsoll::load
