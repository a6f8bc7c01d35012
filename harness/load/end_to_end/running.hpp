#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "plimsoll/load/run.hpp"

namespace plimsoll::load {

/// A small closed loop of one operation, on one image.
inline run_options options_of(operation_kind kind, const std::string& registry) {
  run_options options;
  options.registry.registry = registry;
  options.run_id = "test";
  options.plan.name = "test";
  operation step;
  step.name = "work";
  step.kind = kind;
  step.part_bytes = 700;
  step.ask = kind == operation_kind::image_push;
  options.plan.operations.push_back(step);
  options.plan.content.layers = {3, 0, 3, 3};
  options.plan.content.layer_bytes = std::vector<size_bucket>{{1, 3000, 3000}};
  options.plan.content.config_bytes = 300;
  options.plan.pace = closed_loop{2};
  options.threads = 1;
  options.operations = 6;
  options.grace = std::chrono::seconds(1);
  return options;
}

inline result<load_result> run(const run_options& options) {
  const std::atomic<int> interrupts{0};
  return run(options, {}, interrupts);
}

inline const measured_work* step_of(const load_result& run, std::string_view name) {
  const auto entry = std::find_if(run.steps.begin(), run.steps.end(),
                                  [&](const measured_work& work) { return work.name == name; });
  return entry == run.steps.end() ? nullptr : &*entry;
}

inline std::uint64_t failures_by(const measured_work& work, std::string_view kind) {
  for (const auto& [name, count] : work.failures) {
    if (name == kind) return count;
  }
  return 0;
}

}  // namespace plimsoll::load
