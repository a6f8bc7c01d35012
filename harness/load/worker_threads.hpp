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

/// A thread of a run, one a core.
struct worker_thread {
  std::unique_ptr<worker_context> context;
  std::unique_ptr<worker> runner;
  std::thread thread;
  std::uint64_t reported = 0;  ///< The last second that it reported; guarded likewise.
  recorder copy{0};            ///< Of its counts, as last reported; guarded while threads run.
};

/// Makes them without starting them. The error is the system's.
[[nodiscard]] result<std::vector<worker_thread>> make_worker_threads(const run_context& context,
                                                                     const worker_options& options);

/// What the observing thread records of a run.
struct run_log {
  std::vector<measured_second> series;
  std::uint64_t first_memory = 0;  ///< Resident, after the first minute.
  std::uint64_t peak_memory = 0;
  std::uint64_t last_memory = 0;
  bool interrupted = false;
};

/// Starts the threads and waits for the last to end. Adds a row each second, and stops them at an
/// interrupt.
///
/// @param plan the workload that they run
[[nodiscard]] run_log run_worker_threads(std::vector<worker_thread>& workers, const workload& plan,
                                         const run_observer& observer,
                                         const std::atomic<int>& interrupts);

}  // namespace plimsoll::load
