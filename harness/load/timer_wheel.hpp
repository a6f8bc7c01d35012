#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace plimsoll::load {

using clock = std::chrono::steady_clock;
using instant = clock::time_point;

/// A deadline with its callback, in a wheel or not. Must not move in memory.
class timer {
 public:
  /// @param callback called with `self` when the deadline has passed
  timer(void (*callback)(void* self), void* self) noexcept : callback_(callback), self_(self) {}
  timer(const timer&) = delete;
  timer& operator=(const timer&) = delete;
  ~timer() { leave(); }

  [[nodiscard]] bool is_waiting() const noexcept { return next_ != nullptr; }

 private:
  friend class timer_wheel;
  timer() noexcept = default;

  void leave() noexcept;

  void (*callback_)(void* self) = nullptr;
  void* self_ = nullptr;
  timer* next_ = nullptr;
  timer* before_ = nullptr;
  std::int64_t tick_ = 0;
  std::size_t* count_ = nullptr;
};

/// Deadlines of one core, coarse and cheap: a timer expires up to two ticks late and never early;
/// setting and dropping one is a few writes. (A system timer for each request costs more than the
/// rest of the request.)
class timer_wheel {
 public:
  static constexpr std::chrono::milliseconds tick{4};

  explicit timer_wheel(instant now) noexcept;

  /// Sets the deadline, in place of the one that the timer had.
  void set(timer& timer, instant deadline) noexcept;
  static void drop(timer& timer) noexcept { timer.leave(); }

  /// Calls the timers that have expired by `now`; each has left the wheel when it is called.
  void advance(instant now);

  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  /// No timer expires before that time; at most a turn of the wheel ahead.
  [[nodiscard]] instant quiet_until() const noexcept;

 private:
  static constexpr std::size_t slots = 256;

  [[nodiscard]] std::int64_t tick_of(instant time) const noexcept { return (time - start_) / tick; }
  void turn(std::size_t index);

  instant start_;
  std::int64_t current_ = 0;
  std::size_t count_ = 0;
  std::array<timer, slots> slots_{};
  std::array<std::uint64_t, slots / 64> filled_{};  ///< A bit a slot; without it, it is empty.
};

}  // namespace plimsoll::load
