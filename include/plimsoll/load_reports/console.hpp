#pragma once

#include <string>
#include <vector>

#include "plimsoll/load_values/load_result.hpp"

namespace plimsoll::load {

/// A load run for a person at a terminal: a table of operations and of steps, failures by kind
/// with an example of each, the generator's resources, objectives, and the verdict last. Plain
/// text; foreign bytes are made visible. A quantile of too few samples is "-".
[[nodiscard]] std::string summary(const load_result& run);

/// Several runs, one a line by its workload's name: all operations together. Below that, the
/// failures, the runs that are not valid, and what each left behind.
[[nodiscard]] std::string table_of_runs(const std::vector<load_result>& runs);

}  // namespace plimsoll::load
