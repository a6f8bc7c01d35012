#pragma once

#include <cstdint>
#include <vector>

#include <nlohmann/json.hpp>

#include "plimsoll/load_values/comparison.hpp"
#include "plimsoll/load_values/load_result.hpp"
#include "plimsoll/load_values/past_load.hpp"

namespace plimsoll::reports {

/// A load run as the page draws it: percentiles and bars in place of histograms.
[[nodiscard]] nlohmann::ordered_json page_load(const load::load_result& run);

/// Two sets of load runs, as the page shows them.
[[nodiscard]] nlohmann::ordered_json page_comparison(const load::comparison& of);

/// How much of a history of load runs is drawn.
struct history_limit {
  std::size_t runs = SIZE_MAX;   ///< Of each test, the latest.
  std::size_t tests = SIZE_MAX;  ///< The first by registry and workload.
  bool steps = true;             ///< Beside operations.
};

/// Load runs test by test, figure by figure, and how the newest of each stands. What the newest is
/// set beside does not depend on how much is drawn.
[[nodiscard]] nlohmann::ordered_json page_load_history(const std::vector<load::past_load>& runs,
                                                       const history_limit& limit);

}  // namespace plimsoll::reports
