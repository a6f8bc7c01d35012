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

/// What all cores of a run go by.
struct orders {
  const workload& plan;
  const sampler& choose;
  const stock& goods;
  std::string prefix;
  std::uint64_t seed = 0;
  instant begin;
  instant end;                        ///< No operation begins behind it.
  std::chrono::nanoseconds grace{0};  ///< How long what is under way may go on behind the end.
  std::uint64_t most_operations = 0;  ///< Of all cores; 0: as many as there is time for.
  std::uint64_t first_start = 0;      ///< Among all that the sampler has.
  const script* acts = nullptr;       ///< What is replayed in place of the plan's operations.
};

struct cpu_times {
  std::chrono::nanoseconds user{0};
  std::chrono::nanoseconds system{0};
};

/// One core's part of a run: its clients, and its share of the schedule.
class worker {
 public:
  /// @param clients of this core, at least 1
  worker(workplace& at, const orders& what, share mine, unsigned clients);
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  /// Runs the loop of `at` until all is done; on the core's own thread.
  void run();
  /// Begins no more operations, as if it were the end. On the loop's thread.
  void end_now();

  [[nodiscard]] ledger& left() noexcept { return left_; }
  [[nodiscard]] const cpu_times& used() const noexcept { return used_; }
  /// When the last operation ended.
  [[nodiscard]] instant last_end() const noexcept { return last_end_; }
  [[nodiscard]] std::uint64_t under_way() const noexcept { return under_way_; }
  [[nodiscard]] std::uint64_t waiting() const noexcept { return pace_ ? pace_->waiting() : 0; }

 private:
  void start_clients();
  void start_schedule();
  void alarm();
  void serve(session& by, due_start first);
  [[nodiscard]] task<void> closed_client(session& by);
  [[nodiscard]] task<void> open_client(session& by, due_start first);
  [[nodiscard]] task<failure> once(session& by, due_start start);
  [[nodiscard]] planned_start plan_of(std::uint64_t index) const;
  [[nodiscard]] task<failure> act(session& by, std::uint64_t index, const planned_start& plan);
  [[nodiscard]] task<void> close();
  [[nodiscard]] bool may_begin() const noexcept;
  void schedule_is_over();

  workplace& at_;
  const orders& what_;
  share mine_;
  surroundings where_;
  ledger left_;
  std::vector<std::unique_ptr<session>> clients_;
  std::vector<session*> idle_;
  std::optional<pacer> pace_;
  std::uint64_t most_ = 0;  ///< Operations of this core.
  std::uint64_t begun_ = 0;
  std::uint64_t under_way_ = 0;  ///< Operations.
  std::uint64_t busy_ = 0;       ///< Clients, and the schedule while it runs.
  bool scheduling_ = false;
  instant end_;
  instant last_end_;
  cpu_times used_;
};

}  // namespace plimsoll::load
