#include "plimsoll/load_values/arrival.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace plimsoll::load {
namespace {

using std::chrono::nanoseconds;

double seconds_of(nanoseconds time) noexcept {
  return std::chrono::duration<double>(time).count();
}

nanoseconds from_seconds(double seconds) noexcept {
  return nanoseconds(std::llround(seconds * 1e9));
}

double starts_in(const rate_stage& stage) noexcept {
  return (stage.from_per_second + stage.to_per_second) / 2 * seconds_of(stage.lasting);
}

/// When a stage has made `due` starts due: its rate, integrated and solved for time in the form
/// that loses no digits where the rate changes little or from zero.
double time_within(const rate_stage& stage, double due) noexcept {
  if (due <= 0) return 0;
  const double first_rate = stage.from_per_second;
  const double change = (stage.to_per_second - first_rate) / seconds_of(stage.lasting);
  const double under_root = std::max(0.0, first_rate * first_rate + 2 * change * due);
  return std::min(seconds_of(stage.lasting), 2 * due / (first_rate + std::sqrt(under_root)));
}

// A last start that is due only by rounding, at the very end of its stage, does not count.
constexpr double rounding = 1e-12;

}  // namespace

double expected_starts(const arrival_plan& plan) noexcept {
  if (const auto* burst = std::get_if<burst_plan>(&plan)) {
    return static_cast<double>(burst->starts);
  }
  if (const auto* listed = std::get_if<listed_plan>(&plan)) {
    return static_cast<double>(listed->times->size());
  }
  double sum = 0;
  for (const rate_stage& stage : std::get_if<rate_plan>(&plan)->stages) sum += starts_in(stage);
  return sum;
}

nanoseconds length_of(const arrival_plan& plan) noexcept {
  if (const auto* burst = std::get_if<burst_plan>(&plan)) return burst->within;
  if (const auto* listed = std::get_if<listed_plan>(&plan)) {
    return listed->times->empty() ? nanoseconds(0) : listed->times->back();
  }
  nanoseconds sum{0};
  for (const rate_stage& stage : std::get_if<rate_plan>(&plan)->stages) sum += stage.lasting;
  return sum;
}

arrivals::arrivals(arrival_plan plan, std::uint64_t seed, share own_share)
    : plan_(std::move(plan)), random_(derive_seed(seed, "arrivals")), share_(own_share) {}

std::optional<arrival> arrivals::next() {
  for (;;) {
    const auto time = std::visit([this](const auto& plan) { return following(plan); }, plan_);
    if (!time) return std::nullopt;
    const std::uint64_t index = index_++;
    if (index % share_.parts == share_.part) return arrival{index, *time};
  }
}

std::optional<nanoseconds> arrivals::following(const rate_plan& plan) {
  // A Poisson process of any rate is one of rate 1 where time is measured in expected starts.
  if (plan.spaced == spacing::even) {
    reached_ = static_cast<double>(index_);
  } else {
    reached_ -= std::log1p(-random_.fraction());
  }
  while (stage_ < plan.stages.size()) {
    const rate_stage& stage = plan.stages[stage_];
    const double all = due_before_ + starts_in(stage);
    if (reached_ < all * (1 - rounding)) {
      return time_before_ + from_seconds(time_within(stage, reached_ - due_before_));
    }
    due_before_ = all;
    time_before_ += stage.lasting;
    ++stage_;
  }
  return std::nullopt;
}

std::optional<nanoseconds> arrivals::following(const burst_plan& plan) {
  if (index_ >= plan.starts) return std::nullopt;
  const auto left = static_cast<double>(plan.starts - index_);
  if (plan.spaced == spacing::even) {
    reached_ = static_cast<double>(index_) / static_cast<double>(plan.starts);
  } else {
    // The earliest of so many uniform times in what is left, so that all come in order.
    reached_ += (1 - reached_) * -std::expm1(std::log1p(-random_.fraction()) / left);
  }
  return from_seconds(seconds_of(plan.within) * reached_);
}

std::optional<nanoseconds> arrivals::following(const listed_plan& plan) const {
  if (index_ >= plan.times->size()) return std::nullopt;
  return (*plan.times)[index_];
}

}  // namespace plimsoll::load
