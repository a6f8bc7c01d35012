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
#include <unistd.h>

namespace plimsoll::load {
namespace {

using std::chrono::nanoseconds;

error of_system(const char* what) {
  return error::of(std::string(what) + ": " + strerror(errno));
}

timespec timespec_of(nanoseconds time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  return {.tv_sec = seconds.count(), .tv_nsec = (time - seconds).count()};
}

/// With the resolution of the clock where the kernel has epoll_pwait2 (5.11), else in
/// milliseconds, rounded down: too early is waited again, too late cannot be mended.
int wait_for_events(int epoll, epoll_event* events, int most, nanoseconds longest) {
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
    const error why = of_system("eventfd");
    close(epoll);
    return why;
  }
  std::unique_ptr<event_loop> made(new event_loop(epoll, wake));
  made->woken_ = {[](void* self, std::uint32_t) { static_cast<event_loop*>(self)->take_posted(); },
                  made.get()};
  const auto watched = made->watch(wake, made->woken_);
  if (!watched) return watched.error();
  return made;
}

event_loop::event_loop(int epoll, int wake) noexcept
    : epoll_(epoll), wake_(wake), now_(clock::now()), timers_(now_) {}

event_loop::~event_loop() {
  close(wake_);
  close(epoll_);
}

result<void> event_loop::watch(int descriptor, watcher& who) {
  epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  wanted.data.ptr = &who;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &wanted) != 0) return of_system("epoll_ctl");
  return {};
}

void event_loop::set_alarm(instant at, std::function<void()> due) {
  alarm_at_ = at;
  alarm_ = std::move(due);
}

void event_loop::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(work));
  }
  const std::uint64_t one = 1;
  // Full only where 2^64 - 2 wake-ups are unread: it wakes then all the same.
  [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
}

void event_loop::stop() {
  post([this] { stopped_ = true; });
}

void event_loop::take_posted() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = read(wake_, &count, sizeof count);
  std::vector<std::function<void()>> work;
  {
    const std::lock_guard lock(mutex_);
    work.swap(posted_);
  }
  for (const auto& one : work) one();
}

nanoseconds event_loop::longest_wait() const noexcept {
  if (!ready_.empty() || !again_.empty()) return nanoseconds(0);
  nanoseconds longest = std::chrono::seconds(1);
  if (!timers_.empty()) longest = std::min<nanoseconds>(longest, timers_.quiet_until() - now_);
  if (alarm_at_ != instant::max()) {
    longest = std::min<nanoseconds>(longest, alarm_at_ - clock::now());
  }
  return std::max(longest, nanoseconds(0));
}

void event_loop::ring() {
  if (now_ < alarm_at_) return;
  alarm_at_ = instant::max();
  // It may set the next alarm while it runs.
  const auto due = std::exchange(alarm_, nullptr);
  due();
}

void event_loop::run_ready() {
  while (!ready_.empty()) {
    resuming_.swap(ready_);
    for (const auto one : resuming_) {
      one.resume();
      ring();
    }
    resuming_.clear();
  }
}

void event_loop::wait() {
  std::array<epoll_event, 128> events;  // NOLINT(*-member-init): epoll_wait fills it
  const int count =
      wait_for_events(epoll_, events.data(), static_cast<int>(events.size()), longest_wait());
  refresh_now();
  ring();
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    const auto& who = *static_cast<watcher*>(event.data.ptr);
    refresh_now();
    who.happened(who.self, event.events);
    run_ready();
    ring();
  }
}

void event_loop::run() {
  // Else a wait ends up to 50 microseconds late.
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  stopped_ = false;
  run_ready();
  while (!stopped_) {
    wait();
    repeating_.swap(again_);
    for (const watcher* one : repeating_) {
      refresh_now();
      one->happened(one->self, 0);
      run_ready();
      ring();
    }
    repeating_.clear();
    timers_.advance(now_);
    run_ready();
  }
}

}  // namespace plimsoll::load
