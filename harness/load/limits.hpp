#pragma once

#include <cstdint>

#include "plimsoll/base/error.hpp"
#include "plimsoll/load/run.hpp"
#include "prepared_content.hpp"

namespace plimsoll::load {

/// How many operations of a run may be under way at once.
[[nodiscard]] unsigned clients_of(const run_options& how);
/// How many cores a run has; never more than clients.
[[nodiscard]] unsigned threads_of(const run_options& how);

/// Connections that a client has open at once, at the most.
[[nodiscard]] unsigned lanes_of(const workload& plan);
/// The same for what is pulled from `goods`: no client pulls more parts than an image has.
[[nodiscard]] unsigned lanes_of(const workload& plan, const stock& goods);

/// Raises the process's limit of file descriptors to what the run may need. The error says how
/// many that are, and which limit is in the way.
[[nodiscard]] result<void> allow_descriptors(const run_options& how, unsigned lanes);

}  // namespace plimsoll::load
