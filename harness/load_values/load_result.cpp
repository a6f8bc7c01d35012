#include "plimsoll/load_values/load_result.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace plimsoll::load {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr nanoseconds most_lag = 1ms;
constexpr int latency_per_lag = 10;

void add(named_counts& to, const named_counts& more) {
  for (const auto& [name, count] : more) {
    const auto found = std::find_if(to.begin(), to.end(),
                                    [&name = name](const auto& one) { return one.first == name; });
    if (found == to.end()) {
      to.emplace_back(name, count);
    } else {
      found->second += count;
    }
  }
}

double milliseconds(nanoseconds time) noexcept {
  return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

std::uint64_t failures_of(const measured_work& work) noexcept {
  std::uint64_t sum = 0;
  for (const auto& [kind, count] : work.failures) sum += kind == unfinished ? 0 : count;
  return sum;
}

std::string_view to_string(objective_outcome outcome) noexcept {
  switch (outcome) {
    case objective_outcome::kept:
      return "kept";
    case objective_outcome::broken:
      return "broken";
    case objective_outcome::refused:
      break;
  }
  return "refused";
}

measured_work all_operations(const load_result& run) {
  measured_work all;
  all.name = "all";
  for (const measured_work& one : run.operations) {
    all.latency.merge(one.latency);
    all.service.merge(one.service);
    all.failed.merge(one.failed);
    add(all.failures, one.failures);
    all.bytes_sent += one.bytes_sent;
    all.bytes_received += one.bytes_received;
  }
  return all;
}

std::optional<std::string> generator_limit(const load_result& run) {
  const auto lag = run.lag.quantile(0.99);
  if (!lag) return std::nullopt;
  if (lag->value > most_lag) {
    return fmt::format("the generator was the limit: 1 % of starts were {:.3g} ms late or more",
                       milliseconds(lag->value));
  }
  const auto median = all_operations(run).latency.quantile(0.5);
  if (median && lag->value * latency_per_lag > median->value) {
    return fmt::format(
        "the generator was the limit: 1 % of starts were {:.3g} ms late or more, over a tenth of "
        "the median latency of {:.3g} ms",
        milliseconds(lag->value), milliseconds(median->value));
  }
  return std::nullopt;
}

int exit_code(const load_result& run) noexcept {
  const auto any = [&run](objective_outcome what) {
    return std::any_of(run.objectives.begin(), run.objectives.end(),
                       [what](const judged_objective& one) { return one.outcome == what; });
  };
  if (!run.invalid.empty()) return 3;
  if (any(objective_outcome::broken)) return 1;
  return any(objective_outcome::refused) ? 3 : 0;
}

}  // namespace plimsoll::load
