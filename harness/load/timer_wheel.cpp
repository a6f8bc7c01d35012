#include "timer_wheel.hpp"

#include <algorithm>

namespace plimsoll::load {

void timer::leave() noexcept {
  if (next_ == nullptr) return;
  next_->before_ = before_;
  before_->next_ = next_;
  next_ = nullptr;
  before_ = nullptr;
  if (count_ != nullptr) --*count_;
}

timer_wheel::timer_wheel(instant now) noexcept : start_(now) {
  for (timer& slot : slots_) slot.next_ = slot.before_ = &slot;
}

void timer_wheel::set(timer& one, instant deadline) noexcept {
  one.leave();
  // Rounded up: a deadline is never met early.
  one.tick_ = std::max(tick_of(deadline), current_) + 1;
  timer& slot = slots_[static_cast<std::size_t>(one.tick_) % slots];
  one.next_ = &slot;
  one.before_ = slot.before_;
  slot.before_->next_ = &one;
  slot.before_ = &one;
  one.count_ = &count_;
  ++count_;
}

void timer_wheel::turn(timer& slot) {
  // Those that are due leave first: a callback may set or drop any timer.
  timer due;
  due.next_ = due.before_ = &due;
  for (timer* one = slot.next_; one != &slot;) {
    timer* const next = one->next_;
    if (one->tick_ <= current_) {
      one->leave();
      one->next_ = &due;
      one->before_ = due.before_;
      due.before_->next_ = one;
      due.before_ = one;
      one->count_ = nullptr;
    }
    one = next;
  }
  while (due.next_ != &due) {
    timer& one = *due.next_;
    one.leave();
    one.expired_(one.self_);
  }
}

void timer_wheel::advance(instant now) {
  const std::int64_t until = tick_of(now);
  // After a long pause each slot is looked at once, not once a tick.
  if (until - current_ > static_cast<std::int64_t>(slots)) {
    current_ = until - static_cast<std::int64_t>(slots);
  }
  while (current_ < until) {
    ++current_;
    turn(slots_[static_cast<std::size_t>(current_) % slots]);
  }
}

}  // namespace plimsoll::load
