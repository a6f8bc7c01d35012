#pragma once

#include <string>

#include "plimsoll/load_values/comparison.hpp"

namespace plimsoll::load {

/// A comparison for a person at a terminal: a line a metric, the notes, and the verdict last.
[[nodiscard]] std::string summary(const comparison& comparison);

/// A side's value of a metric, for people: the median of its runs, or the percentile of all their
/// samples; "-" where no run has it.
[[nodiscard]] std::string shown_base(const compared_metric& compared);
[[nodiscard]] std::string shown_new(const compared_metric& compared);

/// A comparison as one JSON document for machines: times in nanoseconds, errors as shares, the
/// values of every run. Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string to_json(const comparison& comparison);

}  // namespace plimsoll::load
