#pragma once

#include "plimsoll/profile/profile.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll {

/// Fails a scenario for each end-point of a claimed category that the registry does not offer: none
/// of its basic rules held, and the scenario that would show it found it absent. Where a rule of it
/// is broken, or could not be judged, that says enough.
///
/// In a run of a part of the suite only those count that were asked for.
void judge_claims(const profile& how, run_result& run);

}  // namespace plimsoll
