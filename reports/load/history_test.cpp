#include "plimsoll/load_reports/history.hpp"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/load/example_load.hpp"

namespace plimsoll::load {
namespace {

using testing::HasSubstr;

class History : public testing::Test {
 protected:
  void SetUp() override {
    std::string name =
        (std::filesystem::temp_directory_path() / "plimsoll-history-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

load_result started(const std::string& when, const std::string& id) {
  load_result run = example_load();
  run.started = when;
  run.run_id = id;
  return run;
}

TEST_F(History, KeepsRunsByTheirTime) {
  const auto later = started("2026-01-03T00:00:00Z", "a");
  const auto first = started("2026-01-02T00:00:00Z", "b");
  ASSERT_TRUE(store_run(folder_ / "new", later).has_value());
  ASSERT_TRUE(store_run(folder_ / "new", first).has_value());
  const auto files = list_runs(folder_ / "new").value();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].filename(), "2026-01-02T000000Z-b.json");
  EXPECT_EQ(load_run(files[0]).value(), first);
  EXPECT_EQ(load_run(files[1]).value(), later);
}

TEST_F(History, ANameFromElsewhereCannotLeaveTheFolder) {
  const auto file = store_run(folder_, started("../../x", "/etc/passwd")).value();
  EXPECT_EQ(file.parent_path(), folder_);
  EXPECT_EQ(file.filename(), "x-etcpasswd.json");
}

TEST_F(History, SaysWhichFileCannotBeRead) {
  std::ofstream(folder_ / "bad.json") << "{";
  EXPECT_THAT(load_run(folder_ / "bad.json").error().what(),
              HasSubstr("bad.json: read load result"));
  EXPECT_THAT(load_run(folder_ / "none.json").error().what(), HasSubstr("none.json: No such file"));
  EXPECT_THAT(list_runs(folder_ / "none").error().what(), HasSubstr("No such file"));
}

TEST_F(History, ASecondRunOfOneNameIsKeptBesideTheFirst) {
  load_result first = started("2026-01-02T00:00:00Z", "a");
  load_result second = first;
  second.dropped = first.dropped + 1;
  ASSERT_TRUE(store_run(folder_, first).has_value());
  const auto file = store_run(folder_, second).value();
  EXPECT_EQ(file.filename(), "2026-01-02T000000Z-a_2.json");
  EXPECT_EQ(list_runs(folder_).value().back(), file);
  EXPECT_EQ(load_run(file).value(), second);
}

TEST(LoadHistory, HasALineARunOldestFirst) {
  load_result later = started("2026-01-03T00:00:00Z", "a");
  load_result first = started("2026-01-02T00:00:00Z", "b");
  first.workload = "pull\x1b[2J";
  const std::string text = history_summary(std::vector{later, first});
  EXPECT_THAT(text, testing::StartsWith("2 load runs\n  2026-01-02T00:00:00Z  pull"));
  EXPECT_THAT(text, HasSubstr("\n  2026-01-03T00:00:00Z  "));
  EXPECT_THAT(text, testing::Not(HasSubstr("\x1b")));
}

/// A table of few words: by line and column.
std::vector<std::vector<std::string>> cells(const std::string& csv) {
  std::vector<std::vector<std::string>> lines;
  std::istringstream text(csv);
  for (std::string line; std::getline(text, line);) {
    std::istringstream of(line);
    for (lines.emplace_back(); std::getline(of, line, ',');) lines.back().push_back(line);
  }
  return lines;
}

TEST(OtavaCsv, HasALineARunOldestFirst) {
  load_result later = started("2026-01-03T00:00:00Z", "a");
  load_result first = started("2026-01-02T00:00:00Z", "b");
  load_result invalid = started("2026-01-01T00:00:00Z", "c");
  for (load_result* run : {&later, &first}) run->invalid.clear();
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
  load_result whole = started("2026-01-02T00:00:00Z", "a");
  whole.invalid.clear();
  load_result few = whole;
  few.operations[0].latency = {};
  const auto lines = cells(otava_csv(std::vector{whole, few}).value());
  EXPECT_THAT(lines[0], testing::Not(testing::Contains("\"pull.p50\"")));
  EXPECT_THAT(lines[0], testing::Contains("\"push.p50\""));
  for (const auto& line : lines) EXPECT_EQ(line.size(), lines[0].size());
}

TEST(OtavaCsv, IsOfOneTestOnly) {
  load_result run = started("2026-01-02T00:00:00Z", "a");
  run.invalid.clear();
  load_result other = run;
  other.workload = "other";
  EXPECT_THAT(otava_csv(std::vector{run, other}).error().what(),
              HasSubstr("of different tests: the workload is"));
  other.invalid = {"late"};
  EXPECT_TRUE(otava_csv(std::vector{run, other}).has_value());
  EXPECT_THAT(otava_csv(std::vector{other}).error().what(), HasSubstr("no valid load run"));
}

}  // namespace
}  // namespace plimsoll::load
