#include "plimsoll/load_values/limit.hpp"

#include <algorithm>
#include <cmath>

#include "plimsoll/load_values/workload.hpp"

namespace plimsoll::load {

std::optional<double> limit_search::next() const noexcept {
  if (!kept_ && !broken_) return first_;
  if (!broken_) {
    if (*kept_ >= highest_rate_per_second) return std::nullopt;
    return std::min(*kept_ * 2, highest_rate_per_second);
  }
  if (!kept_) {
    if (*broken_ < least_per_second) return std::nullopt;
    return *broken_ / 2;
  }
  if (*broken_ <= *kept_ * (1 + precision)) return std::nullopt;
  return std::sqrt(*kept_ * *broken_);
}

void limit_search::note(double per_second, bool kept) noexcept {
  if (kept) {
    kept_ = std::max(kept_.value_or(0), per_second);
  } else {
    broken_ = std::min(broken_.value_or(per_second), per_second);
  }
}

}  // namespace plimsoll::load
