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

/// A registry with all that a workload needs, from its preparation to its clean-up; the clock
/// runs in between, as often as one likes.
class campaign {
 public:
  /// Pushes what the workload needs, or finds what is there. Where that fails, what was pushed
  /// is taken back. The error says why nothing can be run.
  /// @param interrupts at one, it is given up
  [[nodiscard]] static result<std::unique_ptr<campaign>> prepare(
      const run_options& how, const run_observer& watching, const std::atomic<int>& interrupts);
  campaign(const campaign&) = delete;
  campaign& operator=(const campaign&) = delete;
  ~campaign() = default;

  /// Runs the clock once. Each time other starts are drawn, so that what is pushed is new.
  /// @param plan the workload of `how`, but for its pace and duration
  [[nodiscard]] result<load_result> measure(const workload& plan,
                                            const std::atomic<int>& interrupts);

  /// Takes back what was pushed, unless it is to be kept. @return what could not be removed
  [[nodiscard]] std::vector<std::string> clean_up();

 private:
  campaign(const run_options& how, std::unique_ptr<station> target,
           std::unique_ptr<station> upstream, const run_observer& watching);
  [[nodiscard]] result<void> bring_stock(const std::atomic<int>& interrupts);
  void say(const std::string& phase) const;

  const run_options& how_;
  std::unique_ptr<station> target_;
  std::unique_ptr<station> upstream_;  ///< Null: the target itself has what it is asked for.
  const run_observer& watching_;
  sampler choose_;
  stock goods_;
  script acts_;  ///< Of a replay.
  std::vector<ledger> left_;
  std::uint64_t measured_ = 0;  ///< How often the clock has run.
};

}  // namespace plimsoll::load
