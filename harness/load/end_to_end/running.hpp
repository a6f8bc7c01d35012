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
  run_options how;
  how.registry.registry = registry;
  how.run_id = "test";
  how.plan.name = "test";
  operation one;
  one.name = "work";
  one.kind = kind;
  one.part_bytes = 700;
  one.ask = kind == operation_kind::image_push;
  how.plan.operations.push_back(one);
  how.plan.content.layers = {3, 0, 3, 3};
  how.plan.content.layer_bytes = std::vector<size_bucket>{{1, 3000, 3000}};
  how.plan.content.config_bytes = 300;
  how.plan.pace = closed_loop{2};
  how.threads = 1;
  how.operations = 6;
  how.grace = std::chrono::seconds(1);
  return how;
}

inline result<load_result> run(const run_options& how) {
  const std::atomic<int> interrupts{0};
  return run(how, {}, interrupts);
}

inline const measured_work* step_of(const load_result& run, std::string_view name) {
  const auto found = std::find_if(run.steps.begin(), run.steps.end(),
                                  [&](const measured_work& one) { return one.name == name; });
  return found == run.steps.end() ? nullptr : &*found;
}

inline std::uint64_t failures_by(const measured_work& work, std::string_view kind) {
  for (const auto& [name, count] : work.failures) {
    if (name == kind) return count;
  }
  return 0;
}

}  // namespace plimsoll::load
