#include "plimsoll/load_values/objective.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::array<std::string_view, 3> names{"pull", "push", "manifest-get"};

/// 990 pulls of 10 ms and 10 of 1 s, 5 failures, 2 cut off; 1 GB in 10 s.
load_result example() {
  load_result run;
  run.measured = 10s;
  measured_work pull;
  pull.name = "pull";
  for (int i = 0; i < 990; ++i) pull.latency.record(10ms);
  for (int i = 0; i < 10; ++i) pull.latency.record(1s);
  pull.failures = {{"status", 5}, {"unfinished", 2}};
  pull.bytes_received = 1'000'000'000;
  measured_work push;
  push.name = "push";
  measured_work step;
  step.name = "manifest-get";
  for (int i = 0; i < 100; ++i) step.latency.record(2ms);
  run.operations = {pull, push};
  run.steps = {step};
  return run;
}

judged_objective judged(std::string_view text) {
  return judge(parse_objective(text, names).value(), example());
}

struct judgement {
  const char* name;
  const char* objective;
  objective_outcome outcome;
  const char* measured;
};

void PrintTo(const judgement& row, std::ostream* out) {
  *out << row.objective;
}

class Objective : public testing::TestWithParam<judgement> {};

TEST_P(Objective, IsJudged) {
  const auto& [name, text, outcome, measured] = GetParam();
  EXPECT_EQ(judged(text), (judged_objective{text, outcome, measured}));
}

using enum objective_outcome;

INSTANTIATE_TEST_SUITE_P(
    , Objective,
    testing::Values(judgement{"QuantileKept", "pull.p99<11ms", kept, "10.0 ms"},
                    judgement{"QuantileBroken", "pull.p99<9.5ms", broken, "10.0 ms"},
                    judgement{"AllOperations", "p50<1s", kept, "10.0 ms"},
                    judgement{"Spaces", " pull.p50 <= 20 ms ", kept, "10.0 ms"},
                    judgement{"Step", "manifest-get.p90<5ms", kept, "2.00 ms"},
                    judgement{"TooFewForTheQuantile", "pull.p99.9<10s", refused,
                              "too few samples: 1000, where 10000 are needed"},
                    judgement{"NothingAtAll", "push.max<1h", refused,
                              "too few samples: 0, where 1 are needed"},
                    judgement{"NoMeanOfNothing", "push.mean<1h", refused,
                              "too few samples: 0, where 10 are needed"},
                    judgement{"NoErrorsOfNothing", "push.errors<1%", refused,
                              "too few samples: 0, where 1 are needed"},
                    judgement{"Maximum", "pull.max<=1s", kept, "1.00 s"},
                    judgement{"Errors", "errors<0.5%", kept, "0.498 %"},
                    judgement{"ErrorsBroken", "pull.errors<=0.4%", broken, "0.498 %"},
                    judgement{"Rate", "pull.rate>=100/s", kept, "100/s"},
                    judgement{"RateBroken", "pull.rate>100/s", broken, "100/s"},
                    judgement{"Throughput", "pull.throughput>=100MB/s", kept, "100 MB/s"},
                    judgement{"ThroughputBroken", "pull.throughput>1GB/s", broken, "100 MB/s"}),
    [](const auto& row) { return row.param.name; });

struct misread {
  const char* name;
  const char* objective;
  const char* reason;
};

void PrintTo(const misread& row, std::ostream* out) {
  *out << row.objective;
}

class ObjectiveRefuses : public testing::TestWithParam<misread> {};

TEST_P(ObjectiveRefuses, Text) {
  const auto read = parse_objective(GetParam().objective, names);
  ASSERT_TRUE(read.has_error());
  EXPECT_EQ(read.error().what(),
            "objective \"" + std::string(GetParam().objective) + "\": " + GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    , ObjectiveRefuses,
    testing::Values(
        misread{"Nothing", "", "expected <, <=, > or >=, as in pull.p99<250ms"},
        misread{"NoSign", "pull.p99", "expected <, <=, > or >=, as in pull.p99<250ms"},
        misread{"UnknownOperation", "pul.p99<1s",
                "there is no operation \"pul\", expected pull, push or manifest-get; did you mean "
                "\"pull\"?"},
        misread{"UnknownMetric", "pull.troughput>1GB/s",
                "there is no metric \"troughput\", expected p99, mean, max, rate, throughput or "
                "errors (or another percentile); did you mean \"throughput\"?"},
        misread{"PercentileOfHundred", "pull.p100<1s",
                "there is no metric \"p100\", expected p99, mean, max, rate, throughput or errors "
                "(or another percentile)"},
        misread{"TimeWithoutUnit", "pull.p99<250",
                "received the limit \"250\", expected a time, for example 250ms"},
        misread{"TimeForRate", "pull.rate>5s",
                "received the limit \"5s\", expected a number a second, for example 500/s"},
        misread{"BytesAlone", "pull.throughput>1GB",
                "received the limit \"1GB\", expected bytes a second, for example 1GB/s"},
        misread{"OverAHundredPercent", "errors<101%",
                "received the limit \"101%\", expected a percentage, for example 0.1%"},
        misread{"TwoSigns", "pull.p99<<1s",
                "received the limit \"<1s\", expected a time, for example 250ms"},
        misread{"NoOperationBeforeTheDot", ".p99<1s",
                "expected the name of an operation before the dot"}),
    [](const auto& row) { return row.param.name; });

TEST(Metric, WhatIsWrittenIsReadBack) {
  for (const char* text : {"p50", "p99.9", "p99.99", "pull.p95", "errors", "pull.rate",
                           "pull.throughput", "push.mean", "max"}) {
    EXPECT_EQ(to_string(parse_metric(text).value()), text);
  }
}

TEST(Objectives, OfAWorkloadNameItsOperationsAndTheSteps) {
  workload load = built_in_workload("mixed").value();
  load.objectives = {"pull.p99<1s", "manifest-get.p50<1s", "errors<1%"};
  const std::array<std::string_view, 1> steps{"manifest-get"};
  EXPECT_EQ(objectives_of(load, steps).value().size(), 3u);
  load.objectives.emplace_back("check.p99<1s");
  EXPECT_THAT(objectives_of(load, steps).error().what(),
              HasSubstr("there is no operation \"check\", expected pull, push or manifest-get"));
}

}  // namespace
}  // namespace plimsoll::load
