#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/config/config.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/scenario.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll {

/// A scenario of a run, and whether it runs.
struct planned_scenario {
  const scenario* what = nullptr;
  std::string skipped;  ///< Why it does not run; empty: it does.
};

/// What a run is going to do, complete before anything is sent.
struct plan {
  std::vector<planned_scenario> scenarios;     ///< Those that filter and category leave.
  std::vector<observer> observers;             ///< Likewise.
  std::vector<std::string_view> switched_off;  ///< Requirements that are not judged anywhere.
  std::vector<std::string> notes;              ///< One line for each setting without effect.
  request_filter why_not_sent;                 ///< Requests that a switch forbids; may be empty.
  /// What leaves a part of the suite out; nothing where the run is a whole one.
  std::optional<run_part> part;
};

/// Decides which scenarios run. One is skipped where nothing is left to judge in it: the version
/// of the spec lacks it, `apis.*` or `data.*` switch it off, or it would push to a registry that
/// is only to be read. A switch counts where somebody set it; else the spec's version decides.
[[nodiscard]] plan make_plan(const configuration& chosen, std::span<const scenario* const> all,
                             std::span<const observer> observers);

/// The scenarios that run, in the plan's order.
[[nodiscard]] std::vector<const scenario*> to_run(const plan& from);

/// The results of a run with those skipped put in where the plan has them.
/// @param ran one for each of `to_run`, in that order; others may follow, and stay behind
[[nodiscard]] std::vector<scenario_result> with_skipped(const plan& from,
                                                        std::vector<scenario_result> ran);

/// One line for each scenario: whether it runs, its id, and why not.
[[nodiscard]] std::string to_text(const plan& from);

}  // namespace plimsoll
