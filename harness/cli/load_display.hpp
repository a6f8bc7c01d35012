#pragma once

#include "plimsoll/load/run.hpp"

namespace plimsoll::cli {

/// Shows on the standard error what a load run does: its phases, and on a terminal one line that
/// is written over each second.
[[nodiscard]] load::run_observer display();

}  // namespace plimsoll::cli
