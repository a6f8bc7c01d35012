#include "plimsoll/load_values/limit.hpp"

#include <vector>

#include <gmock/gmock.h>

#include "plimsoll/load_values/workload.hpp"

namespace plimsoll::load {
namespace {

/// The rates that are tried on a registry which bears so much.
std::vector<double> tried(limit_search& search, double bears) {
  std::vector<double> rates;
  while (const auto next = search.next()) {
    rates.push_back(*next);
    search.note(*next, *next <= bears);
  }
  return rates;
}

class LimitOf : public testing::TestWithParam<double> {};

TEST_P(LimitOf, IsFoundToFivePercent) {
  limit_search search(100);
  const auto rates = tried(search, GetParam());
  ASSERT_TRUE(search.kept() && search.broken());
  EXPECT_LE(*search.kept(), GetParam());
  EXPECT_GT(*search.broken(), GetParam());
  EXPECT_LE(*search.broken(), *search.kept() * 1.05);
  EXPECT_LE(rates.size(), 25u);
}

INSTANTIATE_TEST_SUITE_P(, LimitOf, testing::Values(0.3, 7.0, 99.0, 100.0, 1234.0, 400'000.0),
                         [](const auto& test_case) {
                           return "case_" + std::to_string(test_case.index);
                         });

TEST(LimitSearch, StepsUpBeforeItHalves) {
  limit_search search(100);
  EXPECT_THAT(tried(search, 350), testing::Contains(400));
  EXPECT_THAT(tried(search, 350), testing::IsEmpty());
}

TEST(LimitSearch, EndsWhereNoRateIsKept) {
  limit_search search(100);
  tried(search, 0);
  EXPECT_FALSE(search.kept());
  EXPECT_LT(*search.broken(), limit_search::least_per_second);
}

TEST(LimitSearch, EndsAtTheHighestRateThatARunMayHave) {
  limit_search search(100);
  EXPECT_EQ(tried(search, 1e12).back(), highest_rate_per_second);
  EXPECT_FALSE(search.broken());
}

}  // namespace
}  // namespace plimsoll::load
