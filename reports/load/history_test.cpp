#include "plimsoll/load_reports/history.hpp"

#include <fstream>

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

TEST(OtavaCsv, HasALineARunOldestFirst) {
  load_result later = started("2026-01-03T00:00:00Z", "a");
  load_result first = started("2026-01-02T00:00:00Z", "b");
  load_result invalid = started("2026-01-01T00:00:00Z", "c");
  for (load_result* run : {&later, &first}) run->invalid.clear();
  const std::string csv = otava_csv(std::vector{later, first, invalid});
  EXPECT_THAT(csv, testing::StartsWith("time,run,version,pull.rate,pull.throughput,pull.errors,"
                                       "pull.p50,pull.p95,pull.p99,push.rate,"));
  EXPECT_THAT(csv, HasSubstr("\n\"2026-01-02T00:00:00Z\",\"b\",\"0.1.0\",333.333333,"));
  EXPECT_LT(csv.find("\"b\""), csv.find("\"a\""));
  EXPECT_THAT(csv, testing::Not(HasSubstr("\"c\"")));
  // 50 pushes have a median and no percentile beyond it.
  EXPECT_THAT(csv, testing::ContainsRegex("0\\.11[0-9]*,,\n"));
}

}  // namespace
}  // namespace plimsoll::load
