#pragma once

#include <chrono>
#include <cstddef>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "plimsoll/http/rate_limit.hpp"

namespace plimsoll::http {

/// How one request has fared with one host so far.
struct attempts {
  using time_point = std::chrono::steady_clock::time_point;
  unsigned setbacks = 0;
  unsigned setbacks_alone = 0;    ///< Of tries during which nothing else was under way.
  bool wants_host_alone = false;  ///< The next try waits until nothing else is under way.
  bool has_host_alone = false;
  time_point sent;           ///< The last try.
  time_point first_setback;  ///< When that came.
};

/// What to do about a setback.
enum class next_try {
  again,    ///< Once the limiter lets it.
  stands,   ///< The host answers others: what came is its answer to this very request.
  probe,    ///< Nobody else was answered meanwhile: ask the host for something else first.
  give_up,  ///< The waiting time is used up.
};

class rate_limiter {
 public:
  using clock = std::chrono::steady_clock;
  using milliseconds = std::chrono::milliseconds;

  explicit rate_limiter(milliseconds longest_wait) : longest_wait_(longest_wait) {}

  enum class entry { granted, refused, interrupted };

  /// Waits until a request may be sent to the host; `leave` has to follow where it is granted.
  /// @param most how many requests may be under way to the host anyway
  /// @param waiting holds the timer meanwhile: cancelled there, the wait is interrupted
  [[nodiscard]] boost::asio::awaitable<entry> enter(boost::asio::any_io_executor executor,
                                                    std::string origin, std::size_t most,
                                                    attempts& request,
                                                    std::set<boost::asio::steady_timer*>& waiting);
  void leave(const std::string& origin, attempts& request);

  /// The host gave an answer that is no setback.
  void answered(const std::string& origin, const attempts& request, const std::string& kind);
  /// The host did not serve the request.
  /// @param kind requests that a host treats alike: a method and an end-point
  /// @param retries of a request, while the host answers others
  [[nodiscard]] next_try set_back(const std::string& origin, attempts& request,
                                  const std::string& kind, const setback& reason, unsigned retries);
  /// The host did not serve the probe either that `set_back` asked for; where it did, `answered`
  /// and `settle` are to be called.
  [[nodiscard]] next_try set_back_with_probe(const std::string& origin, attempts& request,
                                             const setback& reason);
  /// From now on requests of that kind are tried twice only, until one is answered.
  [[nodiscard]] next_try settle(const std::string& origin, const std::string& kind,
                                const setback& reason);

  [[nodiscard]] bool has_answered(const std::string& origin) const;
  [[nodiscard]] const std::optional<setback>& gave_up_on() const noexcept { return gave_up_on_; }

 private:
  static constexpr double no_limit = std::numeric_limits<double>::infinity();

  struct waiter {
    boost::asio::steady_timer timer;
    bool woken = false;
  };

  struct host {
    std::size_t most = 1;
    std::size_t under_way = 0;
    double window = no_limit;  ///< Requests under way at once, at most.
    std::chrono::microseconds spacing{
        0};  ///< Between the beginnings of two requests, where the window is 1.
    clock::time_point paused_until = clock::time_point::min();
    clock::time_point next_start = clock::time_point::min();
    clock::time_point last_decrease = clock::time_point::min();
    std::optional<clock::time_point> last_answer;
    unsigned setbacks_in_a_row = 0;
    bool taken_alone = false;
    unsigned waiting_for_it_alone = 0;
    bool refuses = false;  ///< The waiting time was used up here.
    setback last_setback;
    std::set<std::string> stuck;  ///< Kinds of requests that alone are not served.
    std::list<waiter*> waiting;
  };

  /// When to ask again; nothing where the request may go.
  static std::optional<clock::time_point> look(host& at, const attempts& request);
  void take(host& at, attempts& request);
  static void wake(host& at);
  static void slow_down(host& at, const attempts& request, const setback& reason);
  /// Pauses the host, or gives up on it where the waiting time does not allow for that.
  next_try pause(host& at, attempts& request, const setback& reason);
  /// Counts the time to `until` as waited. @return whether there is as much left
  bool spend(clock::time_point until);
  void refuse(host& at, const setback& reason);

  milliseconds longest_wait_;
  clock::duration waited_{0};
  clock::time_point held_until_ = clock::time_point::min();  ///< The end of what is in `waited_`.
  std::map<std::string, host> hosts_;
  std::optional<setback> gave_up_on_;
};

}  // namespace plimsoll::http
