#include "plimsoll/load_values/histogram.hpp"

#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace plimsoll::load {
namespace {

using std::chrono::nanoseconds;

// q * count can come out a hair above a whole rank, and must not reach the next one.
constexpr double rounding = 1e-12;

std::uint64_t rank_of(double q, std::uint64_t count) noexcept {
  const double exact = q * static_cast<double>(count);
  return static_cast<std::uint64_t>(std::ceil(exact * (1 - rounding)));
}

nanoseconds middle_of(std::uint32_t index) noexcept {
  const auto [first, last] = histogram::bounds_of(index);
  return first + (last - first) / 2;
}

}  // namespace

std::uint64_t samples_needed(double quantile) noexcept {
  const auto beyond = static_cast<double>(least_samples_beyond);
  return static_cast<std::uint64_t>(std::ceil(beyond / (1 - quantile) * (1 - rounding)));
}

histogram::histogram() : counts_(index_of(static_cast<std::uint64_t>(longest.count())) + 1) {}

void histogram::merge(const histogram& other) noexcept {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  least_ = std::min(least_, other.least_);
  most_ = std::max(most_, other.most_);
}

void histogram::clear() noexcept {
  std::fill(counts_.begin(), counts_.end(), 0);
  least_ = std::numeric_limits<std::uint64_t>::max();
  most_ = 0;
}

std::uint64_t histogram::count() const noexcept {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

nanoseconds histogram::min() const noexcept {
  return nanoseconds(least_ > most_ ? 0 : least_);
}

nanoseconds histogram::max() const noexcept {
  return nanoseconds(most_);
}

nanoseconds histogram::mean() const noexcept {
  double sum = 0;
  double samples = 0;
  for (std::uint32_t i = 0; i < counts_.size(); ++i) {
    const auto counted = static_cast<double>(counts_[i]);
    sum += counted * static_cast<double>(middle_of(i).count());
    samples += counted;
  }
  if (samples == 0) return nanoseconds(0);
  return nanoseconds(std::llround(sum / samples));
}

std::optional<quantile_estimate> histogram::quantile(double q) const noexcept {
  if (!(q > 0 && q < 1)) return std::nullopt;
  const std::uint64_t all = count();
  const std::uint64_t rank = rank_of(q, all);
  if (rank == 0 || all - rank < least_samples_beyond) return std::nullopt;
  std::uint64_t passed = 0;
  std::uint32_t index = 0;
  while ((passed += counts_[index]) < rank) ++index;
  return quantile_estimate{std::clamp(middle_of(index), min(), max()), all - rank};
}

std::vector<histogram::bucket> histogram::buckets() const {
  std::vector<bucket> filled;
  for (std::uint32_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] > 0) filled.push_back({i, counts_[i]});
  }
  return filled;
}

result<histogram> histogram::from(std::span<const bucket> buckets, nanoseconds min,
                                  nanoseconds max) {
  histogram counted;
  if (buckets.empty()) {
    if (min.count() == 0 && max.count() == 0) return counted;
    return error::of("histogram: a minimum or maximum without a sample");
  }
  std::uint64_t left = std::numeric_limits<std::uint64_t>::max();
  std::int64_t before = -1;
  for (const auto& [index, count] : buckets) {
    if (index >= counted.counts_.size() || index <= before) {
      return error::of(fmt::format("histogram: bucket {}: expected an ascending index below {}",
                                   index, counted.counts_.size()));
    }
    if (count == 0 || count > left) {
      return error::of(
          fmt::format("histogram: bucket {}: expected a count above 0, and 64 bits in all", index));
    }
    left -= count;
    before = index;
    counted.counts_[index] = count;
  }
  const auto inside = [](nanoseconds time, std::uint32_t index) {
    return time >= bounds_of(index).first && time <= bounds_of(index).last;
  };
  if (!inside(min, buckets.front().index) || !inside(max, buckets.back().index) || min > max ||
      max > longest) {
    return error::of("histogram: the minimum and maximum are not within the outer buckets");
  }
  counted.least_ = static_cast<std::uint64_t>(min.count());
  counted.most_ = static_cast<std::uint64_t>(max.count());
  return counted;
}

histogram::bounds histogram::bounds_of(std::uint32_t index) noexcept {
  if (index < exact_below) return {nanoseconds(index), nanoseconds(index)};
  const std::uint32_t shift = (index >> steps_bits) - 1;
  const std::int64_t steps = index - (std::int64_t{shift} << steps_bits);
  return {nanoseconds(steps << shift), nanoseconds(((steps + 1) << shift) - 1)};
}

}  // namespace plimsoll::load
