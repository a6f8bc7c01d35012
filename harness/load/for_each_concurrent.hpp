#pragma once

#include <algorithm>
#include <coroutine>
#include <cstddef>
#include <utility>

#include "event_loop.hpp"
#include "failure.hpp"
#include "task.hpp"

namespace plimsoll::load {

/// Awaited until everybody has come.
class gathering {
 public:
  gathering(event_loop& on, std::size_t count) noexcept : loop_(on), left_(count) {}

  void arrive() {
    if (--left_ == 0 && waiting_) loop_.ready(std::exchange(waiting_, nullptr));
  }
  [[nodiscard]] bool await_ready() const noexcept { return left_ == 0; }
  void await_suspend(std::coroutine_handle<> who) noexcept { waiting_ = who; }
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
  failure why = failure::none;
};

template <class Each>
task<void> take_turns(shared_work& work, Each& each) {
  while (work.next < work.count && work.why == failure::none) {
    const failure why = co_await each(work.next++);
    if (why != failure::none && work.why == failure::none) work.why = why;
  }
}

}  // namespace detail

/// Does `each(i)`, a task<failure>, for i from 0 to count - 1, at most `at_once` of them at a
/// time. After a failure no more begin. @return the first failure
template <class Each>
task<failure> together(event_loop& loop, std::size_t count, std::size_t at_once, Each each) {
  detail::shared_work work;
  work.count = count;
  const std::size_t hands = std::min(count, std::max<std::size_t>(at_once, 1));
  gathering all(loop, hands);
  for (std::size_t i = 0; i < hands; ++i) {
    spawn(detail::take_turns(work, each), [&all] { all.arrive(); });
  }
  co_await all;
  co_return work.why;
}

}  // namespace plimsoll::load
