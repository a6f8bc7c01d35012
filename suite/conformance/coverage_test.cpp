// No rule of the catalogue that binds registries is left out in silence.

#include <set>
#include <string_view>

#include <gtest/gtest.h>

#include "plimsoll/catalogue/catalogue.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/suite/scenarios.hpp"

namespace plimsoll::suite {
namespace {

std::set<std::string_view> judged() {
  std::set<std::string_view> ids;
  for (const scenario* one : all_scenarios()) {
    for (const requirement_id id : one->judges) ids.insert(id.str());
  }
  for (const observer& one : all_observers()) {
    for (const requirement_id id : one.judges) ids.insert(id.str());
  }
  return ids;
}

std::set<std::string_view> with_fault() {
  std::set<std::string_view> ids;
  for (const reference::fault_info& one : reference::faults()) ids.insert(one.requirement);
  return ids;
}

/// Whether a break is complained of in any version of the spec.
bool counts(const requirement& one) {
  return one.strength != level::may || one.strength_in_dev != level::may;
}

TEST(Coverage, EachRuleOfRegistriesIsJudgedOrSaysWhyNot) {
  const auto ids = judged();
  for (const requirement& one : all_requirements()) {
    if (one.actor != "registry") continue;
    EXPECT_TRUE(ids.contains(one.id) || !one.not_observed.empty())
        << one.id << ": no scenario judges it, and suite/not_observed.json has no reason";
  }
}

TEST(Coverage, WhatIsJudgedHasNoReasonWhyNot) {
  const auto ids = judged();
  for (const requirement& one : all_requirements()) {
    EXPECT_TRUE(!ids.contains(one.id) || one.not_observed.empty())
        << one.id << ": a scenario judges it, and suite/not_observed.json says why none does";
  }
}

TEST(Coverage, EachMustAndShouldThatIsJudgedHasAFault) {
  const auto ids = judged();
  const auto broken = with_fault();
  for (const requirement& one : all_requirements()) {
    if (!ids.contains(one.id) || !counts(one)) continue;
    EXPECT_TRUE(broken.contains(one.id))
        << one.id << ": no fault of the reference registry breaks it";
  }
}

TEST(Coverage, EachFaultBreaksARuleThatIsJudged) {
  const auto ids = judged();
  for (const reference::fault_info& one : reference::faults()) {
    EXPECT_TRUE(ids.contains(one.requirement))
        << one.name << ": no scenario judges " << one.requirement;
  }
}

}  // namespace
}  // namespace plimsoll::suite
