#include "event_loop.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <utility>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace plimsoll::load {
namespace {

using std::chrono::nanoseconds;

error of_system(const char* call) {
  return error::of(std::string(call) + ": " + strerror(errno));
}

timespec timespec_of(nanoseconds time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  return {.tv_sec = seconds.count(), .tv_nsec = (time - seconds).count()};
}

constexpr nanoseconds for_ever = nanoseconds::max();

/// With the resolution of the clock where the kernel has epoll_pwait2 (5.11), else in
/// milliseconds, rounded down: a wait that ends early is repeated, one that ends late is an error.
int wait_for_events(int epoll, epoll_event* events, int most, nanoseconds longest) {
  if (longest == for_ever) return epoll_wait(epoll, events, most, -1);
  const timespec time = timespec_of(longest);
  const int count = epoll_pwait2(epoll, events, most, &time, nullptr);
  if (count >= 0 || errno != ENOSYS) return count;
  const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(longest);
  return epoll_wait(epoll, events, most, static_cast<int>(whole.count()));
}

}  // namespace

result<std::unique_ptr<event_loop>> event_loop::make() {
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) return of_system("epoll");
  const int wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (wake < 0) {
    const error error = of_system("eventfd");
    close(epoll);
    return error;
  }
  const int ticker = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (ticker < 0) {
    const error error = of_system("timerfd");
    close(epoll);
    close(wake);
    return error;
  }
  std::unique_ptr<event_loop> loop(new event_loop(epoll, wake, ticker));
  loop->ticked_ = {[](void*, std::uint32_t) {},
                   nullptr};  // the loop advances the wheel in any case
  loop->woken_ = {[](void* self, std::uint32_t) { static_cast<event_loop*>(self)->take_posted(); },
                  loop.get()};
  const auto watched = loop->watch(wake, loop->woken_);
  if (!watched) return watched.error();
  const auto ticking = loop->watch(ticker, loop->ticked_);
  if (!ticking) return ticking.error();
  return loop;
}

event_loop::event_loop(int epoll, int wake, int ticker) noexcept
    : epoll_(epoll), wake_(wake), ticker_(ticker), now_(clock::now()), timers_(now_) {}

event_loop::~event_loop() {
  close(ticker_);
  close(wake_);
  close(epoll_);
}

result<void> event_loop::watch(int descriptor, watcher& handler) {
  epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  wanted.data.ptr = &handler;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &wanted) != 0) return of_system("epoll_ctl");
  return {};
}

void event_loop::set_alarm(instant deadline, std::function<void()> due) {
  alarm_at_ = deadline;
  alarm_ = std::move(due);
}

void event_loop::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(work));
  }
  const std::uint64_t increment = 1;
  // The counter is full only after 2^64 - 2 unread wake-ups, and wakes the loop then too.
  [[maybe_unused]] const auto written = write(wake_, &increment, sizeof increment);
}

void event_loop::stop() {
  post([this] { stopped_ = true; });
}

void event_loop::take_posted() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read_bytes = read(wake_, &count, sizeof count);
  std::vector<std::function<void()>> work;
  {
    const std::lock_guard lock(mutex_);
    work.swap(posted_);
  }
  for (const auto& callback : work) callback();
}

nanoseconds event_loop::longest_wait() const noexcept {
  if (!ready_.empty() || !rescheduled_.empty()) return nanoseconds(0);
  if (alarm_at_ == instant::max()) return for_ever;
  return std::max<nanoseconds>(alarm_at_ - clock::now(), nanoseconds(0));
}

/// Sets a timerfd that serves many waits: a timeout for each wait would set the processor's timer
/// each time, which costs a virtual machine an exit.
void event_loop::arm_ticker() noexcept {
  if (timers_.empty()) return;
  const instant wanted = timers_.quiet_until();
  if (ticks_at_ > now_ && ticks_at_ <= wanted) return;
  itimerspec setting{};
  setting.it_value = timespec_of(wanted.time_since_epoch());
  timerfd_settime(ticker_, TFD_TIMER_ABSTIME, &setting, nullptr);
  ticks_at_ = wanted;
}

void event_loop::run_due_alarm() {
  if (now_ < alarm_at_) return;
  alarm_at_ = instant::max();
  // The callback may set the next alarm.
  const auto due = std::exchange(alarm_, nullptr);
  due();
}

void event_loop::run_ready() {
  while (!ready_.empty()) {
    resuming_.swap(ready_);
    for (const auto coroutine : resuming_) {
      coroutine.resume();
      run_due_alarm();
    }
    resuming_.clear();
  }
}

void event_loop::wait() {
  arm_ticker();
  std::array<epoll_event, 128> events;  // NOLINT(*-member-init): epoll_wait fills it
  const int count =
      wait_for_events(epoll_, events.data(), static_cast<int>(events.size()), longest_wait());
  refresh_now();
  run_due_alarm();
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    const auto& handler = *static_cast<watcher*>(event.data.ptr);
    if (i > 0) refresh_now();
    handler.on_event(handler.self, event.events);
    run_ready();
    run_due_alarm();
  }
}

void event_loop::run() {
  // Without it a wait ends up to 50 microseconds late.
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  stopped_ = false;
  run_ready();
  while (!stopped_) {
    wait();
    repeating_.swap(rescheduled_);
    for (const watcher* handler : repeating_) {
      refresh_now();
      handler->on_event(handler->self, 0);
      run_ready();
      run_due_alarm();
    }
    repeating_.clear();
    timers_.advance(now_);
    run_ready();
  }
}

}  // namespace plimsoll::load
