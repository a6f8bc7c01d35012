#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll::reports {

/// What a history keeps of a run.
struct past_run {
  std::string file;  ///< What its result is called.
  std::string run_id;
  std::string registry;
  std::string version;  ///< Of the suite.
  std::string spec_version;
  std::string started;  ///< RFC 3339, UTC.
  verdict outcome = verdict::skipped;
  /// Each requirement that was judged, by id in ascending order, with the gravest verdict.
  std::vector<std::pair<std::string, verdict>> requirements;
};

[[nodiscard]] past_run past_run_of(std::string file, const run_result& run);

/// The same, from a result's JSON, without reading transcripts: many times faster than
/// `parse_result`, whose errors it gives.
[[nodiscard]] result<past_run> read_past_run(std::string file, std::string_view json);

/// From one run to a later one, by requirement. Broken is what failed or warned.
struct run_changes {
  std::vector<std::string> broken;  ///< That was not broken before.
  std::vector<std::string> fixed;   ///< That was broken before, and held.
  std::vector<std::string> still;   ///< Broken in both.
  /// That was judged before, and no longer; none where the later run is partial.
  std::vector<std::string> unknown;
};

[[nodiscard]] run_changes changes_between(const past_run& before, const past_run& after);

/// By registry, in the order of their names; the runs of each by time.
[[nodiscard]] std::vector<std::vector<past_run>> by_registry(std::vector<past_run> runs);

/// For a terminal: each registry's latest runs and what changed in the last one; for more than
/// one registry, the requirements that not all of them keep, side by side.
[[nodiscard]] std::string history_summary(const std::vector<past_run>& runs);

}  // namespace plimsoll::reports
