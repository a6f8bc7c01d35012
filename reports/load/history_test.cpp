#include "plimsoll/load_reports/history.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/load_reports/json.hpp"
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

load_result started(const std::string& start_time, const std::string& id) {
  load_result run = example_load();
  run.started = start_time;
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

TEST(PastLoad, IsReadFromAResult) {
  const auto read = read_past_load("a.json", to_json(example_load()));
  ASSERT_TRUE(read.has_value()) << read.error().what();
  EXPECT_EQ(read->file, "a.json");
  EXPECT_EQ(read->registry, "http://127.0.0.1:5000");
  EXPECT_EQ(read->objectives, example_load().objectives);
  EXPECT_EQ(read->operations.size(), 2u);
  EXPECT_EQ(read->operations[0].figures, past_load_of("", example_load()).operations[0].figures);
}

TEST(PastLoad, OfADamagedResultIsRefusedAsTheResultIs) {
  const std::string whole = to_json(example_load());
  for (const std::string& text : {whole.substr(0, 900), std::string("{}"), std::string("[1]"),
                                  std::string(R"({"plimsoll_load": {"version": 9}})")}) {
    const auto read = read_past_load("a.json", text);
    ASSERT_TRUE(read.has_error());
    EXPECT_EQ(read.error().what(), parse_load_result(text).error().what());
  }
}

}  // namespace
}  // namespace plimsoll::load
