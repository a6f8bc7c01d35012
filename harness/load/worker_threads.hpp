#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "plimsoll/load/run.hpp"
#include "run_context.hpp"
#include "worker.hpp"

namespace plimsoll::load {

/// A core of a run.
struct crew_member {
  std::unique_ptr<workplace> place;
  std::unique_ptr<worker> work;
  std::thread thread;
  std::uint64_t reported = 0;  ///< The last second that it reported of; guarded likewise.
  recorder copy{0};  ///< Of its counts, as they were reported last; guarded while the crew runs.
};

/// One for each core. The error is the system's.
[[nodiscard]] result<std::vector<crew_member>> gather_crew(const means& with, const orders& what);

/// What the watching thread keeps of a run.
struct log_of_run {
  std::vector<measured_second> series;
  std::uint64_t first_memory = 0;  ///< Resident, after the first minute.
  std::uint64_t peak_memory = 0;
  std::uint64_t last_memory = 0;
  bool interrupted = false;
};

/// Starts the cores, and watches them until the last is done: a row a second, and a look at the
/// interrupts.
///
/// @param plan what the crew runs
[[nodiscard]] log_of_run run_crew(std::vector<crew_member>& crew, const workload& plan,
                                  const run_observer& watching, const std::atomic<int>& interrupts);

}  // namespace plimsoll::load
