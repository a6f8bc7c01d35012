#pragma once

#include <cstdint>

#include "plimsoll/base/error.hpp"
#include "plimsoll/load/run.hpp"
#include "prepared_content.hpp"

namespace plimsoll::load {

/// The most operations of a run that are under way at once.
[[nodiscard]] unsigned clients_of(const run_options& options);
/// The number of a run's threads, one a core; never more than clients.
[[nodiscard]] unsigned threads_of(const run_options& options);

/// Connections that a client has open at once, at the most.
[[nodiscard]] unsigned connections_per_client(const workload& plan);
/// The same for pulls of `content`: no client pulls more parts than an image has.
[[nodiscard]] unsigned connections_per_client(const workload& plan,
                                              const prepared_content& content);

/// Raises the process's limit of file descriptors to what the run may need. The error says how
/// many that is, and which limit forbids it.
[[nodiscard]] result<void> allow_descriptors(const run_options& options, unsigned per_client);

}  // namespace plimsoll::load
