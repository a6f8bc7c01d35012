#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "plimsoll/config/config.hpp"
#include "plimsoll/plan/plan.hpp"
#include "plimsoll/profile/profile.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll::cli {

/// What came of judging a registry.
struct conformance {
  int code = 3;                   ///< The exit code that says so.
  std::optional<run_result> run;  ///< Nothing where it did not begin.
};

/// Judges the registry that the configuration names, or the bundled one, prints the summary, and
/// writes every report into the output folder.
///
/// @param command goes before messages, for example "plimsoll test"
[[nodiscard]] conformance judge_registry(std::string_view command, const plan& what,
                                         const configuration& chosen, const profile& judged_by);

/// Why the profile certification cannot judge this run: a setting leaves a part of the suite out.
/// Empty where the run is a whole one.
[[nodiscard]] std::string not_whole(const configuration& chosen, const plan& what);

/// Tells on standard error of settings without effect, and at `--log info` of what is ignored.
void tell_notes(std::string_view command, const plan& what, const configuration& chosen);

/// The one on which this program talks to a registry. Never destroyed: that would wait for a name
/// look-up which hangs.
[[nodiscard]] boost::asio::io_context& event_loop();

}  // namespace plimsoll::cli
