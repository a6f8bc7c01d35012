#pragma once

#include <string>

#include "plimsoll/verdict/result.hpp"

namespace plimsoll::reports {

/// The run for a person at a terminal: a table of the categories, what was broken and what was
/// not followed, one line for each scenario that was not judged, and the overall verdict last.
/// Plain text; foreign bytes are made visible.
[[nodiscard]] std::string summary(const run_result& run);

}  // namespace plimsoll::reports
