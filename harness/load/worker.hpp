#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "operations.hpp"
#include "pacer.hpp"
#include "replay_plan.hpp"
#include "session.hpp"

namespace plimsoll::load {

/// The options that all workers of a run share.
struct worker_options {
  const workload& plan;
  const sampler& draws;
  const prepared_content& content;
  std::string prefix;
  std::uint64_t seed = 0;
  instant begin;
  instant end;                          ///< No operation begins after it.
  std::chrono::nanoseconds grace{0};    ///< How long operations may go on after the end.
  std::uint64_t most_operations = 0;    ///< Of all cores; 0: no limit.
  std::uint64_t first_start = 0;        ///< The sampler's index of the first start.
  const replay_plan* replay = nullptr;  ///< Replayed in place of the plan's operations.
};

struct cpu_times {
  std::chrono::nanoseconds user{0};
  std::chrono::nanoseconds system{0};
};

/// One core's part of a run: its clients, and its share of the schedule.
class worker {
 public:
  /// @param clients of this core, at least 1
  worker(worker_context& context, const worker_options& options, share own_share, unsigned clients);
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  /// Runs the context's loop until all is done; on the core's own thread.
  void run();
  /// Begins no more operations, as if it were the end. On the loop's thread.
  void end_now();

  [[nodiscard]] pushed_content& pushed() noexcept { return pushed_; }
  [[nodiscard]] const cpu_times& cpu_time() const noexcept { return cpu_time_; }
  /// When the last operation ended.
  [[nodiscard]] instant last_end() const noexcept { return last_end_; }
  [[nodiscard]] std::uint64_t under_way() const noexcept { return under_way_; }
  [[nodiscard]] std::uint64_t waiting() const noexcept { return pace_ ? pace_->waiting() : 0; }

 private:
  void start_clients();
  void start_schedule();
  void dispatch_due();
  void serve(session& client, due_start first);
  [[nodiscard]] task<void> closed_client(session& client);
  [[nodiscard]] task<void> open_client(session& client, due_start first);
  [[nodiscard]] task<failure> run_start(session& client, due_start start);
  [[nodiscard]] planned_start plan_of(std::uint64_t index) const;
  [[nodiscard]] task<failure> run_planned_operation(session& client, std::uint64_t index,
                                                    const planned_start& plan);
  [[nodiscard]] task<void> close();
  [[nodiscard]] bool may_begin() const noexcept;
  void schedule_is_over();

  worker_context& context_;
  const worker_options& options_;
  share share_;
  operation_context operation_context_;
  pushed_content pushed_;
  std::vector<std::unique_ptr<session>> clients_;
  std::vector<session*> idle_;
  std::optional<pacer> pace_;
  std::uint64_t operation_limit_ = 0;  ///< Operations of this core.
  std::uint64_t begun_ = 0;
  std::uint64_t under_way_ = 0;  ///< Operations.
  std::uint64_t busy_ = 0;       ///< Clients, and the schedule while it runs.
  bool scheduling_ = false;
  instant end_;
  instant last_end_;
  cpu_times cpu_time_;
};

}  // namespace plimsoll::load
