#include "plimsoll/load_values/comparison.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::load {
namespace {

using runs = std::vector<const load_result*>;

error incomparable(std::string_view what, std::string_view one, std::string_view other) {
  return error::of(
      fmt::format("the runs are of different tests: {} is \"{}\" in one and \"{}\" in another",
                  what, printable(one, 80), printable(other, 80)));
}

load_test test_of(const load_result& run) {
  return {run.workload, run.conditions};
}

runs valid_of(std::span<const load_result> given, std::string_view side,
              std::vector<std::string>& notes) {
  runs valid;
  for (const load_result& one : given) {
    if (one.invalid.empty()) {
      valid.push_back(&one);
    } else {
      notes.push_back(fmt::format("left out: run {} of the {} is not valid: {}",
                                  printable(one.run_id, 40), side,
                                  printable(one.invalid.front(), 200)));
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

/// What is compared of an operation; an empty name: of all of them together.
std::vector<metric> metrics_of(const std::string& operation) {
  return {{operation, metric_kind::rate},
          {operation, metric_kind::throughput},
          {operation, metric_kind::quantile, 0.5},
          {operation, metric_kind::quantile, 0.99},
          {operation, metric_kind::errors}};
}

std::vector<metric> metrics_of(const load_result& run) {
  std::vector<metric> all;
  for (const measured_work& one : run.operations) {
    const auto more = metrics_of(one.name);
    all.insert(all.end(), more.begin(), more.end());
  }
  if (run.operations.size() > 1) {
    const auto more = metrics_of("");
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

std::vector<double> values_of(const metric& what, const runs& side) {
  std::vector<double> values;
  for (const load_result* run : side) {
    const auto value = value_of(what, *run);
    if (value) values.push_back(*value);
  }
  return values;
}

/// Percentiles of a side come from its merged histograms; averages of percentiles mean nothing.
std::optional<double> merged_quantile(const metric& what, const runs& side) {
  if (what.kind != metric_kind::quantile) return std::nullopt;
  load_result all;
  all.operations.resize(1);
  all.operations[0].name = "merged";
  for (const load_result* run : side) {
    for (const measured_work& one : run->operations) {
      if (what.of.empty() || one.name == what.of) all.operations[0].latency.merge(one.latency);
    }
  }
  const auto value = value_of({"merged", what.kind, what.quantile}, all);
  return value ? std::optional(*value) : std::nullopt;
}

comparison_verdict verdict_of(const compared_metric& one) {
  const double neutral = one.effect == effect_kind::ratio ? 1 : 0;
  if (less_is_better(one.what.kind)) {
    if (one.within.low > neutral + one.margin) return comparison_verdict::worse;
    if (one.within.high <= neutral + one.margin) return comparison_verdict::not_worse;
  } else {
    if (one.within.high < neutral - one.margin) return comparison_verdict::worse;
    if (one.within.low >= neutral - one.margin) return comparison_verdict::not_worse;
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
void decide(compared_metric& one, const comparison_settings& settings) {
  const std::size_t fewer = std::min(one.base.size(), one.fresh.size());
  if (!one.base.empty()) one.base_median = median(one.base);
  if (!one.fresh.empty()) one.fresh_median = median(one.fresh);
  one.margin = margin_of(one.what, settings);
  if (one.what.kind == metric_kind::errors) one.effect = effect_kind::difference;
  if (fewer == 0) {
    one.reason = "too few samples in each run of a side";
    return;
  }
  if (one.effect == effect_kind::ratio && !has_ratio(one.base)) {
    one.reason = "a run of the base has zero, which no ratio can be taken to";
    return;
  }
  one.change = one.effect == effect_kind::ratio ? one.fresh_median / one.base_median
                                                : one.fresh_median - one.base_median;
  // Sorted: what is drawn from a set must not depend on the order in which its runs were given.
  one.within = bootstrap(sorted(one.base), sorted(one.fresh), one.effect, settings.confidence,
                         settings.resamples, settings.seed);
  one.p = mann_whitney_p(one.base, one.fresh);
  if (fewer < least_runs) {
    one.reason = fmt::format("{} run{} with enough samples on a side, where {} are needed", fewer,
                             fewer == 1 ? "" : "s", least_runs);
    return;
  }
  one.verdict = verdict_of(one);
  if (one.verdict == comparison_verdict::inconclusive) {
    one.reason = "the interval holds the margin: more runs make it smaller";
  }
}

void correct(std::vector<compared_metric>& metrics) {
  std::vector<double> p;
  p.reserve(metrics.size());
  for (const compared_metric& one : metrics) p.push_back(one.p);
  const auto adjusted = holm_adjusted(p);
  for (std::size_t i = 0; i < metrics.size(); ++i) metrics[i].p_adjusted = adjusted[i];
}

comparison_verdict overall(const std::vector<compared_metric>& metrics) {
  const auto any = [&metrics](comparison_verdict what) {
    return std::any_of(metrics.begin(), metrics.end(),
                       [what](const compared_metric& one) { return one.verdict == what; });
  };
  if (any(comparison_verdict::worse)) return comparison_verdict::worse;
  if (metrics.empty() || any(comparison_verdict::inconclusive)) {
    return comparison_verdict::inconclusive;
  }
  return comparison_verdict::not_worse;
}

/// Nothing to say: no run of either side has it, or all have zero, as operations without bodies.
bool is_void(const compared_metric& one) {
  const auto zero = [](double value) { return value == 0; };
  return one.what.kind != metric_kind::errors &&
         std::all_of(one.base.begin(), one.base.end(), zero) &&
         std::all_of(one.fresh.begin(), one.fresh.end(), zero);
}

}  // namespace

result<void> check_same_test(const load_test& one, const load_test& other) {
  if (one.workload != other.workload) {
    return incomparable("the workload", one.workload, other.workload);
  }
  for (const auto& [name, value] : compared_conditions) {
    if (one.conditions.*value != other.conditions.*value) {
      return incomparable(name, one.conditions.*value, other.conditions.*value);
    }
  }
  return {};
}

double margin_of(const metric& what, const comparison_settings& settings) noexcept {
  if (what.kind == metric_kind::errors) return settings.errors_margin;
  const bool tail =
      what.kind == metric_kind::max || (what.kind == metric_kind::quantile && what.quantile > 0.5);
  return tail ? settings.tail_margin : settings.margin;
}

bool has_change(const compared_metric& one) noexcept {
  const bool has_interval = one.within.low != 0 || one.within.high != 0;
  return !one.base.empty() && !one.fresh.empty() && (one.reason.empty() || has_interval);
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
    for (const load_result& one : side) {
      if (const auto alike = check_same_test(test_of(base.front()), test_of(one)); !alike) {
        return alike.error();
      }
    }
  }
  comparison made;
  const runs before = valid_of(base, "base", made.notes);
  const runs after = valid_of(fresh, "new runs", made.notes);
  note_differences(base.front(), fresh.front(), made.notes);
  made.base_runs = before.size();
  made.fresh_runs = after.size();
  if (before.empty()) made.notes.emplace_back("no run of the base is valid: nothing is compared");
  if (after.empty()) made.notes.emplace_back("no new run is valid: nothing is compared");
  for (const metric& what : metrics_of(base.front())) {
    compared_metric one;
    one.what = what;
    one.base = values_of(what, before);
    one.fresh = values_of(what, after);
    if (is_void(one)) continue;
    one.base_merged = merged_quantile(what, before);
    one.fresh_merged = merged_quantile(what, after);
    decide(one, settings);
    made.metrics.push_back(std::move(one));
  }
  correct(made.metrics);
  made.verdict = overall(made.metrics);
  return made;
}

int exit_code(const comparison& of, strictness how) noexcept {
  if (of.verdict == comparison_verdict::worse) return 1;
  if (of.base_runs == 0 || of.fresh_runs == 0) return 3;
  const bool shown = of.verdict == comparison_verdict::not_worse;
  return shown || how == strictness::lenient ? 0 : 3;
}

}  // namespace plimsoll::load
