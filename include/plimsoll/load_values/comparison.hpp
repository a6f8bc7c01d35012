#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/load_values/load_result.hpp"
#include "plimsoll/load_values/metric.hpp"
#include "plimsoll/load_values/statistics.hpp"

namespace plimsoll::load {

/// Fewer runs on a side decide nothing: of three and three, no exact test comes below 0.10.
inline constexpr std::size_t least_runs = 4;

struct comparison_settings {
  double margin = 0.05;          ///< For medians, means, rates and throughput; a share, above 0.
  double tail_margin = 0.10;     ///< For percentiles above the median, and the maximum.
  double errors_margin = 0.001;  ///< For error shares: a difference, in shares of all.
  double confidence = 0.95;      ///< Of the intervals.
  std::size_t resamples = 10'000;
  std::uint64_t seed = 1;
};

/// How much worse a metric may be.
[[nodiscard]] double margin_of(const metric& metric, const comparison_settings& settings) noexcept;

enum class comparison_verdict : std::uint8_t {
  not_worse,     ///< The whole interval is better than the margin.
  worse,         ///< The whole interval is beyond the margin.
  inconclusive,  ///< Neither; or too few runs.
};

[[nodiscard]] std::string_view to_string(comparison_verdict verdict) noexcept;

/// One metric of the base runs and of the new runs.
struct compared_metric {
  load::metric metric;
  std::vector<double> base;   ///< One value a run; runs with too few samples have none.
  std::vector<double> fresh;  ///< The new runs'.
  double base_median = 0;     ///< Zero where there is no value.
  double fresh_median = 0;
  /// The percentile of all samples of a side, from its merged histograms; where it is one.
  std::optional<double> base_merged;
  std::optional<double> fresh_merged;
  effect_kind effect = effect_kind::ratio;
  double change = 0;        ///< Ratio or difference of the medians, new to base.
  load::interval interval;  ///< Of the change.
  double margin = 0;
  double p = 1;           ///< Exact Mann-Whitney.
  double p_adjusted = 1;  ///< After Holm's correction over all metrics compared.
  comparison_verdict verdict = comparison_verdict::inconclusive;
  std::string reason;  ///< Why it is inconclusive.
};

/// Whether there is a change with an interval: also where that interval holds the margin.
[[nodiscard]] bool has_change(const compared_metric& compared) noexcept;

/// A set of new runs compared with a set of base runs.
struct comparison {
  std::size_t base_runs = 0;  ///< Valid ones.
  std::size_t fresh_runs = 0;
  std::vector<compared_metric> metrics;
  std::vector<std::string> notes;  ///< Runs that were left out, and what differs between runs.
  comparison_verdict verdict = comparison_verdict::inconclusive;
};

/// A condition that has to be equal for two runs to be comparable.
struct compared_condition {
  const char* name;
  std::string fidelity::*value;
};

inline constexpr std::array<compared_condition, 6> compared_conditions{
    {{"content", &fidelity::content},
     {"verify", &fidelity::verify},
     {"cache", &fidelity::cache},
     {"reuse", &fidelity::reuse},
     {"popularity", &fidelity::popularity},
     {"pacing", &fidelity::pacing}}};

/// The workload and conditions of a run.
struct load_test {
  std::string_view workload;
  const fidelity& conditions;
};

/// Whether both have the same workload and `compared_conditions`; the error names what differs.
[[nodiscard]] result<void> check_same_test(const load_test& first, const load_test& other);

/// Compares two sets of runs. The unit is the run, never the request: requests of one run share
/// its luck, and testing them finds a difference in half of all comparisons of a registry with
/// itself, at 2 % between runs.
///
/// The verdict depends on the interval and the margin alone. The p values are additional evidence:
/// with few runs and many metrics no corrected one can become small, however large the change is.
///
/// At 2 % between runs and five runs a side, a registry that is 10 % slower is found
/// worse in 85 % of comparisons, one that is 20 % slower in all.
///
/// @return an error where the runs are of different workloads or conditions, where a side has
///         none, or more runs are given than `most_tested_values`
[[nodiscard]] result<comparison> compare(std::span<const load_result> base,
                                         std::span<const load_result> fresh,
                                         const comparison_settings& settings);

/// 1 where something is worse; 3 where a side has no valid run, or where `strict` and not all is
/// shown to be no worse; else 0.
enum class strictness : std::uint8_t { lenient, strict };
[[nodiscard]] int exit_code(const comparison& comparison, strictness strictness) noexcept;

}  // namespace plimsoll::load
