#pragma once

#include "connection.hpp"
#include "plimsoll/load/run.hpp"
#include "recorder.hpp"

namespace plimsoll::load {

/// What was counted, as a result.
void fill(load_result& out, const recorder& all, const workload& plan);

/// What decides how far the run is like the real thing.
[[nodiscard]] fidelity conditions_of(const run_options& how, const workload& plan,
                                     const origin& registry);

/// Notes why the run is no measurement of the registry, where it is none.
void judge_validity(load_result& out);

}  // namespace plimsoll::load
