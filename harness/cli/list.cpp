#include <iostream>

#include <fmt/format.h>

#include "commands.hpp"
#include "plimsoll/suite/scenarios.hpp"

namespace plimsoll::cli {

int list_scenarios() {
  for (const scenario* one : suite::all_scenarios()) {
    std::cout << fmt::format("{:<28} {:<11} {}\n", one->id, one->category, one->title);
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

}  // namespace plimsoll::cli
