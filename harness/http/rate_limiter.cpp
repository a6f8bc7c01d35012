#include "rate_limiter.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace plimsoll::http {
namespace {

namespace asio = boost::asio;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds first_pause{10};
constexpr milliseconds first_pause_alone{400};
constexpr milliseconds longest_pause{10'000};
constexpr microseconds first_spacing{2'000};
constexpr microseconds most_spacing{2'000'000};
constexpr microseconds no_more_spacing{500};  ///< So little that it is none.
/// Tries that have the host to themselves, before a setback counts as the answer.
constexpr unsigned tries_alone = 3;
constexpr unsigned most_doublings = 10;
/// What one answer gives back of the spacing: seven answers take back what a setback adds, so that
/// a host which fails at random, however slowly it is asked, is not asked ever more slowly.
constexpr double spacing_kept = 0.9;

milliseconds doubled(milliseconds first, unsigned times) {
  return std::min(first * (1U << std::min(times, most_doublings)), longest_pause);
}

/// Counts for as long as it lives.
class counted {
 public:
  explicit counted(unsigned& count) : count_(&count) { ++count; }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
  ~counted() { --*count_; }

 private:
  unsigned* count_;
};

/// In the set for as long as it lives.
class registered {
 public:
  registered(std::set<asio::steady_timer*>& all, asio::steady_timer& timer)
      : all_(&all), timer_(&timer) {
    all.insert(&timer);
  }
  registered(const registered&) = delete;
  registered& operator=(const registered&) = delete;
  ~registered() { all_->erase(timer_); }

 private:
  std::set<asio::steady_timer*>* all_;
  asio::steady_timer* timer_;
};

}  // namespace

asio::awaitable<rate_limiter::entry> rate_limiter::enter(asio::any_io_executor executor,
                                                         std::string origin, std::size_t most,
                                                         attempts& request,
                                                         std::set<asio::steady_timer*>& waiting) {
  host& at = hosts_[origin];
  at.most = std::max<std::size_t>(most, 1);
  std::optional<counted> alone;
  if (request.wants_host_alone) alone.emplace(at.waiting_for_it_alone);
  while (!at.refuses) {
    const auto until = look(at, request);
    if (!until) {
      take(at, request);
      co_return entry::granted;
    }
    waiter mine{asio::steady_timer(executor, *until), false};
    const registered interruptible(waiting, mine.timer);
    const auto place = at.waiting.insert(at.waiting.end(), &mine);
    const auto [stopped] = co_await mine.timer.async_wait(asio::as_tuple(asio::use_awaitable));
    at.waiting.erase(place);
    if (stopped && !mine.woken) {
      alone.reset();
      wake(at);
      co_return entry::interrupted;
    }
  }
  co_return entry::refused;
}

std::optional<rate_limiter::clock::time_point> rate_limiter::look(host& at,
                                                                  const attempts& request) {
  const auto start = std::max(at.paused_until, at.next_start);
  if (start > clock::now()) return start;
  const auto until_woken = clock::time_point::max();
  if (at.taken_alone) return until_woken;
  if (request.wants_host_alone) {
    if (at.under_way > 0) return until_woken;
    return std::nullopt;
  }
  if (at.waiting_for_it_alone > 0) return until_woken;
  if (static_cast<double>(at.under_way) >= at.window) return until_woken;
  return std::nullopt;
}

void rate_limiter::take(host& at, attempts& request) {
  request.sent = clock::now();
  request.has_host_alone = request.wants_host_alone;
  at.taken_alone = request.wants_host_alone;
  ++at.under_way;
  at.next_start = request.sent + at.spacing;
  if (at.spacing.count() > 0 && !spend(at.next_start)) refuse(at, at.last_setback);
}

void rate_limiter::leave(const std::string& origin, attempts& request) {
  host& at = hosts_[origin];
  --at.under_way;
  if (request.has_host_alone) at.taken_alone = false;
  wake(at);
}

/// Has all that wait look again: whose turn it is not, goes on waiting.
void rate_limiter::wake(host& at) {
  for (waiter* const each : at.waiting) {
    each->woken = true;
    each->timer.cancel();
  }
}

void rate_limiter::answered(const std::string& origin, const attempts& request,
                            const std::string& kind) {
  host& at = hosts_[origin];
  at.last_answer = clock::now();
  at.setbacks_in_a_row = 0;
  if (!at.stuck.empty()) at.stuck.erase(kind);
  if (at.window == no_limit || request.sent <= at.last_decrease) return;
  if (at.spacing.count() > 0) {
    const auto kept = static_cast<double>(at.spacing.count()) * spacing_kept;
    at.spacing = microseconds(static_cast<microseconds::rep>(kept));
    if (at.spacing < no_more_spacing) at.spacing = microseconds(0);
    return;
  }
  at.window += 1 / at.window;
  if (at.window >= static_cast<double>(at.most)) at.window = no_limit;
}

next_try rate_limiter::set_back(const std::string& origin, attempts& request,
                                const std::string& kind, const setback& reason, unsigned retries) {
  host& at = hosts_[origin];
  if (request.setbacks++ == 0) request.first_setback = clock::now();
  if (request.has_host_alone) ++request.setbacks_alone;
  ++at.setbacks_in_a_row;
  at.last_setback = reason;
  const bool limits_rate = reason.status == 429;
  if (retries == 0) return next_try::stands;
  if (!at.last_answer && !limits_rate && request.setbacks > retries) return next_try::stands;
  if (at.stuck.contains(kind) && request.setbacks > 1) return settle(origin, kind, reason);
  const bool was_tried_enough = request.setbacks > retries && request.setbacks_alone >= tries_alone;
  const bool asks_too_much =
      !limits_rate && reason.retry_after && *reason.retry_after > longest_wait_;
  if (was_tried_enough || asks_too_much) {
    if (!at.last_answer || *at.last_answer < request.first_setback) return next_try::probe;
    return settle(origin, kind, reason);
  }
  return pause(at, request, reason);
}

next_try rate_limiter::set_back_with_probe(const std::string& origin, attempts& request,
                                           const setback& reason) {
  return pause(hosts_[origin], request, reason);
}

next_try rate_limiter::settle(const std::string& origin, const std::string& kind,
                              const setback& reason) {
  hosts_[origin].stuck.insert(kind);
  return reason.status == 429 ? next_try::give_up : next_try::stands;
}

next_try rate_limiter::pause(host& at, attempts& request, const setback& reason) {
  slow_down(at, request, reason);
  milliseconds length = request.wants_host_alone
                            ? doubled(first_pause_alone, request.setbacks_alone)
                            : doubled(first_pause, at.setbacks_in_a_row - 1);
  if (reason.retry_after) {
    // Who says 0 again and again does not mean it.
    length = request.setbacks < 3 ? *reason.retry_after : std::max(length, *reason.retry_after);
  }
  request.wants_host_alone = request.setbacks > 1;
  const auto now = clock::now();
  // A pause beyond all waiting may not fit the clock.
  if (length > longest_wait_ || !spend(now + length)) {
    refuse(at, reason);
    return next_try::give_up;
  }
  at.paused_until = std::max(at.paused_until, now + length);
  return next_try::again;
}

void rate_limiter::refuse(host& at, const setback& reason) {
  if (!gave_up_on_) gave_up_on_ = reason;
  at.refuses = true;
  wake(at);
}

/// Once for all that were under way together.
void rate_limiter::slow_down(host& at, const attempts& request, const setback& reason) {
  if (request.sent <= at.last_decrease) return;
  at.last_decrease = clock::now();
  const double before =
      std::min({at.window, static_cast<double>(at.most), static_cast<double>(at.under_way + 1)});
  at.window = std::max(1.0, before / 2);
  // Where the host says when to come again, that is the pace. A gateway that lost its server, or a
  // connection that ended, is no matter of pace.
  const bool may_limit_rate = reason.status == 429 || reason.status == 503;
  if (before > 1 || reason.retry_after || !may_limit_rate) return;
  at.spacing = std::clamp(at.spacing * 2, first_spacing, most_spacing);
}

bool rate_limiter::spend(clock::time_point until) {
  const auto counted_from = std::max(clock::now(), held_until_);
  if (until <= counted_from) return true;
  const auto more = until - counted_from;
  if (waited_ + more > longest_wait_) return false;
  waited_ += more;
  held_until_ = until;
  return true;
}

bool rate_limiter::has_answered(const std::string& origin) const {
  const auto known = hosts_.find(origin);
  return known != hosts_.end() && known->second.last_answer.has_value();
}

std::shared_ptr<rate_limiter> make_rate_limiter(milliseconds longest_wait) {
  return std::make_shared<rate_limiter>(longest_wait);
}

std::optional<setback> gave_up_on(const rate_limiter& limiter) {
  return limiter.gave_up_on();
}

}  // namespace plimsoll::http
