#include "plimsoll/load_reports/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/load/example_load.hpp"

namespace plimsoll::load {
namespace {

using namespace std::chrono_literals;
using testing::ContainsRegex;
using testing::HasSubstr;

/// Runs of some pulls, all of one latency.
std::vector<load_result> runs(std::size_t count, std::chrono::milliseconds latency) {
  load_result run;
  run.workload = "pull";
  run.measured = 10s;
  measured_work pull;
  pull.name = "pull";
  for (int i = 0; i < 1'000; ++i) pull.latency.record(latency);
  run.operations = {pull};
  return std::vector<load_result>(count, run);
}

TEST(ComparisonReport, HasALineAMetricAndTheVerdictLast) {
  const std::string text = summary(compare(runs(4, 10ms), runs(4, 20ms), {}).value());
  EXPECT_THAT(text,
              ContainsRegex("pull.p50 +10.0 ms +20.0 ms +\\+100.0 % +\\+100.0 % to \\+100.0 % "
                            "+0.0286 +0.1143  worse\n"));
  EXPECT_THAT(text, ContainsRegex("pull.rate +100/s +100/s +\\+0.0 % .* 1.0000  not worse\n"));
  EXPECT_THAT(text, ContainsRegex("pull.errors +0 % +0 % +\\+0.00 points .*not worse\n"));
  EXPECT_THAT(text, testing::EndsWith("verdict: worse\n"));
}

TEST(ComparisonReport, SaysWhyNothingIsDecided) {
  const std::string text = summary(compare(runs(4, 10ms), runs(3, 10ms), {}).value());
  EXPECT_THAT(text, HasSubstr("inconclusive: 3 runs with enough samples on a side, where 4 are "
                              "needed\n"));
  EXPECT_THAT(text, testing::EndsWith("verdict: inconclusive\n"));
}

TEST(ComparisonReport, ShowsNoForeignControlCharacter) {
  auto base = runs(5, 10ms);
  base[0].invalid = {"\x1b[2J"};
  const auto compared = compare(base, runs(4, 10ms), {}).value();
  EXPECT_THAT(summary(compared), testing::Not(HasSubstr("\x1b")));
}

TEST(ComparisonReport, AsJsonHasTheValuesOfEveryRun) {
  const auto document =
      nlohmann::json::parse(to_json(compare(runs(4, 10ms), runs(5, 20ms), {}).value()));
  EXPECT_EQ(document.at("plimsoll_comparison").at("version"), 1);
  EXPECT_EQ(document.at("verdict"), "worse");
  EXPECT_EQ(document.at("new_runs"), 5);
  for (const auto& row : document.at("metrics")) {
    EXPECT_EQ(row.at("base").size(), 4u);
    EXPECT_EQ(row.at("new").size(), 5u);
    EXPECT_EQ(row.contains("base_merged"),
              row.at("metric").get<std::string>().starts_with("pull.p"));
  }
}

}  // namespace
}  // namespace plimsoll::load
