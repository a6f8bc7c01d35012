#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace plimsoll::load {

using clock = std::chrono::steady_clock;
using instant = clock::time_point;

/// A deadline that belongs to somebody, in a wheel or not. Stays where it is in memory.
class timer {
 public:
  /// @param expired called with `self` when the deadline has passed
  timer(void (*expired)(void* self), void* self) noexcept : expired_(expired), self_(self) {}
  timer(const timer&) = delete;
  timer& operator=(const timer&) = delete;
  ~timer() { leave(); }

  [[nodiscard]] bool is_waiting() const noexcept { return next_ != nullptr; }

 private:
  friend class timer_wheel;
  timer() noexcept = default;

  void leave() noexcept;

  void (*expired_)(void* self) = nullptr;
  void* self_ = nullptr;
  timer* next_ = nullptr;
  timer* before_ = nullptr;
  std::int64_t tick_ = 0;
  std::size_t* count_ = nullptr;
};

/// Deadlines of one core, coarse and cheap: a deadline is met up to two ticks late and never
/// early; setting and dropping one is a few writes. (A timer of the system for each request
/// costs more than the rest of it.)
class timer_wheel {
 public:
  static constexpr std::chrono::milliseconds tick{4};

  explicit timer_wheel(instant now) noexcept;

  /// Sets the deadline, in place of the one that the timer had.
  void set(timer& one, instant deadline) noexcept;
  static void drop(timer& one) noexcept { one.leave(); }

  /// Calls what has expired by `now`; each timer has left the wheel when it is called.
  void advance(instant now);

  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  /// A time before which no deadline is met; at most a turn of the wheel ahead.
  [[nodiscard]] instant quiet_until() const noexcept;

 private:
  static constexpr std::size_t slots = 256;

  [[nodiscard]] std::int64_t tick_of(instant at) const noexcept { return (at - start_) / tick; }
  void turn(std::size_t index);

  instant start_;
  std::int64_t current_ = 0;
  std::size_t count_ = 0;
  std::array<timer, slots> slots_{};
  std::array<std::uint64_t, slots / 64> filled_{};  ///< A bit a slot; without it, it is empty.
};

}  // namespace plimsoll::load
