#pragma once

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "plimsoll/base/error.hpp"

namespace plimsoll::load {

/// A quantile, with the number of samples beyond it.
struct quantile_estimate {
  std::chrono::nanoseconds value{0};
  std::uint64_t beyond = 0;  ///< Samples of a higher rank; at least `least_samples_beyond`.

  friend bool operator==(const quantile_estimate&, const quantile_estimate&) = default;
};

/// A quantile with fewer samples beyond it is refused: it would be a guess.
inline constexpr std::uint64_t least_samples_beyond = 10;

/// How many samples a quantile in (0, 1) needs, for a message: 1000 for 0.99.
[[nodiscard]] std::uint64_t samples_needed(double quantile) noexcept;

/// Counts of times from 0 ns to one hour, each kept to 1/128 (0.8 %) of itself.
///
/// Log-linear: 64 buckets between a power of two and the next, each nanosecond its own below
/// 128. Two histograms are merged by adding counts, so what is read from a merged one is what
/// one histogram of all samples would have given: percentiles are never averaged.
///
/// Not Boost.Histogram with a logarithmic axis: that takes the logarithm of each sample and
/// needs 16 ns where this takes 3 (ci/bench/histogram.cpp measures both). Sixty-four buckets a
/// doubling are 2,345 counters, 19 KiB, which stay in a core's cache.
class histogram {
 public:
  static constexpr std::chrono::nanoseconds longest = std::chrono::hours(1);
  static constexpr double worst_relative_error = 1.0 / 128;

  histogram();

  /// A time below zero counts as zero, one above an hour as an hour.
  void record(std::chrono::nanoseconds time) noexcept {
    const auto ns =
        static_cast<std::uint64_t>(std::clamp(time, std::chrono::nanoseconds(0), longest).count());
    ++counts_[index_of(ns)];
    least_ = std::min(least_, ns);
    most_ = std::max(most_, ns);
  }

  /// Adds all that the other one counted.
  void merge(const histogram& other) noexcept;

  /// Forgets everything, and keeps the memory.
  void clear() noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept;

  /// The exact shortest and longest time; zero where nothing was recorded.
  [[nodiscard]] std::chrono::nanoseconds min() const noexcept;
  [[nodiscard]] std::chrono::nanoseconds max() const noexcept;

  /// The mean of the buckets' middles; zero where nothing was recorded.
  [[nodiscard]] std::chrono::nanoseconds mean() const noexcept;

  /// The sample of rank ceil(q * count), within `worst_relative_error`; nothing where fewer than
  /// `least_samples_beyond` samples have a higher rank, or q is not within (0, 1).
  [[nodiscard]] std::optional<quantile_estimate> quantile(double q) const noexcept;

  /// The compact form: each bucket that counted something, by its index, in ascending order.
  struct bucket {
    std::uint32_t index = 0;
    std::uint64_t count = 0;

    friend bool operator==(const bucket&, const bucket&) = default;
  };
  [[nodiscard]] std::vector<bucket> buckets() const;

  /// What `buckets`, `min` and `max` gave. An error where they contradict each other, an index
  /// is out of range or order, or the counts do not add up to 64 bits.
  [[nodiscard]] static result<histogram> from(std::span<const bucket> buckets,
                                              std::chrono::nanoseconds min,
                                              std::chrono::nanoseconds max);

  /// The times that a bucket takes, both ends included. For the compact form's readers: bucket
  /// i takes i where i < 128; else, with s = i / 64 - 1, 2^s times from (i - 64 s) 2^s.
  struct bounds {
    std::chrono::nanoseconds first{0};
    std::chrono::nanoseconds last{0};
  };
  [[nodiscard]] static bounds bounds_of(std::uint32_t index) noexcept;

  friend bool operator==(const histogram&, const histogram&) = default;

 private:
  static constexpr unsigned steps_bits = 6;  // 64 buckets a doubling
  static constexpr std::uint64_t exact_below = 2u << steps_bits;

  static constexpr std::size_t index_of(std::uint64_t ns) noexcept {
    const auto shift = static_cast<unsigned>(std::bit_width(ns | (exact_below - 1))) - 7;
    return (std::size_t{shift} << steps_bits) + (ns >> shift);
  }

  std::vector<std::uint64_t> counts_;
  std::uint64_t least_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t most_ = 0;
};

}  // namespace plimsoll::load
