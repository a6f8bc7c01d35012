#pragma once

#include <string>

#include "plimsoll/verdict/result.hpp"

namespace plimsoll::reports {

/// The run as JUnit XML for CI servers: a suite for each category, a case for each scenario.
/// Only a broken MUST is a failure; a SHOULD that was not followed stands in `system-out`.
/// Well-formed XML 1.0 in UTF-8 whatever bytes the registry sent. A run that could not be judged
/// has an erroneous case of its own, so that it never looks like success.
[[nodiscard]] std::string junit(const run_result& run);

}  // namespace plimsoll::reports
