#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "plimsoll/load_values/arrival.hpp"
#include "timer_wheel.hpp"

namespace plimsoll::load {

/// A start of the schedule with its intended time, from which its latency counts, whenever a
/// client is idle.
struct due_start {
  std::uint64_t index = 0;
  instant intended;
};

/// Gives the starts of an open loop to idle clients, and queues them in order while none is idle.
/// Has no clock: the time is a parameter, so that tests choose it.
class pacer {
 public:
  /// @param most_waiting more starts are dropped, and counted
  pacer(arrivals schedule, instant begin, std::size_t most_waiting = 1'000'000);

  /// When the next start is due; nothing once the schedule is at its end.
  [[nodiscard]] std::optional<instant> next() const noexcept;
  /// The next start that is due by `now`, in order; nothing where none is.
  [[nodiscard]] std::optional<due_start> take_due(instant now);

  /// Queues a start for which no client is idle.
  void wait(due_start start);
  /// The start that has waited longest; nothing where none waits.
  [[nodiscard]] std::optional<due_start> take_waiting();

  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }
  /// No start comes any more; those that wait stay.
  void end() noexcept { next_.reset(); }

 private:
  void advance();

  arrivals schedule_;
  instant begin_;
  std::size_t most_waiting_;
  std::optional<due_start> next_;
  std::deque<due_start> waiting_;
  std::uint64_t dropped_ = 0;
};

}  // namespace plimsoll::load
