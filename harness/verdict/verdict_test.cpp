#include "plimsoll/verdict/verdict.hpp"

#include <gtest/gtest.h>

#include "plimsoll/verdict/names.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll {
namespace {

run_result run_with(std::initializer_list<std::pair<const char*, verdict>> scenarios) {
  run_result run;
  for (const auto& [category, outcome] : scenarios) {
    scenario_result one;
    one.category = category;
    one.outcome = outcome;
    run.scenarios.push_back(one);
  }
  summarize(run);
  return run;
}

TEST(Names, LeadBackToWhatTheyName) {
  for (const verdict one : {verdict::pass, verdict::unsupported, verdict::fail}) {
    EXPECT_EQ(verdict_named(to_string(one)), one);
  }
  EXPECT_EQ(level_named("SHOULD NOT"), level::should_not);
  EXPECT_EQ(verdict_named("passed"), std::nullopt);
  EXPECT_EQ(level_named("must"), std::nullopt);
}

TEST(ExitCode, IsZeroWhereNoMustIsBroken) {
  EXPECT_EQ(exit_code(run_with({{"pull", verdict::pass}})), 0);
  EXPECT_EQ(exit_code(run_with({{"pull", verdict::warn}})), 0);
  EXPECT_EQ(exit_code(run_with({{"pull", verdict::pass}, {"push", verdict::unsupported}})), 0);
}

TEST(ExitCode, IsOneWhereAMustIsBroken) {
  EXPECT_EQ(exit_code(run_with({{"pull", verdict::fail}, {"push", verdict::error}})), 1);
}

TEST(ExitCode, IsThreeWhereNothingOrNotAllCouldBeJudged) {
  EXPECT_EQ(exit_code(run_with({})), 3);
  EXPECT_EQ(exit_code(run_with({{"pull", verdict::skipped}})), 3);
  EXPECT_EQ(exit_code(run_with({{"pull", verdict::pass}, {"pull", verdict::error}})), 3);
  EXPECT_EQ(exit_code(run_with({{"pull", verdict::pass}, {"pull", verdict::blocked}})), 3);
}

TEST(ExitCode, IsThreeWhereTheRunItselfFailed) {
  run_result run;
  run.reason = "connect 127.0.0.1:1: Connection refused";
  summarize(run);
  EXPECT_EQ(exit_code(run), 3);
}

run_part chosen_by(std::string origin, bool deliberate) {
  return {9, {{"filter", "pull/blob", std::move(origin), "8 scenarios", deliberate}}, 177};
}

run_result part_with(verdict outcome, bool deliberate) {
  run_result run = run_with({{"pull", outcome}, {"pull", verdict::skipped}});
  run.part = chosen_by("--filter", deliberate);
  summarize(run);
  return run;
}

TEST(Part, IsNeverMoreThanPartial) {
  for (const verdict outcome : {verdict::pass, verdict::warn, verdict::unsupported}) {
    EXPECT_EQ(part_with(outcome, true).outcome, verdict::partial);
  }
  EXPECT_EQ(part_with(verdict::pass, true).part->scenarios_run, 1u);
}

TEST(Part, HidesNothingWorse) {
  for (const verdict outcome :
       {verdict::fail, verdict::error, verdict::blocked, verdict::skipped}) {
    EXPECT_EQ(part_with(outcome, true).outcome, outcome);
  }
}

TEST(Part, OpensAGateOnlyWhereItWasMeant) {
  EXPECT_EQ(exit_code(part_with(verdict::pass, true)), 0);
  EXPECT_EQ(exit_code(part_with(verdict::pass, false)), 3);
  EXPECT_EQ(exit_code(part_with(verdict::fail, false)), 1);
}

TEST(Summarize, CountsVerdictsByCategory) {
  const run_result run = run_with({{"pull", verdict::pass},
                                   {"push", verdict::skipped},
                                   {"pull", verdict::warn},
                                   {"pull", verdict::pass}});
  ASSERT_EQ(run.categories.size(), 2u);
  EXPECT_EQ(run.categories[0].outcome, verdict::warn);
  EXPECT_EQ(run.categories[0].scenarios,
            (std::vector<std::pair<verdict, std::size_t>>{{verdict::pass, 2}, {verdict::warn, 1}}));
  EXPECT_EQ(run.categories[1].outcome, verdict::skipped);
}

}  // namespace
}  // namespace plimsoll
