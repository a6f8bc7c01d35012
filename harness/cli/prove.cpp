#include "plimsoll/prove/prove.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <malloc.h>

#include "commands.hpp"
#include "output_folder.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/reports/json.hpp"
#include "plimsoll/suite/scenarios.hpp"
#include "version.hpp"

namespace plimsoll::cli {
namespace {

struct prove_flags {
  prove_options options;
  std::string json;
};

/// Why a fault went unseen, or a variant was complained of: each scenario that is not as wanted.
void explain(const proof_step& step) {
  if (step.scenarios.empty()) {
    std::cout << "         no scenario judges " << step.requirement << '\n';
  }
  for (const scenario_result& one : step.scenarios) {
    if (step.requirement.empty() && one.outcome == verdict::pass) continue;
    std::cout << fmt::format("         {}: {}{}{}\n", one.id, to_string(one.outcome),
                             one.reason.empty() ? "" : ", ", printable(one.reason));
    for (const check_result& check : one.checks) {
      if (check.outcome == verdict::pass) continue;
      std::cout << fmt::format("           {}: expected {}, received {}\n", check.requirement,
                               printable(check.expected), printable(check.received));
    }
  }
}

void show(const proof_step& step) {
  if (step.good) return;
  const bool is_fault = !step.requirement.empty();
  std::cout << fmt::format("{}  {} {}\n", is_fault ? "missed" : "blamed", step.name,
                           is_fault ? "(" + step.requirement + ")" : "");
  explain(step);
}

/// The matrix: which requirements failed on which registry.
void show(const proof_result& proof) {
  std::size_t caught = 0;
  for (const fault_proof& one : proof.faults) {
    caught += one.caught ? 1 : 0;
    std::cout << fmt::format("{}  {} -> {}\n", one.caught ? "caught" : "MISSED", one.name,
                             fmt::join(one.failed, " "));
  }
  std::size_t clean = 0;
  for (const variant_proof& one : proof.variants) {
    clean += one.clean ? 1 : 0;
    std::cout << fmt::format("{}  {}{}{}\n", one.clean ? "clean " : "BLAMED", one.name,
                             one.complaints.empty() ? "" : " -> ", fmt::join(one.complaints, " "));
  }
  std::cout << fmt::format(
      "faults caught: {} of {}; variants without complaint: {} of {}; {:.1f} s\n", caught,
      proof.faults.size(), clean, proof.variants.size(),
      static_cast<double>(proof.took.count()) / 1e6);
}

/// Registries that come and go by the hundred need the same large memory again and again: a sixth
/// of the time of a proof would go into asking the system for it and clearing it.
void keep_large_memory() {
  constexpr int large_bytes = 8 << 20;
  mallopt(M_MMAP_THRESHOLD, large_bytes);
  mallopt(M_TRIM_THRESHOLD, 2 * large_bytes);
}

int run_proof(prove_flags& flags) {
  keep_large_memory();
  flags.options.suite_version = version();
  flags.options.on_step = [](const proof_step& step) { show(step); };
  const proof_result proof = prove(suite::all_scenarios(), suite::all_observers(), flags.options);
  if (proof.faults.empty() && proof.variants.empty()) {
    std::cerr << "plimsoll prove: no fault or variant has '" << printable(flags.options.filter)
              << "' in its name or requirement; `plimsoll list faults` shows them\n";
    return 2;
  }
  show(proof);
  if (!flags.json.empty()) {
    if (const auto done = write_file(flags.json, reports::to_json(proof)); !done) {
      std::cerr << "plimsoll prove: --json: " << done.error().what() << '\n';
      return 3;
    }
  }
  return holds(proof) ? 0 : 1;
}

}  // namespace

runnable describe_prove(CLI::App& app) {
  const auto flags = std::make_shared<prove_flags>();
  // A registry and its judge wait for each other, and for times to pass, more than they compute.
  constexpr unsigned threads_a_core = 4;
  flags->options.threads =
      threads_a_core * std::clamp(std::thread::hardware_concurrency(), 1U, 64U);
  app.add_option("--filter", flags->options.filter,
                 "Only faults and variants with this text in their name or requirement");
  app.add_option("--json", flags->json, "Also write the proof to this file");
  app.add_option("--seed", flags->options.seed, "Decides content and names")->capture_default_str();
  app.add_option("--threads", flags->options.threads, "Registries judged at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  return [flags] { return run_proof(*flags); };
}

}  // namespace plimsoll::cli
