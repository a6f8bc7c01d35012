#include "plimsoll/load_values/histogram.hpp"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "plimsoll/base/random.hpp"

namespace plimsoll::load {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

/// Times from 1 ns to an hour, as many in each decade.
std::vector<nanoseconds> wide_samples(std::size_t count, std::uint64_t seed) {
  seeded_bytes random(seed);
  std::vector<nanoseconds> samples;
  for (std::size_t i = 0; i < count; ++i) {
    const double part = random.fraction();
    samples.emplace_back(
        std::llround(std::exp(part * std::log(double(histogram::longest.count())))));
  }
  return samples;
}

histogram histogram_of(const std::vector<nanoseconds>& samples) {
  histogram counted;
  for (const nanoseconds sample : samples) counted.record(sample);
  return counted;
}

TEST(Histogram, QuantilesAreThoseOfASortedListWithinOnePercent) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    std::vector<nanoseconds> samples = wide_samples(40'000, seed);
    const histogram counted = histogram_of(samples);
    std::sort(samples.begin(), samples.end());
    for (const double q : {0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999}) {
      const auto rank = static_cast<std::size_t>(std::ceil(q * 40'000));
      const auto exact = static_cast<double>(samples[rank - 1].count());
      const auto estimate = counted.quantile(q);
      ASSERT_TRUE(estimate) << q;
      EXPECT_NEAR(static_cast<double>(estimate->value.count()), exact, exact * 0.01) << q;
      EXPECT_EQ(estimate->beyond, 40'000 - rank) << q;
    }
    EXPECT_EQ(counted.min(), samples.front());
    EXPECT_EQ(counted.max(), samples.back());
  }
}

TEST(Histogram, KeepsEveryTimeWithinItsWorstError) {
  for (const nanoseconds time : wide_samples(20'000, 7)) {
    histogram counted;
    counted.record(time);
    const auto filled = counted.buckets();
    ASSERT_EQ(filled.size(), 1u);
    const auto [first, last] = histogram::bounds_of(filled.front().index);
    ASSERT_LE(first, time);
    ASSERT_GE(last, time);
    ASSERT_LE(static_cast<double>((last - first).count()) / 2,
              histogram::worst_relative_error * static_cast<double>(first.count()));
  }
}

TEST(Histogram, BucketsFollowOneAnotherWithoutAGap) {
  const std::uint32_t last = histogram_of({histogram::longest}).buckets().front().index;
  for (std::uint32_t i = 0; i < last; ++i) {
    ASSERT_EQ(histogram::bounds_of(i).last + 1ns, histogram::bounds_of(i + 1).first) << i;
  }
}

TEST(Histogram, AMergedOneIsTheOneOfAllSamples) {
  const auto samples = wide_samples(9'000, 11);
  std::array<histogram, 3> parts;
  for (std::size_t i = 0; i < samples.size(); ++i) parts[i * i % 3].record(samples[i]);
  parts[0].merge(parts[1]);
  parts[0].merge(parts[2]);
  EXPECT_EQ(parts[0], histogram_of(samples));
  parts[0].merge(histogram{});
  EXPECT_EQ(parts[0], histogram_of(samples));
}

TEST(Histogram, WhatIsWrittenIsReadBack) {
  for (const histogram& original :
       {histogram{}, histogram_of({0ns}), histogram_of({histogram::longest}),
        histogram_of(wide_samples(1'000, 5))}) {
    const auto read = histogram::from(original.buckets(), original.min(), original.max());
    ASSERT_TRUE(read.has_value()) << read.error().what();
    EXPECT_EQ(*read, original);
  }
}

TEST(Histogram, RefusesAQuantileWithFewerThanTenSamplesBeyond) {
  histogram counted;
  for (int i = 0; i < 999; ++i) counted.record(1ms);
  EXPECT_FALSE(counted.quantile(0.99));
  counted.record(1ms);
  ASSERT_TRUE(counted.quantile(0.99));
  EXPECT_EQ(counted.quantile(0.99)->beyond, 10u);
  EXPECT_EQ(counted.quantile(0.5)->value, 1ms);
  EXPECT_EQ(samples_needed(0.99), 1'000u);
  EXPECT_EQ(samples_needed(0.999), 10'000u);
  EXPECT_EQ(samples_needed(0.5), 20u);
}

TEST(Histogram, HasNoQuantileOutsideOfZeroToOne) {
  histogram counted;
  for (int i = 0; i < 1'000; ++i) counted.record(1ms);
  for (const double q : {0.0, 1.0, -0.5, 2.0, std::nan("")}) EXPECT_FALSE(counted.quantile(q)) << q;
}

TEST(Histogram, CountsWhatIsOutOfRangeAsTheNearestTimeInRange) {
  const histogram counted = histogram_of({-5ns, 2h});
  EXPECT_EQ(counted.count(), 2u);
  EXPECT_EQ(counted.min(), 0ns);
  EXPECT_EQ(counted.max(), 1h);
}

TEST(Histogram, IsEmptyOnceCleared) {
  histogram counted = histogram_of({1ms, 2ms});
  counted.clear();
  EXPECT_EQ(counted, histogram{});
  EXPECT_EQ(counted.count(), 0u);
  EXPECT_EQ(counted.mean(), 0ns);
}

TEST(Histogram, MeanIsWithinOnePercent) {
  const histogram counted = histogram_of({100us, 200us, 600us});
  EXPECT_NEAR(static_cast<double>(counted.mean().count()), 300'000, 3'000);
}

struct contradiction {
  const char* name;
  std::vector<histogram::bucket> buckets;
  nanoseconds min;
  nanoseconds max;
};

void PrintTo(const contradiction& row, std::ostream* out) {
  *out << row.name;
}

class HistogramRefuses : public testing::TestWithParam<contradiction> {};

TEST_P(HistogramRefuses, Form) {
  const auto& [name, buckets, min, max] = GetParam();
  const auto read = histogram::from(buckets, min, max);
  ASSERT_TRUE(read.has_error());
  EXPECT_TRUE(read.error().what().starts_with("histogram: ")) << read.error().what();
}

INSTANTIATE_TEST_SUITE_P(
    , HistogramRefuses,
    testing::Values(contradiction{"MinimumWithoutSample", {}, 1ns, 1ns},
                    contradiction{"IndexOutOfRange", {{4'000'000, 1}}, 1h, 1h},
                    contradiction{"Descending", {{5, 1}, {4, 1}}, 5ns, 5ns},
                    contradiction{"Twice", {{5, 1}, {5, 1}}, 5ns, 5ns},
                    contradiction{"CountOfZero", {{5, 0}}, 5ns, 5ns},
                    contradiction{"Over64Bits", {{5, ~0ull}, {6, 1}}, 5ns, 6ns},
                    contradiction{"MinimumElsewhere", {{5, 1}}, 4ns, 5ns},
                    contradiction{"MaximumElsewhere", {{5, 1}}, 5ns, 6ns},
                    contradiction{"MinimumAboveMaximum", {{130, 2}}, 133ns, 132ns},
                    contradiction{"AboveAnHour", {{2344, 1}}, 1h + 1ns, 1h + 1ns}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace plimsoll::load
