#include "timer_wheel.hpp"

#include <algorithm>
#include <bit>

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
  const std::size_t index = static_cast<std::size_t>(one.tick_) % slots;
  filled_[index / 64] |= std::uint64_t{1} << (index % 64);
  timer& slot = slots_[index];
  one.next_ = &slot;
  one.before_ = slot.before_;
  slot.before_->next_ = &one;
  slot.before_ = &one;
  one.count_ = &count_;
  ++count_;
}

instant timer_wheel::quiet_until() const noexcept {
  const std::int64_t turned = current_ + static_cast<std::int64_t>(slots);
  std::int64_t next = current_ + 1;
  while (next < turned) {
    const std::size_t index = static_cast<std::size_t>(next) % slots;
    const std::uint64_t from_here = filled_[index / 64] >> (index % 64);
    if (from_here != 0) return start_ + (next + std::countr_zero(from_here)) * tick;
    next += static_cast<std::int64_t>(64 - index % 64);
  }
  return start_ + turned * tick;
}

void timer_wheel::turn(std::size_t index) {
  timer& slot = slots_[index];
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
  if (slot.next_ == &slot) filled_[index / 64] &= ~(std::uint64_t{1} << (index % 64));
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
    turn(static_cast<std::size_t>(current_) % slots);
  }
}

}  // namespace plimsoll::load
