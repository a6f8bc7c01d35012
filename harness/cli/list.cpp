#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "plimsoll/catalogue/catalogue.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/suite/scenarios.hpp"

namespace plimsoll::cli {
namespace {

int list_scenarios() {
  for (const scenario* one : suite::all_scenarios()) {
    std::cout << fmt::format("{:<28} {:<11} {}\n", one->id, one->category, one->title);
  }
  for (const observer& one : suite::all_observers()) {
    std::cout << fmt::format("{:<28} {:<11} {}\n", one.id, one.category, one.title);
  }
  return 0;
}

int list_requirements() {
  for (const requirement& one : all_requirements()) {
    std::cout << fmt::format("{:<48} {:<10} {:<7} {}\n", one.id, to_string(one.strength),
                             to_string(one.since), one.statement);
  }
  return 0;
}

int list_faults() {
  for (const auto& one : reference::faults()) {
    std::cout << fmt::format("{:<40} {:<44} {}\n", one.name, one.requirement, one.summary);
  }
  return 0;
}

int list_variants() {
  for (const auto& one : reference::variants()) {
    std::cout << fmt::format("{:<40} {}\n", one.name, one.summary);
  }
  return 0;
}

struct listing {
  const char* name;
  int (*print)();
};

constexpr std::array listings{
    listing{"scenarios", list_scenarios},
    listing{"requirements", list_requirements},
    listing{"faults", list_faults},
    listing{"variants", list_variants},
};

}  // namespace

runnable describe_list(CLI::App& app) {
  const auto what = std::make_shared<std::string>("scenarios");
  std::vector<std::string> names;
  for (const listing& one : listings) names.emplace_back(one.name);
  app.add_option("WHAT", *what, "What to list")->check(CLI::IsMember(names))->capture_default_str();
  return [what] {
    const auto* const found = std::find_if(listings.begin(), listings.end(),
                                           [&](const listing& one) { return one.name == *what; });
    return found->print();
  };
}

}  // namespace plimsoll::cli
