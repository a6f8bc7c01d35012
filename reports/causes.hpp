#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plimsoll/verdict/result.hpp"

namespace plimsoll::reports {

/// One check that did not hold.
struct occurrence {
  std::size_t scenario = 0;  ///< Its place in the run.
  std::size_t check = 0;     ///< Its place in the scenario.
};

/// One thing that is wrong, with all that comes of it: what a person has to repair once.
struct cause {
  verdict outcome = verdict::fail;  ///< fail, error, blocked or warn
  std::string requirement;  ///< Empty for an error or a policy, which no requirement explains.
  std::string reason;       ///< Of an error or a policy; empty otherwise.
  std::vector<occurrence> occurrences;  ///< Where the requirement was found broken.
  std::vector<std::size_t> affected;    ///< Scenarios that could not be judged because of it.
};

/// What did not hold, the gravest first, in the run's order among equals. A scenario that was
/// blocked stands under the requirement at the end of its chain: where the requirement that blocked
/// it was itself only to be judged by a blocked scenario, under what blocked that one.
[[nodiscard]] std::vector<cause> causes_of(const run_result& run);

}  // namespace plimsoll::reports
