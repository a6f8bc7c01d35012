#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/load_reports/history.hpp"
#include "reports/load/example_load.hpp"

namespace plimsoll::load {
namespace {

using testing::HasSubstr;

/// A valid run.
past_load started(const std::string& start_time, const std::string& id) {
  load_result run = example_load();
  run.started = start_time;
  run.run_id = id;
  run.invalid.clear();
  return past_load_of(id + ".json", run);
}

/// A table of few words: by line and column.
std::vector<std::vector<std::string>> cells(const std::string& csv) {
  std::vector<std::vector<std::string>> lines;
  std::istringstream text(csv);
  for (std::string line; std::getline(text, line);) {
    std::istringstream fields(line);
    for (lines.emplace_back(); std::getline(fields, line, ',');) lines.back().push_back(line);
  }
  return lines;
}

TEST(OtavaCsv, HasALineARunOldestFirst) {
  past_load later = started("2026-01-03T00:00:00Z", "a");
  past_load first = started("2026-01-02T00:00:00Z", "b");
  past_load invalid = started("2026-01-01T00:00:00Z", "c");
  invalid.invalid = {"late"};
  const auto lines = cells(otava_csv(std::vector{later, first, invalid}).value());
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(lines[0], testing::ElementsAre("time", "run", "version", "registry", "\"pull.rate\"",
                                             "\"pull.throughput\"", "\"pull.errors\"",
                                             "\"pull.p50\"", "\"pull.p95\"", "\"pull.p99\"",
                                             "\"push.rate\"", "\"push.throughput\"",
                                             // 50 of them have no percentile beyond the median.
                                             "\"push.errors\"", "\"push.p50\""));
  EXPECT_EQ(lines[1][0], "\"2026-01-02T00:00:00Z\"");
  EXPECT_EQ(lines[1][1], "\"b\"");
  EXPECT_EQ(lines[1][4], "333.333333");
  EXPECT_EQ(lines[2][1], "\"a\"");
}

TEST(OtavaCsv, HasNoEmptyCellWhereARunHasTooFewSamples) {
  past_load whole = started("2026-01-02T00:00:00Z", "a");
  past_load few = whole;
  few.operations[0].figures[0] = std::nullopt;
  const auto lines = cells(otava_csv(std::vector{whole, few}).value());
  EXPECT_THAT(lines[0], testing::Not(testing::Contains("\"pull.p50\"")));
  EXPECT_THAT(lines[0], testing::Contains("\"push.p50\""));
  for (const auto& line : lines) EXPECT_EQ(line.size(), lines[0].size());
}

TEST(OtavaCsv, IsOfOneTestOnly) {
  past_load run = started("2026-01-02T00:00:00Z", "a");
  past_load other = run;
  other.workload = "other";
  EXPECT_THAT(otava_csv(std::vector{run, other}).error().what(),
              HasSubstr("of different tests: the workload is"));
  other.invalid = {"late"};
  EXPECT_TRUE(otava_csv(std::vector{run, other}).has_value());
  EXPECT_THAT(otava_csv(std::vector{other}).error().what(), HasSubstr("no valid load run"));
}

}  // namespace
}  // namespace plimsoll::load
