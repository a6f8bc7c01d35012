#pragma once

#include "connection.hpp"
#include "plimsoll/load/run.hpp"
#include "recorder.hpp"

namespace plimsoll::load {

/// Adds what the workers counted to a result.
void add_counts(load_result& out, const recorder& all, const workload& plan);

/// The conditions that decide how realistic a run is.
[[nodiscard]] fidelity fidelity_of(const run_options& options, const workload& plan,
                                   const origin& registry);

/// Adds to `invalid` why the run does not measure the registry, where it does not.
void judge_validity(load_result& out);

}  // namespace plimsoll::load
