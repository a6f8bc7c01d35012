#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "clean_up.hpp"
#include "plimsoll/scenario/unanswered.hpp"

namespace plimsoll {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

/// "10 s" or "1500 ms".
std::string shown(milliseconds time) {
  const auto count = time.count();
  return count % 1000 == 0 ? fmt::format("{} s", count / 1000) : fmt::format("{} ms", count);
}

/// Whether the registry means all of that kind: it does not do that, or not for this login.
bool refuses_the_kind(int status) noexcept {
  return status == 401 || status == 403 || status == 405 || status == 501;
}

}  // namespace

clean_up_state::clean_up_state(clean_up_limits limits, std::size_t workers)
    : limits_(std::move(limits)), workers_(std::max<std::size_t>(workers, 1)) {}

std::string clean_up_state::reason_to_end(time_point began) {
  if (over_.empty() && limits_.now() - began + spent_ >= limits_.whole) {
    over_ = fmt::format("not deleted: the clean-up ended after {}", shown(limits_.whole));
  }
  return over_;
}

std::string clean_up_state::reason_to_end(time_point began, kind what) {
  std::string why = reason_to_end(began);
  const refusal& known = refusals_.at(static_cast<std::size_t>(what));
  if (!why.empty() || known.count < limits_.failures) return why;
  return known.answer;
}

void clean_up_state::record(const http::exchange& seen) {
  if (seen.answered()) {
    unanswered_ = 0;
    return;
  }
  ++unanswered_;
  if (!over_.empty()) return;
  if (seen.error.starts_with("timed out after ")) {
    over_ = fmt::format("{} is not answered in {}", seen.last.method,
                        shown(duration_cast<milliseconds>(limits_.answer)));
  } else if (is_time_out(seen.error)) {
    // The client's own limit is the shorter one.
    over_ = fmt::format("{} is not answered ({})", seen.last.method, seen.error);
  } else if (unanswered_ >= limits_.failures) {
    over_ = seen.error;
  }
}

void clean_up_state::record_deletion(kind what, const http::exchange& seen) {
  record(seen);
  const auto at = static_cast<std::size_t>(what);
  const int status = seen.response.status;
  if (status / 100 == 2) deletes_.at(at) = true;
  if (deletes_.at(at)) {
    refusals_.at(at).count = 0;
  } else if (refuses_the_kind(status)) {
    ++refusals_.at(at).count;
    refusals_.at(at).answer = fmt::format("DELETE is answered with {}", status);
  }
}

void clean_up_state::add_time_since(time_point began) {
  spent_ += (limits_.now() - began) / static_cast<std::int64_t>(workers_);
}

void clean_up_state::begin_anew() {
  workers_ = 1;
  unanswered_ = 0;
  refusals_ = {};
  over_.clear();
}

}  // namespace plimsoll
