#include "plimsoll/load_values/load_result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;

void record(histogram& into, std::chrono::nanoseconds time, int often) {
  for (int i = 0; i < often; ++i) into.record(time);
}

TEST(LoadResult, WhatTheRunsEndCutOffIsNoFailure) {
  measured_work work;
  work.failures = {{"status", 2}, {"unfinished", 5}, {"reset", 1}};
  EXPECT_EQ(failures_of(work), 3u);
}

TEST(LoadResult, AllOperationsAreTheSumOfEach) {
  load_result run;
  run.operations.resize(2);
  run.operations[0].failures = {{"status", 2}, {"reset", 1}};
  run.operations[1].failures = {{"dns", 3}, {"status", 4}};
  for (measured_work& work : run.operations) {
    record(work.latency, 1ms, 3);
    record(work.failed, 2ms, 2);
    work.bytes_sent = 10;
    work.bytes_received = 20;
  }
  const measured_work all = all_operations(run);
  EXPECT_EQ(all.latency.count(), 6u);
  EXPECT_EQ(all.failed.count(), 4u);
  EXPECT_EQ(all.bytes_sent, 20u);
  EXPECT_EQ(all.bytes_received, 40u);
  EXPECT_THAT(all.failures, ElementsAre(Pair("status", 6), Pair("reset", 1), Pair("dns", 3)));
}

TEST(LoadResult, AGeneratorThatLagsByAMillisecondIsTheLimit) {
  load_result run;
  run.operations.resize(1);
  record(run.operations[0].latency, 100ms, 2'000);
  record(run.lag, 10us, 1'981);
  record(run.lag, 3ms, 19);
  EXPECT_FALSE(generator_limit(run));
  record(run.lag, 3ms, 10);
  EXPECT_THAT(generator_limit(run).value_or(""), testing::HasSubstr("3 ms late"));
}

TEST(LoadResult, AGeneratorThatLagsByATenthOfTheLatencyIsTheLimit) {
  load_result run;
  run.operations.resize(1);
  record(run.operations[0].latency, 1ms, 2'000);
  record(run.lag, 90us, 2'000);
  EXPECT_FALSE(generator_limit(run));
  record(run.lag, 200us, 2'000);
  EXPECT_THAT(generator_limit(run).value_or(""), testing::HasSubstr("a tenth of the median"));
}

TEST(LoadResult, TooFewStartsSayNothingOfTheGenerator) {
  load_result run;
  record(run.lag, 1s, 999);
  EXPECT_FALSE(generator_limit(run));
}

TEST(LoadResult, TheExitCodeNeverTakesAnInvalidRunForAVerdict) {
  load_result run;
  EXPECT_EQ(exit_code(run), 0);
  run.objectives = {{"errors<1%", objective_outcome::kept, "0 %"}};
  EXPECT_EQ(exit_code(run), 0);
  run.objectives.push_back({"p99<1ms", objective_outcome::refused, "too few"});
  EXPECT_EQ(exit_code(run), 3);
  run.objectives.push_back({"p50<1ms", objective_outcome::broken, "2 ms"});
  EXPECT_EQ(exit_code(run), 1);
  run.invalid = {"the generator was the limit"};
  EXPECT_EQ(exit_code(run), 3);
}

}  // namespace
}  // namespace plimsoll::load
