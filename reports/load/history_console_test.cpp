#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/load_reports/history.hpp"
#include "reports/load/example_load.hpp"

namespace plimsoll::load {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// A valid run whose objectives are all kept, of one operation with this median.
past_load night(int day, double p50) {
  load_result run = example_load();
  run.started = "2026-01-0" + std::to_string(day) + "T00:00:00Z";
  run.invalid.clear();
  run.objectives.resize(1);
  past_load out = past_load_of(std::to_string(day) + ".json", run);
  out.operations.resize(1);
  out.operations[0].figures[0] = p50;
  return out;
}

TEST(LoadHistory, HasALineARunOldestFirst) {
  past_load first = night(2, 1e6);
  first.started += "\x1b[2J";
  const std::string text = history_summary(std::vector{night(3, 1e6), first});
  EXPECT_THAT(text, testing::StartsWith("http://127.0.0.1:5000  mixed (closed loop, 16 clients): "
                                        "2 load runs\n  2026-01-02T00:00:00Z"));
  EXPECT_THAT(text, HasSubstr("\n  2026-01-03T00:00:00Z  "));
  EXPECT_THAT(text, HasSubstr("kept: 1 of 1"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(LoadHistory, SetsTheNewestBesideTheOneBeforeAndTheMedian) {
  const std::string text =
      history_summary(std::vector{night(1, 10e6), night(2, 20e6), night(3, 30e6), night(4, 24e6)});
  EXPECT_THAT(text, HasSubstr("the newest valid run, 2026-01-04T00:00:00Z, beside the one before "
                              "it and the median of the last 3;"));
  EXPECT_THAT(text, ContainsRegex("pull.p50 +24.0 ms +30.0 ms +-20.0 % +20.0 ms +\\+20.0 % +"
                                  "2 of 3\n"));
  EXPECT_THAT(text, ContainsRegex("pull.errors +0.06 % +0.06 % +\\+0.00 points"));
}

TEST(LoadHistory, DoesNotTakeAnInvalidRunForAMeasurement) {
  past_load late = night(4, 1e9);
  late.invalid = {"the generator was the limit"};
  const std::string text =
      history_summary(std::vector{night(1, 10e6), night(2, 20e6), night(3, 30e6), late});
  EXPECT_THAT(text, ContainsRegex("2026-01-04.*not valid: the generator was the limit\n"));
  EXPECT_THAT(text, HasSubstr("the newest valid run, 2026-01-03T00:00:00Z,"));
  EXPECT_THAT(text, ContainsRegex("pull.p50 +30.0 ms +20.0 ms"));
  EXPECT_THAT(history_summary(std::vector{late}),
              HasSubstr("no run is a measurement of the registry"));
}

TEST(LoadHistory, KeepsTestsApart) {
  past_load other = night(2, 1e6);
  other.conditions.verify = "size";
  past_load elsewhere = night(3, 1e6);
  elsewhere.registry = "http://b";
  const std::string text = history_summary(std::vector{night(1, 1e6), other, elsewhere});
  EXPECT_THAT(text, HasSubstr("mixed (closed loop, 16 clients; verify full): 1 load run\n"));
  EXPECT_THAT(text, HasSubstr("mixed (closed loop, 16 clients; verify size): 1 load run\n"));
  EXPECT_THAT(text, HasSubstr("http://b  mixed (closed loop, 16 clients): 1 load run\n"));
  EXPECT_THAT(text, Not(HasSubstr("beside the one before")));
}

}  // namespace
}  // namespace plimsoll::load
