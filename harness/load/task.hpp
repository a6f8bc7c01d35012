#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace plimsoll::load {

template <class T>
class task;

namespace detail {

/// Resumes whoever awaits the coroutine that has just ended.
struct hand_over {
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
    return ended.promise().awaiting ? ended.promise().awaiting : std::noop_coroutine();
  }
  void await_resume() const noexcept {}
};

struct promise_base {
  std::coroutine_handle<> awaiting;

  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] hand_over final_suspend() const noexcept { return {}; }
  /// What a server or a network does is a value here: an exception is a broken invariant.
  [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
};

template <class T>
struct promise : promise_base {
  std::optional<T> value;

  task<T> get_return_object() noexcept;
  template <class U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() { return std::move(*value); }
};

template <>
struct promise<void> : promise_base {
  task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take() const noexcept {}
};

}  // namespace detail

/// A coroutine of one core's event loop: it begins when it is awaited, and its end resumes the
/// one coroutine that awaits it. Ends of I/O come through `event_loop::ready`, so the stack
/// stays as deep as the nesting of the tasks.
///
/// Not boost::asio::awaitable: that brings an executor, cancellation and an exception_ptr a
/// frame, and what runs here needs none of them.
template <class T = void>
class [[nodiscard]] task {
 public:
  using promise_type = detail::promise<T>;

  explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : handle_(coroutine) {}
  task(task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  task& operator=(task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  task(const task&) = delete;
  task& operator=(const task&) = delete;
  ~task() {
    if (handle_) handle_.destroy();
  }

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    handle_.promise().awaiting = awaiting;
    return handle_;
  }
  T await_resume() { return handle_.promise().take(); }

 private:
  std::coroutine_handle<promise_type> handle_;
};

namespace detail {

template <class T>
task<T> promise<T>::get_return_object() noexcept {
  return task<T>(std::coroutine_handle<promise<T>>::from_promise(*this));
}

inline task<void> promise<void>::get_return_object() noexcept {
  return task<void>(std::coroutine_handle<promise<void>>::from_promise(*this));
}

/// A coroutine that begins at once and that nobody awaits; its frame goes when it ends.
struct detached {
  struct promise_type {
    [[nodiscard]] detached get_return_object() const noexcept { return {}; }
    [[nodiscard]] std::suspend_never initial_suspend() const noexcept { return {}; }
    [[nodiscard]] std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
  };
};

}  // namespace detail

/// Starts `work`; it runs to its first wait before this returns. `ended` is called behind it.
template <class Ended>
detail::detached spawn(task<void> work, Ended ended) {
  co_await std::move(work);
  ended();
}

}  // namespace plimsoll::load
