#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/reports/formats.hpp"
#include "plimsoll/reports/metrics.hpp"
#include "reports/example_run.hpp"
#include "reports/load/example_load.hpp"

namespace plimsoll::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string of_run = "{registry=\"http://127.0.0.1:5000\",workload=\"mixed\"";

/// What the format writes of these load runs, or its error.
std::string written(std::vector<load::load_result> loads, std::optional<run_result> run = {}) {
  report_source source;
  source.loads = std::move(loads);
  source.run = std::move(run);
  for (const report_format& one : all_formats()) {
    if (one.name != "prometheus") continue;
    auto text = one.write(source);
    return text ? *text : text.error().what();
  }
  return "there is no such format";
}

TEST(LoadMetrics, CountWhatSucceededAndWhatFailedByKindButNotWhatTheEndCutOff) {
  const std::string text = prometheus_text(metrics_of(load::example_load()));
  EXPECT_THAT(
      text, HasSubstr("plimsoll_load_operations_total" + of_run + ",operation=\"pull\"} 20000\n"));
  EXPECT_THAT(text, HasSubstr("plimsoll_load_operation_failures_total" + of_run +
                              ",operation=\"pull\",kind=\"status\"} 10\n"));
  EXPECT_THAT(text, Not(HasSubstr("unfinished")));
}

TEST(LoadMetrics, HaveTheHistogramsCountsWithinEachBound) {
  const std::string text = prometheus_text(metrics_of(load::example_load()));
  const std::string pulls =
      "plimsoll_load_operation_duration_seconds_bucket" + of_run + ",operation=\"pull\",le=";
  // Evenly from 20 to 40 ms: a quarter is within 25 ms, to the histogram's 0.8 %.
  EXPECT_THAT(text, HasSubstr(pulls + "\"0.01\"} 0\n"));
  EXPECT_THAT(text, testing::ContainsRegex("operation=\"pull\",le=\"0.025\"} (49|50)[0-9][0-9]\n"));
  EXPECT_THAT(text, HasSubstr(pulls + "\"0.05\"} 20000\n"));
}

TEST(LoadMetrics, HaveQuantilesOnlyWhereSamplesStandBeyond) {
  const std::string text = prometheus_text(metrics_of(load::example_load()));
  const std::string quantile = "plimsoll_load_operation_latency_seconds" + of_run;
  EXPECT_THAT(text, HasSubstr(quantile + ",operation=\"pull\",quantile=\"0.999\"}"));
  EXPECT_THAT(text, Not(HasSubstr(quantile + ",operation=\"push\",quantile=\"0.99\"}")));
}

TEST(LoadMetrics, SayWhichObjectiveIsKeptAndWhetherTheRunIsValid) {
  const std::string text = prometheus_text(metrics_of(load::example_load()));
  EXPECT_THAT(text, HasSubstr("objective=\"pull.p99<250ms\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("objective=\"errors<0.01%\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("plimsoll_load_valid" + of_run + "} 0\n"));
}

TEST(LoadMetrics, OfARunUnderWayHaveNoEnd) {
  const std::string text = prometheus_text(metrics_so_far(load::example_load(), {5, 2}));
  EXPECT_THAT(text, HasSubstr("plimsoll_load_operations_in_flight" + of_run + "} 5\n"));
  EXPECT_THAT(text, HasSubstr("plimsoll_load_starts_waiting" + of_run + "} 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("_timestamp_")));
  EXPECT_THAT(text, Not(HasSubstr("latency_seconds")));
}

TEST(MetricsFormat, TakesARunAndLoadsTogetherAndNamesEachFamilyOnce) {
  auto other = load::example_load();
  other.workload = "pull";
  const std::string text = written({load::example_load(), other}, example_run());
  for (const std::string name : {"plimsoll_build_info", "plimsoll_load_operations_total"}) {
    const auto first = text.find("# TYPE " + name + " ");
    ASSERT_NE(first, std::string::npos) << name;
    EXPECT_EQ(text.find("# TYPE " + name + " ", first + 1), std::string::npos) << name;
  }
  EXPECT_THAT(text, HasSubstr("plimsoll_conformance_checks{"));
}

TEST(MetricsFormat, RefusesTwoRunsThatWouldBeOneSeries) {
  EXPECT_THAT(written({load::example_load(), load::example_load()}), HasSubstr("one series"));
}

}  // namespace
}  // namespace plimsoll::reports
