#include "plimsoll/load_values/comparison.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::load {
namespace {

using runs = std::vector<const load_result*>;

error incomparable(std::string_view property, std::string_view base, std::string_view other) {
  return error::of(
      fmt::format("the runs are of different tests: {} is \"{}\" in one and \"{}\" in another",
                  property, printable(base, 80), printable(other, 80)));
}

load_test test_of(const load_result& run) {
  return {run.workload, run.conditions};
}

runs valid_of(std::span<const load_result> side_runs, std::string_view side,
              std::vector<std::string>& notes) {
  runs valid;
  for (const load_result& run : side_runs) {
    if (run.invalid.empty()) {
      valid.push_back(&run);
    } else {
      notes.push_back(fmt::format("left out: run {} of the {} is not valid: {}",
                                  printable(run.run_id, 40), side,
                                  printable(run.invalid.front(), 200)));
    }
  }
  return valid;
}

void note_differences(const load_result& base, const load_result& fresh,
                      std::vector<std::string>& notes) {
  if (base.conditions.tls != fresh.conditions.tls) {
    notes.push_back(fmt::format("TLS differs: {} in the base, {} in the new runs",
                                printable(base.conditions.tls, 40),
                                printable(fresh.conditions.tls, 40)));
  }
  if (base.version != fresh.version) {
    notes.push_back(fmt::format("the generator differs: plimsoll {} and {}",
                                printable(base.version, 40), printable(fresh.version, 40)));
  }
}

/// The metrics of an operation; an empty name: of all operations together.
std::vector<metric> metrics_of(const std::string& operation) {
  return {{operation, metric_kind::rate},
          {operation, metric_kind::throughput},
          {operation, metric_kind::quantile, 0.5},
          {operation, metric_kind::quantile, 0.99},
          {operation, metric_kind::errors}};
}

std::vector<metric> metrics_of(const load_result& run) {
  std::vector<metric> all;
  for (const measured_work& work : run.operations) {
    const auto more = metrics_of(work.name);
    all.insert(all.end(), more.begin(), more.end());
  }
  if (run.operations.size() > 1) {
    const auto more = metrics_of("");
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

std::vector<double> values_of(const metric& metric, const runs& side) {
  std::vector<double> values;
  for (const load_result* run : side) {
    const auto value = value_of(metric, *run);
    if (value) values.push_back(*value);
  }
  return values;
}

/// A side's percentile, from its merged histograms: an average of percentiles has no meaning.
std::optional<double> merged_quantile(const metric& metric, const runs& side) {
  if (metric.kind != metric_kind::quantile) return std::nullopt;
  load_result all;
  all.operations.resize(1);
  all.operations[0].name = "merged";
  for (const load_result* run : side) {
    for (const measured_work& work : run->operations) {
      if (metric.operation.empty() || work.name == metric.operation) {
        all.operations[0].latency.merge(work.latency);
      }
    }
  }
  const auto value = value_of({"merged", metric.kind, metric.quantile}, all);
  return value ? std::optional(*value) : std::nullopt;
}

comparison_verdict verdict_of(const compared_metric& compared) {
  const double neutral = compared.effect == effect_kind::ratio ? 1 : 0;
  if (less_is_better(compared.metric.kind)) {
    if (compared.interval.low > neutral + compared.margin) return comparison_verdict::worse;
    if (compared.interval.high <= neutral + compared.margin) return comparison_verdict::not_worse;
  } else {
    if (compared.interval.high < neutral - compared.margin) return comparison_verdict::worse;
    if (compared.interval.low >= neutral - compared.margin) return comparison_verdict::not_worse;
  }
  return comparison_verdict::inconclusive;
}

std::vector<double> sorted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values;
}

bool has_ratio(const std::vector<double>& base) {
  return std::all_of(base.begin(), base.end(), [](double value) { return value > 0; });
}

/// Sets all but the corrected p.
void decide(compared_metric& compared, const comparison_settings& settings) {
  const std::size_t fewer = std::min(compared.base.size(), compared.fresh.size());
  if (!compared.base.empty()) compared.base_median = median(compared.base);
  if (!compared.fresh.empty()) compared.fresh_median = median(compared.fresh);
  compared.margin = margin_of(compared.metric, settings);
  if (compared.metric.kind == metric_kind::errors) compared.effect = effect_kind::difference;
  if (fewer == 0) {
    compared.reason = "too few samples in each run of a side";
    return;
  }
  if (compared.effect == effect_kind::ratio && !has_ratio(compared.base)) {
    compared.reason = "a run of the base is zero: there is no ratio to it";
    return;
  }
  compared.change = compared.effect == effect_kind::ratio
                        ? compared.fresh_median / compared.base_median
                        : compared.fresh_median - compared.base_median;
  // Sorted: the resamples must not depend on the order of the runs.
  compared.interval = bootstrap(sorted(compared.base), sorted(compared.fresh), compared.effect,
                                settings.confidence, settings.resamples, settings.seed);
  compared.p = mann_whitney_p(compared.base, compared.fresh);
  if (fewer < least_runs) {
    compared.reason = fmt::format("{} run{} with enough samples on a side, where {} are needed",
                                  fewer, fewer == 1 ? "" : "s", least_runs);
    return;
  }
  compared.verdict = verdict_of(compared);
  if (compared.verdict == comparison_verdict::inconclusive) {
    compared.reason = "the interval holds the margin: more runs make it smaller";
  }
}

void correct(std::vector<compared_metric>& metrics) {
  std::vector<double> p;
  p.reserve(metrics.size());
  for (const compared_metric& compared : metrics) p.push_back(compared.p);
  const auto adjusted = holm_adjusted(p);
  for (std::size_t i = 0; i < metrics.size(); ++i) metrics[i].p_adjusted = adjusted[i];
}

comparison_verdict overall(const std::vector<compared_metric>& metrics) {
  const auto any = [&metrics](comparison_verdict wanted) {
    return std::any_of(metrics.begin(), metrics.end(), [wanted](const compared_metric& compared) {
      return compared.verdict == wanted;
    });
  };
  if (any(comparison_verdict::worse)) return comparison_verdict::worse;
  if (metrics.empty() || any(comparison_verdict::inconclusive)) {
    return comparison_verdict::inconclusive;
  }
  return comparison_verdict::not_worse;
}

/// Whether no run of either side has the metric, or all have zero, as operations without bodies.
bool is_void(const compared_metric& compared) {
  const auto zero = [](double value) { return value == 0; };
  return compared.metric.kind != metric_kind::errors &&
         std::all_of(compared.base.begin(), compared.base.end(), zero) &&
         std::all_of(compared.fresh.begin(), compared.fresh.end(), zero);
}

}  // namespace

result<void> check_same_test(const load_test& first, const load_test& other) {
  if (first.workload != other.workload) {
    return incomparable("the workload", first.workload, other.workload);
  }
  for (const auto& [name, value] : compared_conditions) {
    if (first.conditions.*value != other.conditions.*value) {
      return incomparable(name, first.conditions.*value, other.conditions.*value);
    }
  }
  return {};
}

double margin_of(const metric& metric, const comparison_settings& settings) noexcept {
  if (metric.kind == metric_kind::errors) return settings.errors_margin;
  const bool tail = metric.kind == metric_kind::max ||
                    (metric.kind == metric_kind::quantile && metric.quantile > 0.5);
  return tail ? settings.tail_margin : settings.margin;
}

bool has_change(const compared_metric& compared) noexcept {
  const bool has_interval = compared.interval.low != 0 || compared.interval.high != 0;
  return !compared.base.empty() && !compared.fresh.empty() &&
         (compared.reason.empty() || has_interval);
}

std::string_view to_string(comparison_verdict verdict) noexcept {
  switch (verdict) {
    case comparison_verdict::not_worse:
      return "not worse";
    case comparison_verdict::worse:
      return "worse";
    case comparison_verdict::inconclusive:
      break;
  }
  return "inconclusive";
}

result<comparison> compare(std::span<const load_result> base, std::span<const load_result> fresh,
                           const comparison_settings& settings) {
  if (base.empty() || fresh.empty()) return error::of("compare: expected runs on both sides");
  if (base.size() + fresh.size() > most_tested_values) {
    return error::of(fmt::format("compare: received {} runs, expected at most {}",
                                 base.size() + fresh.size(), most_tested_values));
  }
  for (const auto& side : {base, fresh}) {
    for (const load_result& run : side) {
      if (const auto alike = check_same_test(test_of(base.front()), test_of(run)); !alike) {
        return alike.error();
      }
    }
  }
  comparison comparison;
  const runs before = valid_of(base, "base", comparison.notes);
  const runs after = valid_of(fresh, "new runs", comparison.notes);
  note_differences(base.front(), fresh.front(), comparison.notes);
  comparison.base_runs = before.size();
  comparison.fresh_runs = after.size();
  if (before.empty()) {
    comparison.notes.emplace_back("no run of the base is valid: nothing is compared");
  }
  if (after.empty()) comparison.notes.emplace_back("no new run is valid: nothing is compared");
  for (const metric& metric : metrics_of(base.front())) {
    compared_metric compared;
    compared.metric = metric;
    compared.base = values_of(metric, before);
    compared.fresh = values_of(metric, after);
    if (is_void(compared)) continue;
    compared.base_merged = merged_quantile(metric, before);
    compared.fresh_merged = merged_quantile(metric, after);
    decide(compared, settings);
    comparison.metrics.push_back(std::move(compared));
  }
  correct(comparison.metrics);
  comparison.verdict = overall(comparison.metrics);
  return comparison;
}

int exit_code(const comparison& comparison, strictness strictness) noexcept {
  if (comparison.verdict == comparison_verdict::worse) return 1;
  if (comparison.base_runs == 0 || comparison.fresh_runs == 0) return 3;
  const bool shown = comparison.verdict == comparison_verdict::not_worse;
  return shown || strictness == strictness::lenient ? 0 : 3;
}

}  // namespace plimsoll::load
