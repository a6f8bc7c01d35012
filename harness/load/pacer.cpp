#include "pacer.hpp"

#include <utility>

namespace plimsoll::load {

pacer::pacer(arrivals schedule, instant begin, std::size_t most_waiting)
    : schedule_(std::move(schedule)), begin_(begin), most_waiting_(most_waiting) {
  advance();
}

void pacer::advance() {
  next_.reset();
  if (const auto start = schedule_.next()) {
    next_ = due_start{start->index, begin_ + start->intended};
  }
}

std::optional<instant> pacer::next() const noexcept {
  if (!next_) return {};
  return next_->intended;
}

std::optional<due_start> pacer::take_due(instant now) {
  if (!next_ || next_->intended > now) return {};
  const due_start out = *next_;
  advance();
  return out;
}

void pacer::wait(due_start start) {
  if (waiting_.size() >= most_waiting_) {
    ++dropped_;
  } else {
    waiting_.push_back(start);
  }
}

std::optional<due_start> pacer::take_waiting() {
  if (waiting_.empty()) return {};
  const due_start out = waiting_.front();
  waiting_.pop_front();
  return out;
}

}  // namespace plimsoll::load
