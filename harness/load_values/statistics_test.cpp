#include "plimsoll/load_values/statistics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

std::vector<double> counted(double start, std::size_t count) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(start + static_cast<double>(i));
  return values;
}

TEST(Median, IsTheMiddle) {
  EXPECT_EQ(median({7}), 7);
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 2, 3}), 2.5);
}

TEST(MannWhitney, OfSeparateSamplesIsTwoOfAllDivisions) {
  // 2 / (2n choose n)
  EXPECT_NEAR(mann_whitney_p(counted(0, 3), counted(10, 3)), 2.0 / 20, 1e-12);
  EXPECT_NEAR(mann_whitney_p(counted(0, 4), counted(10, 4)), 2.0 / 70, 1e-12);
  EXPECT_NEAR(mann_whitney_p(counted(10, 5), counted(0, 5)), 2.0 / 252, 1e-12);
  EXPECT_NEAR(mann_whitney_p(counted(0, 10), counted(10, 10)), 2.0 / 184'756, 1e-12);
}

TEST(MannWhitney, IsThatOfThePublishedTables) {
  // Mann and Whitney (1947), table I, n = m = 4: P(U <= 3) = 0.1. U is 3 where the new sample
  // has three of sixteen pairs.
  const std::vector<double> a{1, 2, 3, 7};
  const std::vector<double> b{4, 5, 6, 8};
  EXPECT_NEAR(mann_whitney_p(a, b), 0.2, 1e-12);
}

TEST(MannWhitney, OfEqualSamplesIsOne) {
  EXPECT_DOUBLE_EQ(mann_whitney_p(std::vector<double>{1, 1, 1, 1}, std::vector<double>{1, 1, 1}),
                   1);
  EXPECT_DOUBLE_EQ(mann_whitney_p(counted(0, 4), counted(0, 4)), 1);
}

TEST(MannWhitney, CountsTiesByTheMeanOfTheirRanks) {
  // Ranks 1, 2.5 against 2.5, 4: of the six divisions four are as far from the mean of 5 as 3.5
  // is, {1, 2.5} twice and {2.5, 4} twice.
  EXPECT_NEAR(mann_whitney_p(std::vector<double>{1, 2}, std::vector<double>{2, 3}), 4.0 / 6, 1e-12);
}

TEST(MannWhitney, IsSymmetricUpToTheMostValues) {
  const auto a = counted(0, 50);
  const auto b = counted(20.5, 50);
  EXPECT_NEAR(mann_whitney_p(a, b), mann_whitney_p(b, a), 1e-15);
  EXPECT_LT(mann_whitney_p(a, b), 1e-6);
}

TEST(Holm, StepsDown) {
  // By hand: 0.01 * 4, then 0.02 * 3 = 0.06, then 0.03 * 2 = 0.06, then 0.5.
  EXPECT_THAT(holm_adjusted(std::vector<double>{0.5, 0.01, 0.03, 0.02}),
              testing::Pointwise(testing::DoubleNear(1e-12), {0.5, 0.04, 0.06, 0.06}));
  EXPECT_THAT(holm_adjusted(std::vector<double>{0.9, 0.8}), testing::ElementsAre(1, 1));
  EXPECT_TRUE(holm_adjusted({}).empty());
}

TEST(Bootstrap, OfConstantSamplesIsThePoint) {
  const std::vector<double> a(4, 2);
  const std::vector<double> b(4, 3);
  const interval ratio = bootstrap(a, b, effect_kind::ratio, 0.95, 1'000, 1);
  EXPECT_DOUBLE_EQ(ratio.low, 1.5);
  EXPECT_DOUBLE_EQ(ratio.high, 1.5);
  EXPECT_DOUBLE_EQ(bootstrap(a, b, effect_kind::difference, 0.95, 1'000, 1).low, 1);
}

TEST(Bootstrap, HoldsTheEffectAndDependsOnTheSeedAlone) {
  const auto a = counted(100, 7);
  const auto b = counted(110, 7);
  const interval within = bootstrap(a, b, effect_kind::ratio, 0.95, 5'000, 1);
  const interval same = bootstrap(a, b, effect_kind::ratio, 0.95, 5'000, 1);
  EXPECT_EQ(within.low, same.low);
  EXPECT_EQ(within.high, same.high);
  EXPECT_LT(within.low, 113.0 / 103);
  EXPECT_GT(within.high, 113.0 / 103);
  EXPECT_GE(within.low, 110.0 / 106);
  EXPECT_LE(within.high, 116.0 / 100);
}

TEST(Bootstrap, IsWiderWithMoreConfidence) {
  const auto a = counted(100, 7);
  const auto b = counted(110, 7);
  const interval narrow = bootstrap(a, b, effect_kind::ratio, 0.5, 5'000, 1);
  const interval wide = bootstrap(a, b, effect_kind::ratio, 0.99, 5'000, 1);
  EXPECT_LT(wide.low, narrow.low);
  EXPECT_GT(wide.high, narrow.high);
}

}  // namespace
}  // namespace plimsoll::load
