#pragma once

#include <algorithm>
#include <coroutine>
#include <cstddef>
#include <utility>

#include "event_loop.hpp"
#include "failure.hpp"
#include "task.hpp"

namespace plimsoll::load {

/// Awaited until it was counted down to zero.
class latch {
 public:
  latch(event_loop& loop, std::size_t count) noexcept : loop_(loop), left_(count) {}

  void count_down() {
    if (--left_ == 0 && waiting_) loop_.ready(std::exchange(waiting_, nullptr));
  }
  [[nodiscard]] bool await_ready() const noexcept { return left_ == 0; }
  void await_suspend(std::coroutine_handle<> coroutine) noexcept { waiting_ = coroutine; }
  void await_resume() const noexcept {}

 private:
  event_loop& loop_;
  std::size_t left_;
  std::coroutine_handle<> waiting_;
};

namespace detail {

struct shared_work {
  std::size_t next = 0;
  std::size_t count = 0;
  failure first_failure = failure::none;
};

template <class Each>
task<void> run_next(shared_work& work, Each& each) {
  while (work.next < work.count && work.first_failure == failure::none) {
    const failure outcome = co_await each(work.next++);
    if (outcome != failure::none && work.first_failure == failure::none) {
      work.first_failure = outcome;
    }
  }
}

}  // namespace detail

/// Runs `each(i)`, a task<failure>, for i from 0 to count - 1, at most `at_once` of them
/// concurrently. After a failure no more begin. @return the first failure
template <class Each>
task<failure> for_each_concurrent(event_loop& loop, std::size_t count, std::size_t at_once,
                                  Each each) {
  detail::shared_work work;
  work.count = count;
  const std::size_t runners = std::min(count, std::max<std::size_t>(at_once, 1));
  latch all(loop, runners);
  for (std::size_t i = 0; i < runners; ++i) {
    spawn(detail::run_next(work, each), [&all] { all.count_down(); });
  }
  co_await all;
  co_return work.first_failure;
}

}  // namespace plimsoll::load
