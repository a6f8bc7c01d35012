#pragma once

#include <string_view>
#include <vector>

#include "plimsoll/catalogue/ids.hpp"

/// What the OCI's conformance programme asks of a registry, in the words of its submissions
/// (`results.yaml`), and what of ours answers each.
namespace plimsoll::reports {

struct programme_key {
  std::string_view name;  ///< As the programme spells it.
  /// Scenarios that show it, the first choice first: where one is switched off, the next decides.
  std::vector<std::string_view> shown_by;
  /// What those have to have seen hold for a pass. A break is a failure whatever its level: with
  /// that the API is not there in the sense of the programme, which knows no levels.
  std::vector<requirement_id> does;
  /// Rules that are of this API, by the beginning of their ids: a MUST that is broken in any
  /// scenario is a failure. None: all that the scenarios above check.
  std::vector<std::string_view> rules;
  /// Scenarios that try it with content that its digest does not fit: whatever their level, no rule
  /// "...-rejected" may be broken there. Who takes any bytes does not offer this API.
  std::vector<std::string_view> verified_by = {};
  /// What has to have been answered beside, as `scenario_result::calls` has it; may be empty.
  std::string_view call = {};
};

/// The programme's 28 APIs, in its order.
[[nodiscard]] const std::vector<programme_key>& programme_apis();

/// The programme's kinds of content, in its order, as far as a scenario pushes such.
[[nodiscard]] const std::vector<programme_key>& programme_data();

}  // namespace plimsoll::reports
