#include "plimsoll/load_values/load_result.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace plimsoll::load {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr nanoseconds most_lag = 1ms;
constexpr int latency_per_lag = 10;

void add(named_counts& total, const named_counts& more) {
  for (const auto& [name, count] : more) {
    const auto entry = std::find_if(total.begin(), total.end(), [&name = name](const auto& known) {
      return known.first == name;
    });
    if (entry == total.end()) {
      total.emplace_back(name, count);
    } else {
      entry->second += count;
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
  for (const measured_work& work : run.operations) {
    all.latency.merge(work.latency);
    all.service.merge(work.service);
    all.failed.merge(work.failed);
    add(all.failures, work.failures);
    all.bytes_sent += work.bytes_sent;
    all.bytes_received += work.bytes_received;
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
  const auto any = [&run](objective_outcome wanted) {
    return std::any_of(
        run.objectives.begin(), run.objectives.end(),
        [wanted](const judged_objective& objective) { return objective.outcome == wanted; });
  };
  if (!run.invalid.empty()) return 3;
  if (any(objective_outcome::broken)) return 1;
  return any(objective_outcome::refused) ? 3 : 0;
}

}  // namespace plimsoll::load
