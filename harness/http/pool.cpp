#include "pool.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace plimsoll::http {

namespace asio = boost::asio;

/// Holds what it was granted, so that a place is not lost with a coroutine that never resumes.
struct pool::waiter {
  explicit waiter(const asio::any_io_executor& executor)
      : timer(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer timer;
  std::optional<lease> granted;
};

lease::lease(std::shared_ptr<pool> from, std::string key, std::unique_ptr<connection> taken)
    : held(std::move(taken)), from_(std::move(from)), key_(std::move(key)) {}

lease::~lease() {
  if (!from_) return;
  if (!kept_) held.reset();
  from_->give_back(key_, std::move(held));
}

pool::pool(asio::any_io_executor executor, std::size_t limit)
    : executor_(std::move(executor)), limit_(std::max<std::size_t>(limit, 1)) {}

std::unique_ptr<connection> pool::take_idle(host& from, bool fresh) const {
  while (!from.idle.empty() && !fresh) {
    auto last = std::move(from.idle.back());
    from.idle.pop_back();
    if (last->is_quiet()) return last;
  }
  // The new connection must not be one too many.
  if (from.in_use + from.idle.size() >= limit_ && !from.idle.empty()) from.idle.pop_back();
  return nullptr;
}

asio::awaitable<lease> pool::acquire(std::string key, bool fresh) {
  auto self = shared_from_this();
  host& wanted = hosts_[key];
  if (wanted.in_use < limit_) {
    auto held = take_idle(wanted, fresh);
    ++wanted.in_use;
    co_return lease(std::move(self), std::move(key), std::move(held));
  }
  const auto place = std::make_shared<waiter>(executor_);
  wanted.waiting.push_back(place);
  while (!place->granted) {
    co_await place->timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  auto& held = place->granted->held;
  if (held && (fresh || !held->is_quiet())) held.reset();
  co_return std::move(*place->granted);
}

void pool::give_back(const std::string& key, std::unique_ptr<connection> kept) {
  host& from = hosts_[key];
  --from.in_use;
  while (!from.waiting.empty()) {
    const auto next = from.waiting.front().lock();
    from.waiting.pop_front();
    if (!next) continue;
    ++from.in_use;
    next->granted.emplace(shared_from_this(), key, std::move(kept));
    next->timer.expires_at(asio::steady_timer::time_point::min());
    return;
  }
  if (kept) from.idle.push_back(std::move(kept));
}

void pool::close_idle() {
  for (auto& [key, entry] : hosts_) entry.idle.clear();
}

}  // namespace plimsoll::http
