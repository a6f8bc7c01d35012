#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/verdict/result.hpp"

/// How strictly a run is judged, beside the spec's levels.
namespace plimsoll {

/// A failure that is known, and not to stop a pipeline before its day.
struct allowance {
  std::string requirement;  ///< The catalogue's id.
  std::string reason;
  std::string until;       ///< The last day on which it counts, YYYY-MM-DD.
  std::string place = {};  ///< Where it stands, for errors: "known.yaml:3".
};

struct profile {
  std::string name = "spec";
  /// Categories that the registry claims. All APIs of a claimed category have to be there (spec,
  /// "Requirements"): one of its end-points that is not offered fails. Features that are optional
  /// within an end-point are not meant, such as a mount or sha512. Empty: none is claimed.
  std::vector<std::string> claims;
  /// A SHOULD that is broken fails as a MUST does, be it a keyword or a definition; not advice.
  bool should_fails = false;
  std::vector<std::string> required;  ///< Requirements that fail where their level would warn.
  std::vector<allowance> allowed;
};

/// "spec": the levels as they are. "certification": all four categories are claimed, and a
/// broken SHOULD fails.
/// Otherwise the text of a YAML file: any of `name`, `claims`, `should-fails`, `required`, and
/// `allowed`, a list of `requirement`, `reason` and `until`.
///
/// @param file how errors call it; each names the line, and what was expected there
[[nodiscard]] result<profile> parse_profile(std::string_view yaml, const std::string& file);

/// An error with the place where an allowance has ended before that day: whoever gave it meant
/// that the failure is mended by then.
///
/// @param today YYYY-MM-DD
[[nodiscard]] result<void> check_dates(const profile& how, std::string_view today);

/// "spec" and "certification"; null for any other name.
[[nodiscard]] const profile* find_profile(std::string_view name) noexcept;

/// Judges the run anew: outcomes of checks, scenarios, categories and of the run, and
/// `run.profile`, `run.claims` and `run.stale`, which names allowances that ended or that nothing
/// needs.
///
/// @param today YYYY-MM-DD
void apply(const profile& how, std::string_view today, run_result& run);

}  // namespace plimsoll
