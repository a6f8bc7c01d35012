#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "plimsoll/catalogue/catalogue.hpp"
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

}  // namespace

runnable describe_list(CLI::App& app) {
  const auto what = std::make_shared<std::string>("scenarios");
  app.add_option("WHAT", *what, "What to list")
      ->check(CLI::IsMember({"scenarios", "requirements"}))
      ->capture_default_str();
  return [what] { return *what == "scenarios" ? list_scenarios() : list_requirements(); };
}

}  // namespace plimsoll::cli
