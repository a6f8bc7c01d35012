#include "plimsoll/load_values/past_load.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

measured_work work(std::string name, std::chrono::nanoseconds took, int succeeded) {
  measured_work work;
  work.name = std::move(name);
  for (int i = 0; i < succeeded; ++i) work.latency.record(took);
  work.bytes_received = 1'000;
  return work;
}

load_result one_run(std::chrono::nanoseconds took = 1ms, int succeeded = 2'000) {
  load_result run;
  run.registry = "http://a";
  run.workload = "pull";
  run.started = "2026-01-01T00:00:00Z";
  run.measured = 10s;
  run.operations = {work("pull", took, succeeded)};
  return run;
}

/// Runs of a night each, the first of January first.
std::vector<past_load> nights(const std::vector<std::chrono::nanoseconds>& took) {
  std::vector<past_load> out;
  for (const auto time : took) {
    load_result run = one_run(time);
    run.started = "night " + std::to_string(100 + out.size());
    out.push_back(past_load_of({}, run));
  }
  return out;
}

constexpr kept_figure p50{metric_kind::quantile, 0.5};
constexpr kept_figure rate{metric_kind::rate};

trend trend_of(const std::vector<past_load>& runs, const kept_figure& figure) {
  const auto all = trends_of(by_test(runs).at(0));
  const auto entry = std::find_if(all.begin(), all.end(), [&figure](const trend& trend) {
    return trend.operation == "pull" && !trend.is_step && trend.figure == figure;
  });
  return entry == all.end() ? trend{} : *entry;
}

TEST(PastLoad, KeepsWhatARunHasEnoughSamplesFor) {
  load_result run = one_run();
  run.operations[0].failures = {{"status", 500}};
  run.steps = {work("get-blob", 1ms, 50)};
  const past_load past = past_load_of("a.json", run);
  const past_work& pull = past.operations.at(0);
  EXPECT_EQ(pull.succeeded, 2'000u);
  EXPECT_EQ(pull.failed, 500u);
  EXPECT_NEAR(*figure_of(pull, {metric_kind::quantile, 0.99}), 1e6, 1e4);
  EXPECT_FALSE(figure_of(pull, {metric_kind::quantile, 0.999}));
  EXPECT_FALSE(figure_of(pull, {metric_kind::quantile, 0.42}));
  EXPECT_EQ(figure_of(pull, rate), 200);
  EXPECT_EQ(figure_of(pull, {metric_kind::throughput}), 100);
  EXPECT_EQ(figure_of(pull, {metric_kind::errors}), 0.2);
  EXPECT_EQ(figure_of(past.all, rate), 200);
  EXPECT_TRUE(figure_of(past.steps.at(0), p50));
  EXPECT_FALSE(figure_of(past.steps.at(0), {metric_kind::quantile, 0.99}));
}

TEST(PastLoads, AreApartByRegistryWorkloadAndConditions) {
  std::vector<past_load> runs(4, past_load_of("", one_run()));
  runs[1].registry = "http://b";
  runs[2].workload = "push";
  runs[3].conditions.pacing = "closed loop, 4 clients";
  EXPECT_THAT(by_test(runs), SizeIs(4));
  runs[3].conditions = runs[0].conditions;
  runs[3].conditions.seed = 7;
  EXPECT_THAT(by_test(runs), SizeIs(3));
}

TEST(PastLoads, AreByTimeWhateverTheOrderOfFiles) {
  auto runs = nights({1ms, 2ms});
  std::swap(runs[0], runs[1]);
  const auto sorted = by_test(runs).at(0).runs;
  EXPECT_EQ(sorted[0].started, "night 100");
  EXPECT_EQ(sorted[1].started, "night 101");
}

TEST(Trend, IsBesideTheOneBeforeAndTheMedianOfAllBefore) {
  const trend latency = trend_of(nights({10ms, 20ms, 30ms, 24ms}), p50);
  EXPECT_NEAR(latency.newest, 24e6, 24e4);
  EXPECT_NEAR(*latency.before, 30e6, 30e4);
  EXPECT_NEAR(latency.median, 20e6, 20e4);
  EXPECT_NEAR(latency.least, 10e6, 10e4);
  EXPECT_NEAR(latency.most, 30e6, 30e4);
  EXPECT_EQ(latency.runs, 3u);
  EXPECT_EQ(latency.worse_than, 2u);
}

TEST(Trend, MoreIsWorseOfTimesAndBetterOfRates) {
  std::vector<past_load> runs;
  for (const int succeeded : {1'000, 3'000, 2'000}) {
    runs.push_back(past_load_of("", one_run(1ms, succeeded)));
    runs.back().started = std::to_string(runs.size());
  }
  EXPECT_EQ(trend_of(runs, rate).worse_than, 1u);
  EXPECT_EQ(trend_of(runs, p50).worse_than, 0u) << "alike is not worse";
}

TEST(Trend, IsOfTheLastNinetyOnly) {
  std::vector<std::chrono::nanoseconds> took(10, 1s);
  took.resize(10 + baseline_runs + 1, 5ms);
  const trend latency = trend_of(nights(took), p50);
  EXPECT_EQ(latency.runs, baseline_runs);
  EXPECT_LT(latency.most, 1e9);
}

TEST(Trend, LeavesOutRunsThatAreNoMeasurements) {
  auto runs = nights({10ms, 20ms, 900ms, 30ms, 900ms});
  runs[2].invalid = runs[4].invalid = {"the generator was the limit"};
  const trend latency = trend_of(runs, p50);
  EXPECT_NEAR(latency.newest, 30e6, 30e4);
  EXPECT_NEAR(*latency.before, 20e6, 20e4);
  EXPECT_EQ(latency.runs, 2u);
  for (past_load& run : runs) run.invalid = {"late"};
  EXPECT_THAT(trends_of(by_test(runs).at(0)), IsEmpty());
  EXPECT_EQ(newest_valid(by_test(runs).at(0)), nullptr);
}

TEST(Trend, IsUnusualWhereItIsMuchWorseThanNineInTen) {
  std::vector<std::chrono::nanoseconds> took(20, 10ms);
  took.emplace_back(12ms);
  EXPECT_TRUE(is_unusual(trend_of(nights(took), p50)));
  took.back() = 10'200us;
  EXPECT_FALSE(is_worse(trend_of(nights(took), p50))) << "2 % is within the margin";
  took.back() = 8ms;
  EXPECT_FALSE(is_worse(trend_of(nights(took), p50))) << "less is better";
  took.back() = 12ms;
  took[3] = took[5] = took[7] = 15ms;
  EXPECT_FALSE(is_unusual(trend_of(nights(took), p50))) << "three in twenty were as slow";
  EXPECT_TRUE(is_worse(trend_of(nights(took), p50)));
  took.assign(5, 10ms);
  took.emplace_back(50ms);
  EXPECT_FALSE(is_unusual(trend_of(nights(took), p50))) << "too few runs to tell";
}

TEST(Trend, OfErrorsIsWorseByTheirDifference) {
  trend errors;
  errors.figure = {metric_kind::errors};
  errors.runs = errors.worse_than = 30;
  errors.newest = 0.002;
  EXPECT_TRUE(is_unusual(errors));
  errors.newest = 0.0005;
  EXPECT_FALSE(is_unusual(errors));
}

TEST(Trend, OfARunAloneHasNothingBesideIt) {
  const trend latency = trend_of(nights({10ms}), p50);
  EXPECT_GT(latency.newest, 0);
  EXPECT_FALSE(latency.before);
  EXPECT_EQ(latency.runs, 0u);
}

TEST(Trend, OfAllOperationsComesFirstWhereThereAreSeveral) {
  load_result run = one_run();
  run.operations.push_back(work("push", 1ms, 20));
  run.steps = {work("get-blob", 1ms, 20)};
  std::vector<std::string> order;
  for (const trend& trend : trends_of(by_test({past_load_of("", run)}).at(0))) {
    if (order.empty() || order.back() != trend.operation) order.push_back(trend.operation);
  }
  EXPECT_THAT(order, ElementsAre("", "pull", "push", "get-blob"));
}

}  // namespace
}  // namespace plimsoll::load
