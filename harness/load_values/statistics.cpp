#include "plimsoll/load_values/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "plimsoll/base/random.hpp"

namespace plimsoll::load {
namespace {

/// Twice the rank of each value, from 2: whole numbers, ties included.
std::vector<std::size_t> doubled_ranks(const std::vector<double>& values) {
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::size_t> ranks;
  for (const double value : values) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
    ranks.push_back(
        static_cast<std::size_t>((first - sorted.begin()) + (last - sorted.begin()) + 1));
  }
  return ranks;
}

/// For each sum, in how many ways `chosen` of the ranks add up to it.
std::vector<double> ways_by_sum(const std::vector<std::size_t>& ranks, std::size_t chosen) {
  const std::size_t all = std::accumulate(ranks.begin(), ranks.end(), std::size_t{0});
  std::vector<std::vector<double>> ways(chosen + 1, std::vector<double>(all + 1));
  ways[0][0] = 1;
  for (const std::size_t rank : ranks) {
    for (std::size_t count = chosen; count > 0; --count) {
      for (std::size_t sum = rank; sum <= all; ++sum) {
        ways[count][sum] += ways[count - 1][sum - rank];
      }
    }
  }
  return ways[chosen];
}

std::vector<double> redrawn(std::span<const double> values, seeded_bytes& random) {
  std::vector<double> drawn(values.size());
  for (double& sample : drawn) sample = values[random.next() % values.size()];
  return drawn;
}

}  // namespace

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double mann_whitney_p(std::span<const double> a, std::span<const double> b) {
  std::vector<double> values(a.begin(), a.end());
  values.insert(values.end(), b.begin(), b.end());
  const std::vector<std::size_t> ranks = doubled_ranks(values);
  const auto of_a = std::accumulate(
      ranks.begin(), ranks.begin() + static_cast<std::ptrdiff_t>(a.size()), std::size_t{0});
  // Twice the mean of the rank sum: all doubled, a whole number.
  const auto mean = static_cast<double>(a.size() * (values.size() + 1));
  const double distance = std::abs(static_cast<double>(of_a) - mean);
  const std::vector<double> ways = ways_by_sum(ranks, a.size());
  double as_far = 0;
  double all = 0;
  for (std::size_t sum = 0; sum < ways.size(); ++sum) {
    all += ways[sum];
    if (std::abs(static_cast<double>(sum) - mean) >= distance) as_far += ways[sum];
  }
  return as_far / all;
}

std::vector<double> holm_adjusted(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return p[i] < p[j]; });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double corrected = p[order[i]] * static_cast<double>(order.size() - i);
    largest = std::min(1.0, std::max(largest, corrected));
    adjusted[order[i]] = largest;
  }
  return adjusted;
}

interval bootstrap(std::span<const double> a, std::span<const double> b, effect_kind kind,
                   double confidence, std::size_t resamples, std::uint64_t seed) {
  seeded_bytes random(derive_seed(seed, "bootstrap"));
  std::vector<double> effects(resamples);
  for (double& effect : effects) {
    const double first = median(redrawn(a, random));
    const double second = median(redrawn(b, random));
    effect = kind == effect_kind::ratio ? second / first : second - first;
  }
  std::sort(effects.begin(), effects.end());
  const auto outside =
      static_cast<std::size_t>(std::floor((1 - confidence) / 2 * static_cast<double>(resamples)));
  return {effects[outside], effects[resamples - 1 - outside]};
}

}  // namespace plimsoll::load
