#include "plimsoll/scenario/settling.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace plimsoll {

bool follows_push(settle_kind kind) noexcept {
  return kind <= settle_kind::referrers;
}

settling::milliseconds settling::limit(settle_kind kind) const noexcept {
  const experience& seen = seen_.at(static_cast<std::size_t>(kind));
  return seen.ran_out && seen.latest <= prompt() ? prompt() : longest_;
}

settling::milliseconds settling::prompt() const noexcept {
  constexpr milliseconds at_most = std::chrono::seconds(2);
  return std::min(at_most, longest_ / 4);
}

std::string settling::cut_short() const {
  if (longest_ >= judged_after) return "";
  return fmt::format("the wait ended after {}: --settle {}s judges", seconds_text(longest_),
                     judged_after.count() / 1000);
}

void settling::settled(settle_kind kind, milliseconds took) noexcept {
  milliseconds& latest = seen_.at(static_cast<std::size_t>(kind)).latest;
  latest = std::max(latest, took);
}

void settling::ran_out(settle_kind kind) noexcept {
  seen_.at(static_cast<std::size_t>(kind)).ran_out = true;
}

std::string seconds_text(std::chrono::milliseconds time) {
  constexpr double per_second = 1000;
  return fmt::format("{:.1f} s", static_cast<double>(time.count()) / per_second);
}

}  // namespace plimsoll
