#pragma once

#include <span>
#include <string>
#include <string_view>

#include "plimsoll/load_values/load_result.hpp"
#include "plimsoll/load_values/metric.hpp"
#include "plimsoll/load_values/workload.hpp"

namespace plimsoll::load {

/// What a run has to keep to, for example `pull.p99<250ms`.
struct objective {
  std::string text;  ///< As it was given.
  load::metric metric;
  enum class comparison : std::uint8_t { below, at_most, above, at_least };
  comparison must_be = comparison::below;
  double limit = 0;  ///< In the metric's unit.
};

/// Reads an objective: a metric, one of < <= > >=, and a limit with its unit: a time for
/// latencies (250ms), a percentage for errors (0.1%), bytes a second for throughput (1GB/s), a
/// number a second for rates (500/s). An error says what was expected and names the nearest
/// metric or operation.
///
/// @param names of the operations and steps that there will be; none: any name is taken
[[nodiscard]] result<objective> parse_objective(std::string_view text,
                                                std::span<const std::string_view> names);

/// All objectives of a workload, against its operations; the first error.
[[nodiscard]] result<std::vector<objective>> objectives_of(
    const workload& load, std::span<const std::string_view> step_names);

/// What a run comes to: refused where there are too few samples, never guessed.
[[nodiscard]] judged_objective judge(const objective& objective, const load_result& run);

}  // namespace plimsoll::load
