#include "plimsoll/load_values/arrival.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

std::vector<arrival> all(const arrival_plan& plan, std::uint64_t seed = 1, share own_share = {}) {
  std::vector<arrival> list;
  arrivals starts(plan, seed, own_share);
  while (const auto start = starts.next()) list.push_back(*start);
  return list;
}

rate_plan constant(double rate, nanoseconds lasting, spacing spaced) {
  return {{{rate, rate, lasting}}, spaced};
}

TEST(Arrivals, AConstantRateStartsEveryPeriodFromZero) {
  const auto starts = all(constant(250, 2s, spacing::even));
  ASSERT_EQ(starts.size(), 500u);
  for (std::size_t k = 0; k < starts.size(); ++k) {
    EXPECT_EQ(starts[k], (arrival{k, nanoseconds(k * 4'000'000)}));
  }
}

TEST(Arrivals, DoNotDriftOverADay) {
  arrivals starts(constant(3, 24h, spacing::even), 1);
  std::optional<arrival> last;
  while (const auto start = starts.next()) last = start;
  ASSERT_TRUE(last);
  EXPECT_EQ(last->index, 3u * 86'400 - 1);
  EXPECT_NEAR(std::chrono::duration<double>(last->intended).count(), 86'400 - 1.0 / 3, 1e-8);
}

TEST(Arrivals, ARampFollowsItsIntegral) {
  const auto starts = all(rate_plan{{{0, 100, 10s}}, spacing::even});
  ASSERT_EQ(starts.size(), 500u);  // half of 100/s, for 10 s
  for (const arrival& start : starts) {
    const double seconds = std::chrono::duration<double>(start.intended).count();
    EXPECT_NEAR(5 * seconds * seconds, static_cast<double>(start.index), 1e-5);
  }
}

TEST(Arrivals, StagesFollowOneAnother) {
  const auto starts =
      all(rate_plan{{{10, 10, 1s}, {10, 30, 1s}, {0, 0, 5s}, {30, 0, 1s}}, spacing::even});
  ASSERT_EQ(starts.size(), 10u + 20 + 0 + 15);
  EXPECT_EQ(starts[9].intended, 900ms);
  EXPECT_EQ(starts[10].intended, 1s);
  EXPECT_LT(starts[29].intended, 2s);
  EXPECT_GE(starts[30].intended, 7s);
  EXPECT_LT(starts[44].intended, 8s);
}

TEST(Arrivals, RandomStartsAreAPoissonProcess) {
  constexpr double rate = 1'000;
  const auto starts = all(constant(rate, 60s, spacing::random), 42);
  EXPECT_NEAR(static_cast<double>(starts.size()), 60'000, 3 * std::sqrt(60'000));
  // The gaps against the exponential distribution: Kolmogorov and Smirnov, at 1 %.
  std::vector<double> gaps;
  nanoseconds before{0};
  for (const arrival& start : starts) {
    gaps.push_back(std::chrono::duration<double>(start.intended - before).count());
    before = start.intended;
  }
  std::sort(gaps.begin(), gaps.end());
  const auto count = static_cast<double>(gaps.size());
  double farthest = 0;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const double expected = 1 - std::exp(-rate * gaps[i]);
    farthest = std::max(farthest, std::abs(expected - (static_cast<double>(i) + 0.5) / count));
  }
  EXPECT_LT(farthest, 1.63 / std::sqrt(count));
}

TEST(Arrivals, ABurstIsAllOfItsStartsWithinItsTime) {
  for (const spacing spaced : {spacing::even, spacing::random}) {
    const auto starts = all(burst_plan{1'000, 10s, spaced}, 3);
    ASSERT_EQ(starts.size(), 1'000u);
    EXPECT_GE(starts.front().intended, 0s);
    EXPECT_LE(starts.back().intended, 10s);
    nanoseconds sum{0};
    for (const arrival& start : starts) sum += start.intended;
    // The mean of uniform times: 5 s, with a standard error of 10 / sqrt(12 * 1000).
    EXPECT_NEAR(std::chrono::duration<double>(sum / 1'000).count(), 5, 0.28);
  }
  EXPECT_EQ(all(burst_plan{3, 0s, spacing::random}).back(), (arrival{2, 0s}));
}

TEST(Arrivals, TheSeedDecidesThem) {
  const arrival_plan plan = constant(100, 1s, spacing::random);
  EXPECT_EQ(all(plan, 7), all(plan, 7));
  EXPECT_NE(all(plan, 7), all(plan, 8));
}

TEST(Arrivals, AnyNumberOfThreadsMakesTheSameSchedule) {
  const std::vector<arrival_plan> plans{constant(500, 2s, spacing::even),
                                        constant(500, 2s, spacing::random),
                                        rate_plan{{{0, 400, 2s}, {400, 400, 1s}}, spacing::random},
                                        burst_plan{777, 3s, spacing::random}};
  for (const arrival_plan& plan : plans) {
    const auto whole = all(plan, 9);
    for (const std::uint64_t threads : {2u, 3u, 8u}) {
      std::vector<arrival> joined;
      for (std::uint64_t part = 0; part < threads; ++part) {
        const auto part_of_starts = all(plan, 9, {part, threads});
        joined.insert(joined.end(), part_of_starts.begin(), part_of_starts.end());
      }
      std::sort(joined.begin(), joined.end(),
                [](const arrival& a, const arrival& b) { return a.index < b.index; });
      EXPECT_EQ(joined, whole) << threads;
    }
  }
}

TEST(Arrivals, AreNeverOutOfOrder) {
  for (const arrival_plan& plan :
       {arrival_plan(rate_plan{{{1, 9'000, 1s}, {9'000, 0, 1s}, {50, 50, 1s}}, spacing::random}),
        arrival_plan(burst_plan{10'000, 1s, spacing::random})}) {
    const auto starts = all(plan, 5);
    EXPECT_TRUE(
        std::is_sorted(starts.begin(), starts.end(),
                       [](const arrival& a, const arrival& b) { return a.intended < b.intended; }));
    EXPECT_LE(starts.back().intended, length_of(plan));
  }
}

TEST(Arrivals, APlanKnowsItsLengthAndItsStarts) {
  const rate_plan ramp{{{0, 10, 4s}, {10, 10, 1s}}, spacing::even};
  EXPECT_EQ(length_of(ramp), 5s);
  EXPECT_DOUBLE_EQ(expected_starts(ramp), 30);
  EXPECT_EQ(length_of(burst_plan{5, 2s, spacing::even}), 2s);
  EXPECT_DOUBLE_EQ(expected_starts(burst_plan{5, 2s, spacing::even}), 5);
  EXPECT_TRUE(all(rate_plan{}).empty());
}

TEST(ListedPlan, GivesItsTimesToAllSharesTogether) {
  const std::vector<nanoseconds> times{1ms, 2ms, 2ms, 700ms};
  const listed_plan plan{std::make_shared<std::vector<nanoseconds>>(times)};
  EXPECT_EQ(expected_starts(plan), 4);
  EXPECT_EQ(length_of(plan), 700ms);
  arrivals first(plan, 1, {0, 2});
  arrivals second(plan, 1, {1, 2});
  EXPECT_EQ(first.next(), (arrival{0, 1ms}));
  EXPECT_EQ(second.next(), (arrival{1, 2ms}));
  EXPECT_EQ(first.next(), (arrival{2, 2ms}));
  EXPECT_EQ(second.next(), (arrival{3, 700ms}));
  EXPECT_FALSE(first.next() || second.next());
}

}  // namespace
}  // namespace plimsoll::load
