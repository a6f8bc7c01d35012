#include <array>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "plimsoll/load_values/workload.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/suite/scenarios.hpp"

namespace plimsoll::cli {
namespace {

int list_scenarios() {
  for (const scenario* one : suite::all_scenarios()) {
    std::cout << fmt::format("{:<32} {:<11} {}\n", one->id, one->category, one->title);
  }
  for (const observer& one : suite::all_observers()) {
    std::cout << fmt::format("{:<32} {:<11} {}\n", one.id, one.category, one.title);
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

int list_workloads() {
  for (const std::string_view name : load::built_in_workloads()) {
    const auto one = load::built_in_workload(name);
    std::cout << fmt::format("{:<14} {}\n", name, one.value().description);
  }
  return 0;
}

template <int (*print)()>
runnable describe_plain(CLI::App& /*app*/) {
  return print;
}

struct listing {
  const char* name;
  const char* summary;
  runnable (*describe)(CLI::App& app);
};

constexpr std::array listings{
    listing{"scenarios", "What is tried on a registry", describe_plain<list_scenarios>},
    listing{"requirements", "The statements of the specs", describe_requirements},
    listing{"faults", "What the bundled registry can break", describe_plain<list_faults>},
    listing{"variants", "What it can choose otherwise", describe_plain<list_variants>},
    listing{"workloads", "What a load can be made of", describe_plain<list_workloads>},
};

}  // namespace

runnable describe_list(CLI::App& app) {
  app.require_subcommand(1);
  const auto chosen = std::make_shared<runnable>();
  for (const listing& one : listings) {
    CLI::App* const described = app.add_subcommand(one.name, one.summary);
    described->callback([chosen, then = one.describe(*described)] { *chosen = then; });
  }
  return [chosen] { return (*chosen)(); };
}

}  // namespace plimsoll::cli
