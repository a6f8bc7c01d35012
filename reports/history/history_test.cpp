#include "plimsoll/reports/history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/reports/json.hpp"
#include "reports/example_run.hpp"

namespace plimsoll::reports {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

past_run judged(std::vector<std::pair<std::string, verdict>> requirements,
                std::string started = "2026-01-01T00:00:00Z", std::string registry = "http://a") {
  past_run run;
  run.registry = std::move(registry);
  run.file = started + ".json";
  run.started = std::move(started);
  run.requirements = std::move(requirements);
  return run;
}

TEST(PastRun, IsReadFromAResultAsItIsMadeFromTheRun) {
  for (const run_result& run : {example_run(), hostile_run()}) {
    const auto read = read_past_run("r.json", to_json(run));
    ASSERT_TRUE(read.has_value()) << read.error().what();
    const past_run made = past_run_of("r.json", *parse_result(to_json(run)));
    EXPECT_EQ(read->file, "r.json");
    EXPECT_EQ(read->run_id, made.run_id);
    EXPECT_EQ(read->registry, made.registry);
    EXPECT_EQ(read->version, made.version);
    EXPECT_EQ(read->spec_version, made.spec_version);
    EXPECT_EQ(read->started, made.started);
    EXPECT_EQ(read->outcome, made.outcome);
    EXPECT_EQ(read->requirements, made.requirements);
  }
}

TEST(PastRun, HasTheGravestVerdictOfEachRequirement) {
  run_result run;
  run.scenarios.resize(2);
  check_result check;
  check.requirement = "a";
  run.scenarios[0].checks = {check};
  check.outcome = verdict::fail;
  run.scenarios[1].checks = {check};
  EXPECT_THAT(past_run_of("", run).requirements, ElementsAre(Pair("a", verdict::fail)));
}

TEST(PastRun, OfADamagedResultIsRefusedAsTheResultIs) {
  const std::string whole = to_json(example_run());
  for (const std::string& text :
       {whole.substr(0, 900), std::string(), std::string("{}"), std::string("[1]"),
        std::string(R"({"plimsoll_result": {"version": 9}})")}) {
    const auto read = read_past_run("r.json", text);
    ASSERT_TRUE(read.has_error());
    EXPECT_EQ(read.error().what(), parse_result(text).error().what());
  }
}

TEST(Changes, AreNewFixedAndStill) {
  const run_changes changes = changes_between(judged({{"fixed", verdict::fail},
                                                      {"gone", verdict::pass},
                                                      {"new", verdict::pass},
                                                      {"still", verdict::warn}}),
                                              judged({{"added", verdict::warn},
                                                      {"fixed", verdict::pass},
                                                      {"new", verdict::fail},
                                                      {"still", verdict::fail}}));
  EXPECT_THAT(changes.broken, ElementsAre("added", "new"));
  EXPECT_THAT(changes.fixed, ElementsAre("fixed"));
  EXPECT_THAT(changes.still, ElementsAre("still"));
  EXPECT_THAT(changes.unknown, ElementsAre("gone"));
}

TEST(HistorySummary, SaysWhatChangedInTheLatestRunWhateverTheOrderOfFiles) {
  const std::string text =
      history_summary({judged({{"x", verdict::fail}}, "2026-01-02T00:00:00Z"),
                       judged({{"x", verdict::pass}}, "2026-01-01T00:00:00Z")});
  EXPECT_THAT(text, HasSubstr("http://a: 2 runs"));
  EXPECT_THAT(text, HasSubstr("newly broken   x"));
}

TEST(HistorySummary, SetsRegistriesSideBySide) {
  const std::string text =
      history_summary({judged({{"kept", verdict::pass}, {"x", verdict::fail}}),
                       judged({{"kept", verdict::pass}}, "2026-01-01T00:00:00Z", "http://b")});
  EXPECT_THAT(text, testing::ContainsRegex("\nx +fail +-\n"));
  EXPECT_THAT(text, Not(HasSubstr("\nkept")));
}

}  // namespace
}  // namespace plimsoll::reports
