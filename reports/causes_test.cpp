#include "reports/causes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::reports {
namespace {

using testing::ElementsAre;

scenario_result scenario(verdict outcome, std::vector<std::string> judges) {
  scenario_result one;
  one.outcome = outcome;
  one.judges = std::move(judges);
  return one;
}

scenario_result broken(verdict outcome, const std::string& requirement) {
  scenario_result one = scenario(outcome, {requirement});
  check_result held;
  held.requirement = "held";
  check_result check;
  check.requirement = requirement;
  check.outcome = outcome;
  one.checks = {held, check};
  return one;
}

scenario_result blocked_by(const std::string& requirement, std::vector<std::string> judges = {}) {
  scenario_result one = scenario(verdict::blocked, std::move(judges));
  one.blocked_by = requirement;
  return one;
}

std::vector<cause> causes(std::vector<scenario_result> scenarios) {
  run_result run;
  run.scenarios = std::move(scenarios);
  return causes_of(run);
}

TEST(Causes, AreNoneWhereEverythingHeld) {
  EXPECT_TRUE(causes({broken(verdict::pass, "a")}).empty());
}

TEST(Causes, GatherWhatBrokeTheSameRequirement) {
  const auto found = causes({broken(verdict::fail, "a"), broken(verdict::fail, "a")});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].requirement, "a");
  ASSERT_EQ(found[0].occurrences.size(), 2u);
  EXPECT_EQ(found[0].occurrences[1].scenario, 1u);
  EXPECT_EQ(found[0].occurrences[1].check, 1u);
}

TEST(Causes, StandInOrderOfGravity) {
  scenario_result error = scenario(verdict::error, {});
  error.reason = "connect: refused";
  const auto found = causes(
      {broken(verdict::warn, "w"), blocked_by("b"), error, error, broken(verdict::fail, "f")});
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].requirement, "f");
  EXPECT_EQ(found[1].reason, "connect: refused");
  EXPECT_THAT(found[1].affected, ElementsAre(2, 3));
  EXPECT_EQ(found[2].requirement, "b");
  EXPECT_EQ(found[3].requirement, "w");
}

TEST(Causes, AreAPolicyOnceForAllThatItRefused) {
  scenario_result refused = scenario(verdict::blocked, {"a"});
  refused.reason = "the registry refuses a push (403 DENIED)";
  const auto found = causes({refused, broken(verdict::warn, "w"), refused});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].outcome, verdict::blocked);
  EXPECT_EQ(found[0].requirement, "");
  EXPECT_EQ(found[0].reason, refused.reason);
  EXPECT_THAT(found[0].affected, ElementsAre(0, 2));
}

TEST(Causes, HaveWhatTheyBlockUnderThem) {
  const auto found = causes({blocked_by("a"), broken(verdict::fail, "a")});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].outcome, verdict::fail);
  EXPECT_THAT(found[0].affected, ElementsAre(0));
}

TEST(Causes, AreAtTheEndOfAChain) {
  const auto found = causes({broken(verdict::fail, "a"), blocked_by("a", {"b"}),
                             blocked_by("b", {"c"}), blocked_by("c")});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].requirement, "a");
  EXPECT_THAT(found[0].affected, ElementsAre(1, 2, 3));
}

TEST(Causes, AreFoundInACircleToo) {
  const auto found = causes({blocked_by("b", {"a"}), blocked_by("a", {"b"})});
  std::size_t affected = 0;
  for (const cause& one : found) affected += one.affected.size();
  EXPECT_EQ(affected, 2u);
}

}  // namespace
}  // namespace plimsoll::reports
