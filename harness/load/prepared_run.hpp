#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "operations.hpp"
#include "replay_plan.hpp"
#include "run_context.hpp"

namespace plimsoll::load {

/// A registry with all that a workload needs, from its preparation to its clean-up. In between the
/// workload can be measured any number of times.
class prepared_run {
 public:
  /// Pushes what the workload needs, or checks that the existing content is there. Deletes what was
  /// pushed where that fails. The error says why the workload cannot run.
  /// @param interrupts above 0: the preparation stops
  [[nodiscard]] static result<std::unique_ptr<prepared_run>> prepare(
      const run_options& options, const run_observer& observer, const std::atomic<int>& interrupts);
  prepared_run(const prepared_run&) = delete;
  prepared_run& operator=(const prepared_run&) = delete;
  ~prepared_run() = default;

  /// Runs the workload once. Each time draws other starts, so that its pushes are new.
  /// @param plan the workload of the options, with any pace and duration
  [[nodiscard]] result<load_result> measure(const workload& plan,
                                            const std::atomic<int>& interrupts);

  /// Deletes what was pushed, unless the options keep it. @return what could not be deleted
  [[nodiscard]] std::vector<std::string> clean_up();

 private:
  prepared_run(const run_options& options, std::unique_ptr<registry_session> target,
               std::unique_ptr<registry_session> upstream, const run_observer& observer);
  [[nodiscard]] result<void> prepare_content(const std::atomic<int>& interrupts);
  void report_phase(const std::string& phase) const;

  const run_options& options_;
  std::unique_ptr<registry_session> target_;
  std::unique_ptr<registry_session>
      upstream_;  ///< Null: the target itself has what it is asked for.
  const run_observer& observer_;
  sampler draws_;
  prepared_content content_;
  replay_plan replay_;  ///< Of a replay.
  std::vector<pushed_content> pushed_;
  std::uint64_t clock_runs_ = 0;  ///< How often the clock has run.
};

}  // namespace plimsoll::load
