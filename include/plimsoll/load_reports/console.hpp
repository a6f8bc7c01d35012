#pragma once

#include <string>

#include "plimsoll/load_values/load_result.hpp"

namespace plimsoll::load {

/// A load run for a person at a terminal: a table of operations and of steps, failures by kind
/// with an example of each, what the generator needed, objectives, and the verdict last. Plain
/// text; foreign bytes are made visible. A quantile of too few samples is "-".
[[nodiscard]] std::string summary(const load_result& run);

}  // namespace plimsoll::load
