#pragma once

#include <nlohmann/json.hpp>

#include "plimsoll/load_values/comparison.hpp"
#include "plimsoll/load_values/load_result.hpp"

namespace plimsoll::reports {

/// A load run as the page draws it: percentiles and bars in place of histograms.
[[nodiscard]] nlohmann::ordered_json page_load(const load::load_result& run);

/// Two sets of load runs, as the page shows them.
[[nodiscard]] nlohmann::ordered_json page_comparison(const load::comparison& of);

}  // namespace plimsoll::reports
