#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/load_values/load_result.hpp"
#include "plimsoll/load_values/metric.hpp"

/// Load runs over weeks: what is kept of each, which are of one test, and the trend of the newest.
namespace plimsoll::load {

/// A number that a history keeps of each operation and of each kind of step.
struct kept_figure {
  metric_kind kind;
  double quantile = 0;  ///< Where it is one.

  friend bool operator==(const kept_figure&, const kept_figure&) = default;
};

inline constexpr std::array kept_figures{
    kept_figure{metric_kind::quantile, 0.5},  kept_figure{metric_kind::quantile, 0.95},
    kept_figure{metric_kind::quantile, 0.99}, kept_figure{metric_kind::quantile, 0.999},
    kept_figure{metric_kind::rate, 0},        kept_figure{metric_kind::throughput, 0},
    kept_figure{metric_kind::errors, 0},
};

struct past_work {
  std::string name;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  /// One for each of `kept_figures`; nothing where the run has too few samples.
  std::array<std::optional<double>, kept_figures.size()> figures;
};

/// Nothing where the history does not keep the figure, or has no value.
[[nodiscard]] std::optional<double> figure_of(const past_work& work,
                                              const kept_figure& figure) noexcept;

/// A load run without its histograms: about a hundredth of its memory.
struct past_load {
  std::string file;  ///< The name of its result.
  std::string version;
  std::string run_id;
  std::string registry;
  std::string workload;
  std::string started;  ///< RFC 3339, UTC.
  fidelity conditions;
  std::vector<std::string> invalid;
  std::vector<judged_objective> objectives;
  past_work all;  ///< All operations together.
  std::vector<past_work> operations;
  std::vector<past_work> steps;
};

[[nodiscard]] past_load past_load_of(std::string file, const load_result& run);

/// The runs of one registry, workload and conditions, by time.
struct test_history {
  std::string registry;
  std::string workload;
  std::string
      conditions;  ///< The pacing, and other conditions that differ between tests of that name.
  std::vector<past_load> runs;
};

/// By registry and workload, in the order of their names.
[[nodiscard]] std::vector<test_history> by_test(std::vector<past_load> runs);

/// The latest valid run; null where there is none.
[[nodiscard]] const past_load* newest_valid(const test_history& history) noexcept;

/// The most earlier runs that the newest is compared with: three months of nightly runs.
inline constexpr std::size_t baseline_runs = 90;

/// A figure of the newest valid run, compared with those of the valid runs before it.
struct trend {
  std::string operation;  ///< The operation or step; empty: all operations together.
  bool is_step = false;
  kept_figure figure;
  double newest = 0;
  std::optional<double> before;  ///< Of the valid run before it.
  std::size_t runs = 0;  ///< The number of the last `baseline_runs` valid runs that have it.
  double median = 0;     ///< Of these runs, as the next ones; zero where there is none.
  double least = 0;
  double most = 0;
  std::size_t worse_than = 0;  ///< How many of these are better than the newest.
};

/// Whether the newest is worse than the median by more than `compare` allows a metric of its kind.
[[nodiscard]] bool is_worse(const trend& trend) noexcept;

/// With fewer runs no figure is called unusual.
inline constexpr std::size_t least_unusual_runs = 20;

/// Whether the newest is so much worse, and worse than nine in ten of the runs before. Chance alone
/// makes it that of one figure in ten at most.
[[nodiscard]] bool is_unusual(const trend& trend) noexcept;

/// For every figure that the newest valid run has; all operations first where there are several.
[[nodiscard]] std::vector<trend> trends_of(const test_history& history);

}  // namespace plimsoll::load
