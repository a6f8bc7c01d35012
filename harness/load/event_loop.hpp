#pragma once

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "timer_wheel.hpp"

namespace plimsoll::load {

/// The handler of a descriptor's events.
struct watcher {
  void (*on_event)(void* self, std::uint32_t events) = nullptr;
  void* self = nullptr;
};

/// The events, deadlines and coroutines of one core. Everything but `post` and `stop` belongs
/// to the thread that runs it.
///
/// epoll by hand and not an io_context: a request costs the kernel 6 to 9 microseconds, and what
/// is around it must stay small against that. Descriptors are watched once, edge-triggered in
/// both directions, so that a request needs one send and one recv, and no epoll_ctl; Asio's
/// reactor would add an operation object, a queue and, for async_read_some, a recv that finds
/// nothing. It also leaves SSL_set_fd and MSG_TRUNC as they are.
class event_loop {
 public:
  [[nodiscard]] static result<std::unique_ptr<event_loop>> make();
  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;
  ~event_loop();

  /// Watches for input, output and hang-up, edge-triggered. The handler must not move until the
  /// descriptor is closed. The error is the system's.
  [[nodiscard]] result<void> watch(int descriptor, watcher& handler);

  /// The time of the current event.
  [[nodiscard]] instant now() const noexcept { return now_; }
  instant refresh_now() noexcept { return now_ = clock::now(); }

  /// Resumes the coroutine, or calls the watcher, before the next wait.
  void ready(std::coroutine_handle<> coroutine) { ready_.push_back(coroutine); }
  void reschedule(watcher& handler) { rescheduled_.push_back(&handler); }

  timer_wheel& timers() noexcept { return timers_; }

  /// Calls `due` once, at that time and not up to a tick later as a timer would: the loop checks it
  /// between any two events, and waits with the resolution of the clock.
  void set_alarm(instant deadline, std::function<void()> due);

  /// Runs `work` on the loop's thread. From any thread.
  void post(std::function<void()> work);

  /// Runs until `stop`.
  void run();
  /// Ends `run` after the current event. From any thread.
  void stop();

  /// Awaited: resumes up to two ticks of the wheel after that time.
  struct sleeper;
  [[nodiscard]] sleeper sleep_until(instant deadline);

 private:
  event_loop(int epoll, int wake, int ticker) noexcept;

  void wait();
  void arm_ticker() noexcept;
  void take_posted();
  void run_ready();
  void run_due_alarm();
  [[nodiscard]] std::chrono::nanoseconds longest_wait() const noexcept;

  int epoll_;
  int wake_;
  int ticker_;  ///< Wakes the loop for the timer wheel.
  instant ticks_at_ = instant::min();
  bool stopped_ = false;
  instant now_;
  timer_wheel timers_;
  instant alarm_at_ = instant::max();
  std::function<void()> alarm_;
  std::vector<std::coroutine_handle<>> ready_;
  std::vector<std::coroutine_handle<>> resuming_;
  std::vector<watcher*> rescheduled_;
  std::vector<watcher*> repeating_;
  watcher woken_;
  watcher ticked_;
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
};

struct event_loop::sleeper {
  sleeper(event_loop& owner, instant until) noexcept
      : loop(owner), deadline(until), wake(&resume, this) {}

  [[nodiscard]] bool await_ready() const noexcept { return deadline <= loop.now(); }
  void await_suspend(std::coroutine_handle<> waiting) noexcept {
    coroutine = waiting;
    loop.timers().set(wake, deadline);
  }
  void await_resume() const noexcept {}

  static void resume(void* self) {
    auto& sleeping = *static_cast<sleeper*>(self);
    sleeping.loop.ready(sleeping.coroutine);
  }

  event_loop& loop;
  instant deadline;
  std::coroutine_handle<> coroutine;
  timer wake;
};

inline event_loop::sleeper event_loop::sleep_until(instant deadline) {
  return sleeper(*this, deadline);
}

}  // namespace plimsoll::load
