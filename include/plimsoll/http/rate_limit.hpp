#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace plimsoll::http {

/// What a host answered that says nothing of the request: it limits the rate, or is not available.
struct setback {
  int status = 0;  ///< 429, 502, 503 or 504; 0: the connection was lost.
  std::optional<std::chrono::milliseconds> retry_after;  ///< From now; nothing where it tells none.
  std::string text;  ///< "429, Retry-After: 3600", or how the connection was lost.
};

/// Decides when a request may be sent to a host: it pauses all requests to a host that limits the
/// rate or is not available, lowers how many are under way and how fast they begin, and recovers
/// with the answers that come. Used from one executor.
class rate_limiter;

/// @param longest_wait the time in which requests are held back, in all, before it gives up
[[nodiscard]] std::shared_ptr<rate_limiter> make_rate_limiter(
    std::chrono::milliseconds longest_wait);

/// What used up the waiting time; nothing while there is some left.
[[nodiscard]] std::optional<setback> gave_up_on(const rate_limiter& limiter);

}  // namespace plimsoll::http
