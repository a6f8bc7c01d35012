#pragma once

#include <string_view>

#include "plimsoll/reference_registry/statistics.hpp"
#include "plimsoll/reports/metrics.hpp"

namespace plimsoll::exposition {

/// The reference registry's traffic and content as metrics.
/// @param version of the suite
[[nodiscard]] reports::metric_families metrics_of(const reference::statistics& seen,
                                                  std::string_view version);

}  // namespace plimsoll::exposition
