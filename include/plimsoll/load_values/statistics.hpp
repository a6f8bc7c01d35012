#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// What is said about two small samples, one number a run.
namespace plimsoll::load {

/// The middle value, or the mean of the two middle ones.
/// @param values at least one
[[nodiscard]] double median(std::vector<double> values);

/// More values than this on both sides together have no exact test here.
inline constexpr std::size_t most_tested_values = 100;

/// The two-sided p of the exact Mann-Whitney test: of all ways to divide these values into two
/// samples of these sizes, the share in which the rank sum is as far from its mean as it is here,
/// or farther. Ties have the mean of their ranks.
///
/// @param a,b at least one value each, at most `most_tested_values` together
[[nodiscard]] double mann_whitney_p(std::span<const double> a, std::span<const double> b);

/// Holm's correction: p values such that rejecting those below a level makes one false rejection
/// or more with at most that probability, however the tests depend on one another.
[[nodiscard]] std::vector<double> holm_adjusted(std::span<const double> p);

/// How the medians of two samples relate.
enum class effect_kind : std::uint8_t {
  ratio,       ///< b / a; for values above 0.
  difference,  ///< b - a
};

struct interval {
  double low = 0;
  double high = 0;
};

/// A bootstrapped interval of the effect on the median: both samples are drawn again from
/// themselves, with replacement, and the quantiles of the effects at both ends are its bounds.
///
/// @param a,b at least one value each
/// @param confidence for example 0.95
[[nodiscard]] interval bootstrap(std::span<const double> a, std::span<const double> b,
                                 effect_kind kind, double confidence, std::size_t resamples,
                                 std::uint64_t seed);

}  // namespace plimsoll::load
