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

void timer_wheel::set(timer& armed, instant deadline) noexcept {
  armed.leave();
  // Rounded up: a timer never expires early.
  armed.tick_ = std::max(tick_of(deadline), current_) + 1;
  const std::size_t index = static_cast<std::size_t>(armed.tick_) % slots;
  filled_[index / 64] |= std::uint64_t{1} << (index % 64);
  timer& slot = slots_[index];
  armed.next_ = &slot;
  armed.before_ = slot.before_;
  slot.before_->next_ = &armed;
  slot.before_ = &armed;
  armed.count_ = &count_;
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
  // Due timers leave the slot first: a callback may set or drop any timer.
  timer due;
  due.next_ = due.before_ = &due;
  for (timer* entry = slot.next_; entry != &slot;) {
    timer* const next = entry->next_;
    if (entry->tick_ <= current_) {
      entry->leave();
      entry->next_ = &due;
      entry->before_ = due.before_;
      due.before_->next_ = entry;
      due.before_ = entry;
      entry->count_ = nullptr;
    }
    entry = next;
  }
  if (slot.next_ == &slot) filled_[index / 64] &= ~(std::uint64_t{1} << (index % 64));
  while (due.next_ != &due) {
    timer& expired = *due.next_;
    expired.leave();
    expired.callback_(expired.self_);
  }
}

void timer_wheel::advance(instant now) {
  const std::int64_t target_tick = tick_of(now);
  // After a long pause each slot is visited once, not once a tick.
  if (target_tick - current_ > static_cast<std::int64_t>(slots)) {
    current_ = target_tick - static_cast<std::int64_t>(slots);
  }
  while (current_ < target_tick) {
    ++current_;
    turn(static_cast<std::size_t>(current_) % slots);
  }
}

}  // namespace plimsoll::load
