#include "plimsoll/load_values/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/base/random.hpp"

namespace plimsoll::load {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

double normal(seeded_bytes& random) {
  const double radius = std::sqrt(-2 * std::log1p(-random.fraction()));
  return radius * std::cos(2 * std::numbers::pi * random.fraction());
}

/// A run whose latencies are lognormal(0.5) around 10 ms times `slower`, all of them times the
/// luck of this run.
load_result a_run(seeded_bytes& random, double slower, double run_noise, int samples) {
  load_result run;
  run.workload = "pull";
  run.measured = 10s;
  measured_work pull;
  pull.name = "pull";
  const double luck = slower * std::exp(run_noise * normal(random));
  for (int i = 0; i < samples; ++i) {
    pull.latency.record(
        std::chrono::nanoseconds(std::llround(1e7 * luck * std::exp(0.5 * normal(random)))));
  }
  pull.bytes_received = static_cast<std::uint64_t>(1e9 / luck);
  run.operations = {pull};
  return run;
}

std::vector<load_result> some_runs(seeded_bytes& random, std::size_t count, double slower,
                                   double noise, int samples = 1'500) {
  std::vector<load_result> runs;
  for (std::size_t i = 0; i < count; ++i) runs.push_back(a_run(random, slower, noise, samples));
  return runs;
}

const compared_metric& named(const comparison& comparison, std::string_view name) {
  return *std::find_if(
      comparison.metrics.begin(), comparison.metrics.end(),
      [name](const compared_metric& compared) { return to_string(compared.metric) == name; });
}

TEST(Comparison, FindsARegistryThatIsAFifthSlower) {
  seeded_bytes random(1);
  const auto base = some_runs(random, 5, 1, 0.02, 6'000);
  const auto fresh = some_runs(random, 5, 1.2, 0.02, 6'000);
  const auto comparison = compare(base, fresh, {}).value();
  EXPECT_EQ(comparison.verdict, comparison_verdict::worse);
  EXPECT_EQ(named(comparison, "pull.p50").verdict, comparison_verdict::worse);
  EXPECT_EQ(named(comparison, "pull.p99").verdict, comparison_verdict::worse);
  EXPECT_EQ(named(comparison, "pull.throughput").verdict, comparison_verdict::worse);
  EXPECT_EQ(named(comparison, "pull.rate").verdict, comparison_verdict::not_worse);
  EXPECT_NEAR(named(comparison, "pull.p50").change, 1.2, 0.04);
  EXPECT_NEAR(named(comparison, "pull.p50").p, 2.0 / 252, 1e-9);
  EXPECT_EQ(exit_code(comparison, strictness::lenient), 1);
}

TEST(Comparison, ARegistryThatIsFasterIsNotWorse) {
  seeded_bytes random(2);
  const auto base = some_runs(random, 5, 1, 0.01);
  const auto fresh = some_runs(random, 5, 0.7, 0.01);
  const auto comparison = compare(base, fresh, {}).value();
  EXPECT_EQ(comparison.verdict, comparison_verdict::not_worse);
  EXPECT_EQ(exit_code(comparison, strictness::strict), 0);
}

TEST(Comparison, ThreeRunsDecideNothing) {
  seeded_bytes random(3);
  const auto base = some_runs(random, 8, 1, 0.01);
  const auto fresh = some_runs(random, 3, 3, 0.01);
  const auto comparison = compare(base, fresh, {}).value();
  EXPECT_EQ(comparison.verdict, comparison_verdict::inconclusive);
  EXPECT_THAT(named(comparison, "pull.p50").reason, HasSubstr("3 runs"));
  EXPECT_EQ(exit_code(comparison, strictness::lenient), 0);
  EXPECT_EQ(exit_code(comparison, strictness::strict), 3);
}

TEST(Comparison, NoiseThatHidesTheMarginIsInconclusive) {
  seeded_bytes random(4);
  const auto base = some_runs(random, 4, 1, 0.2);
  const auto fresh = some_runs(random, 4, 1.05, 0.2);
  const auto comparison = compare(base, fresh, {}).value();
  EXPECT_EQ(named(comparison, "pull.p50").verdict, comparison_verdict::inconclusive);
  EXPECT_THAT(named(comparison, "pull.p50").reason, HasSubstr("more runs"));
}

TEST(Comparison, TheOrderOfRunsMakesNoDifference) {
  seeded_bytes random(4);
  auto base = some_runs(random, 5, 1, 0.1);
  auto fresh = some_runs(random, 5, 1.1, 0.1);
  const auto comparison = compare(base, fresh, {}).value();
  std::reverse(base.begin(), base.end());
  std::rotate(fresh.begin(), fresh.begin() + 2, fresh.end());
  const auto again = compare(base, fresh, {}).value();
  ASSERT_EQ(comparison.metrics.size(), again.metrics.size());
  for (std::size_t i = 0; i < comparison.metrics.size(); ++i) {
    EXPECT_EQ(comparison.metrics[i].interval.low, again.metrics[i].interval.low);
    EXPECT_EQ(comparison.metrics[i].interval.high, again.metrics[i].interval.high);
    EXPECT_EQ(comparison.metrics[i].verdict, again.metrics[i].verdict);
  }
}

TEST(Comparison, AWiderMarginLetsMorePass) {
  seeded_bytes random(5);
  const auto base = some_runs(random, 5, 1, 0.005);
  const auto fresh = some_runs(random, 5, 1.08, 0.005);
  EXPECT_EQ(named(compare(base, fresh, {}).value(), "pull.p50").verdict, comparison_verdict::worse);
  comparison_settings wide;
  wide.margin = 0.15;
  EXPECT_EQ(named(compare(base, fresh, wide).value(), "pull.p50").verdict,
            comparison_verdict::not_worse);
}

TEST(Comparison, ErrorsAreComparedByTheirDifference) {
  seeded_bytes random(6);
  const auto base = some_runs(random, 4, 1, 0.001);
  auto fresh = some_runs(random, 4, 1, 0.001);
  EXPECT_EQ(named(compare(base, fresh, {}).value(), "pull.errors").verdict,
            comparison_verdict::not_worse);
  for (load_result& run : fresh) run.operations[0].failures = {{"status", 30}};  // 2 %
  const auto comparison = compare(base, fresh, {}).value();
  EXPECT_EQ(named(comparison, "pull.errors").verdict, comparison_verdict::worse);
  EXPECT_NEAR(named(comparison, "pull.errors").change, 30.0 / 1'530, 1e-9);
}

TEST(Comparison, PercentilesOfASideAreThoseOfAllItsSamples) {
  seeded_bytes random(7);
  auto base = some_runs(random, 4, 1, 0.01);
  base[3] = a_run(random, 30, 0, 1'500);  // one run in four is slow throughout
  const auto comparison = compare(base, some_runs(random, 4, 1, 0.01), {}).value();
  // The mean of the four p99 would be some 9 * 32 ms; a quarter of all samples is around 300 ms.
  histogram all;
  for (const load_result& run : base) all.merge(run.operations[0].latency);
  EXPECT_DOUBLE_EQ(named(comparison, "pull.p99").base_merged.value(),
                   static_cast<double>(all.quantile(0.99)->value.count()));
}

TEST(Comparison, ARunWithTooFewSamplesHasNoPercentile) {
  seeded_bytes random(8);
  const auto base = some_runs(random, 5, 1, 0.01, 500);
  const auto fresh = some_runs(random, 5, 1, 0.01);
  const auto comparison = compare(base, fresh, {}).value();
  EXPECT_THAT(named(comparison, "pull.p99").base, IsEmpty());
  EXPECT_EQ(named(comparison, "pull.p99").verdict, comparison_verdict::inconclusive);
  EXPECT_EQ(named(comparison, "pull.p50").base.size(), 5u);
}

TEST(Comparison, LeavesInvalidRunsOut) {
  seeded_bytes random(9);
  auto base = some_runs(random, 5, 1, 0.01);
  base[0].run_id = "r7";
  base[0].invalid = {"the generator was the limit"};
  const auto comparison = compare(base, some_runs(random, 5, 1, 0.01), {}).value();
  EXPECT_EQ(comparison.base_runs, 4u);
  EXPECT_THAT(comparison.notes,
              ElementsAre("left out: run r7 of the base is not valid: the generator "
                          "was the limit"));
}

TEST(Comparison, OfASideWithoutAValidRunIsNoSuccess) {
  seeded_bytes random(9);
  auto fresh = some_runs(random, 4, 1, 0.01);
  for (load_result& run : fresh) run.invalid = {"no operation succeeded"};
  const auto comparison = compare(some_runs(random, 4, 1, 0.01), fresh, {}).value();
  EXPECT_EQ(comparison.notes.back(), "no new run is valid: nothing is compared");
  EXPECT_EQ(exit_code(comparison, strictness::lenient), 3);
}

TEST(Comparison, RefusesRunsOfDifferentTests) {
  seeded_bytes random(10);
  const auto base = some_runs(random, 4, 1, 0.01);
  auto fresh = base;
  fresh[2].conditions.verify = "none";
  EXPECT_EQ(compare(base, fresh, {}).error().what(),
            "the runs are of different tests: verify is \"\" in one and \"none\" in another");
  fresh[2] = base[2];
  fresh[2].workload = "push";
  EXPECT_THAT(compare(base, fresh, {}).error().what(), HasSubstr("workload"));
  EXPECT_TRUE(compare(base, {}, {}).has_error());
  EXPECT_TRUE(
      compare(std::vector<load_result>(60, base[0]), std::vector<load_result>(60, base[0]), {})
          .has_error());
}

/// How often of 120 comparisons some metric is found worse.
double share_worse(double slower, double noise, std::size_t runs, std::uint64_t seed) {
  seeded_bytes random(seed);
  comparison_settings settings;
  settings.resamples = 1'000;
  int worse = 0;
  for (int i = 0; i < 120; ++i) {
    const auto base = some_runs(random, runs, 1, noise, 1'000);
    const auto fresh = some_runs(random, runs, slower, noise, 1'000);
    worse += compare(base, fresh, settings).value().verdict == comparison_verdict::worse ? 1 : 0;
  }
  return worse / 120.0;
}

// One side of the intervals is 2.5 %; with 120 comparisons, 6.8 % is three standard errors above
// it.
constexpr double nominal_with_sampling_error = 0.068;

TEST(ComparisonOfARegistryWithItself, IsNoFalseAlarmAtTwoPercentBetweenRuns) {
  EXPECT_LE(share_worse(1, 0.02, 4, 21), nominal_with_sampling_error);
  EXPECT_LE(share_worse(1, 0.02, 5, 22), nominal_with_sampling_error);
}

TEST(ComparisonPower, IsWhatTheHeaderSays) {
  EXPECT_NEAR(share_worse(1.10, 0.02, 5, 23), 0.85, 0.1);
  EXPECT_GE(share_worse(1.20, 0.02, 5, 24), 0.99);
}

}  // namespace
}  // namespace plimsoll::load
