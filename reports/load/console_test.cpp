#include "plimsoll/load_reports/console.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/load/example_load.hpp"
#include "reports/load/units.hpp"

namespace plimsoll::load {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TEST(LoadSummary, HasAQuantileOnlyWhereThereAreSamplesForIt) {
  const std::string text = summary(example_load());
  EXPECT_THAT(text, HasSubstr("operation       good   failed     good/s    bytes/s       p50       "
                              "p90       p99     p99.9       max\n"));
  EXPECT_THAT(text, testing::ContainsRegex("pull +20000 +12 +333.3 +122 MB/s +30.0 ms +38.0 ms "
                                           "+39.6 ms +40.0 ms +40.0 ms\n"));
  EXPECT_THAT(text,
              testing::ContainsRegex("push +50 +0 +0.8 +874 KB/s +118 ms +- +- +- +158 ms\n"));
}

TEST(LoadSummary, NamesEachKindOfFailureAndWhatTheEndCutOff) {
  const std::string text = summary(example_load());
  EXPECT_THAT(text, HasSubstr("failed      10 status, the first: GET /v2/r/manifests/1: 500\n"));
  EXPECT_THAT(text, HasSubstr("failed      2 timeout.idle\n"));
  EXPECT_THAT(text, HasSubstr("cut off     3 unfinished\n"));
  EXPECT_THAT(text, HasSubstr("error code  10 TOOMANYREQUESTS\n"));
  EXPECT_THAT(text, HasSubstr("limited     4 responses of 429"));
  EXPECT_THAT(text, HasSubstr("dropped     1 starts"));
}

TEST(TableOfRuns, HasALineForEachAndWhatWasWrongBelow) {
  load_result run = example_load();
  run.workload = "first";
  load_result other = run;
  other.workload = "second";
  other.operations.clear();
  other.error_codes.clear();
  other.retry_afters = 0;
  other.dropped = 0;
  other.invalid = {"no operation succeeded"};
  const std::string text = table_of_runs({run, other});
  EXPECT_THAT(text, testing::ContainsRegex("first +20050 +12 "));
  EXPECT_THAT(text, testing::ContainsRegex("second +0 +0 "));
  EXPECT_THAT(text, HasSubstr("\nfirst:\nfailed      10 status, the first: "));
  EXPECT_THAT(text, testing::EndsWith("\nsecond: not valid: no operation succeeded\n"
                                      "\nsecond: left behind: plimsoll/3f2a/r0\n"));
}

TEST(LoadSummary, AnInvalidRunIsNoVerdictOnTheRegistry) {
  load_result run = example_load();
  EXPECT_THAT(summary(run), testing::EndsWith("not valid: the generator was the limit\n"
                                              "verdict: not a valid measurement\n"));
  run.invalid.clear();
  EXPECT_THAT(summary(run), testing::EndsWith("verdict: an objective is broken\n"));
  run.objectives.erase(run.objectives.begin() + 1);
  EXPECT_THAT(summary(run), testing::EndsWith("verdict: an objective could not be judged\n"));
  run.objectives.pop_back();
  EXPECT_THAT(summary(run), testing::EndsWith("verdict: every objective is kept\n"));
}

TEST(LoadSummary, StatesTheConditions) {
  EXPECT_THAT(summary(example_load()),
              HasSubstr("pacing closed loop, 16 clients; content tile; verify full; cache none; "
                        "connections kept; TLS off; popularity all alike\n"));
}

TEST(LoadSummary, ShowsNoForeignControlCharacter) {
  load_result run = example_load();
  run.examples = {{"status", "\x1b[2J"}};
  run.left_behind = {"a\rb"};
  const std::string text = summary(run);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\r")));
}

TEST(LoadSummary, AnEmptyRunDividesByNothing) {
  EXPECT_THAT(summary({}), testing::EndsWith("verdict: measured, without objectives\n"));
}

TEST(Units, HaveThreeDigits) {
  EXPECT_EQ(shown_time(950ns), "950 ns");
  EXPECT_EQ(shown_time(999'600ns), "1.00 ms");
  EXPECT_EQ(shown_time(12'345us), "12.3 ms");
  EXPECT_EQ(shown_time(61'230ms), "61.2 s");
  EXPECT_EQ(shown_time(1h), "3600 s");
  EXPECT_EQ(shown_throughput(0), "0 B/s");
  EXPECT_EQ(shown_throughput(1.25e9), "1.25 GB/s");
}

}  // namespace
}  // namespace plimsoll::load
