#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "plimsoll/load_reports/history.hpp"
#include "reports/load/units.hpp"

namespace plimsoll::load {
namespace {

constexpr std::size_t most_lines = 10;

std::string shown(const past_work& of, const kept_figure& what) {
  const auto value = figure_of(of, what);
  return value ? shown_value(what.kind, *value) : "-";
}

/// What became of the objectives; of a run that proves nothing: that it does not.
std::string outcome_of(const past_load& run) {
  if (!run.invalid.empty()) return "not valid: " + shown_text(run.invalid.front());
  std::string out;
  for (const judged_objective& one : run.objectives) {
    if (one.outcome == objective_outcome::kept) continue;
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", to_string(one.outcome),
                       shown_text(one.objective));
  }
  if (!out.empty() || run.objectives.empty()) return out;
  return fmt::format("kept: {} of {}", run.objectives.size(), run.objectives.size());
}

std::string line_of(const past_load& run) {
  std::string line =
      fmt::format("  {:<20}  {:>9} good  {:>7} failed  {:>10}  p50 {:>8}  p99 {:>8}  {}",
                  shown_text(run.started), run.all.succeeded, run.all.failed,
                  shown(run.all, {metric_kind::rate}), shown(run.all, {metric_kind::quantile, 0.5}),
                  shown(run.all, {metric_kind::quantile, 0.99}), outcome_of(run));
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string name_of(const standing& one) {
  return shown_text(to_string(metric{one.of, one.what.kind, one.what.quantile}));
}

std::string change(const standing& of, double from) {
  if (of.what.kind == metric_kind::errors) {
    return shown_change(effect_kind::difference, of.newest - from);
  }
  return from > 0 ? shown_change(effect_kind::ratio, of.newest / from) : "-";
}

std::string row(const standing& of, std::size_t width) {
  const auto value = [&of](double of_it) { return shown_value(of.what.kind, of_it); };
  const bool alone = of.runs == 0;
  return fmt::format("  {:<{}}  {:>10}  {:>10}  {:>13}  {:>10}  {:>13}  {:>12}{}\n", name_of(of),
                     width, value(of.newest), of.before ? value(*of.before) : "-",
                     of.before ? change(of, *of.before) : "-", alone ? "-" : value(of.median),
                     alone ? "-" : change(of, of.median),
                     alone ? "-" : fmt::format("{} of {}", of.worse_than, of.runs),
                     is_unusual(of) ? "  unusual" : "");
}

/// Of operations; a history's page has the steps, too.
std::string standing_table(const test_history& of) {
  auto rows = standings_of(of);
  std::erase_if(rows, [](const standing& one) { return one.is_step; });
  std::size_t width = 6;
  for (const standing& one : rows) {
    width = std::max(width, name_of(one).size());
  }
  std::string out =
      fmt::format("  {:<{}}  {:>10}  {:>10}  {:>13}  {:>10}  {:>13}  {:>12}\n", "figure", width,
                  "newest", "before it", "change", "median", "change", "worse than");
  for (const standing& one : rows) out += row(one, width);
  return out;
}

std::string beside_earlier(const test_history& of) {
  const past_load* const newest = newest_valid(of);
  if (newest == nullptr) return "  no run is a measurement of the registry\n";
  const auto valid = static_cast<std::size_t>(std::count_if(
      of.runs.begin(), of.runs.end(), [](const past_load& one) { return one.invalid.empty(); }));
  if (valid < 2) return {};
  return fmt::format(
             "\n  the newest valid run, {}, beside the one before it and the median of the last "
             "{}; "
             "single runs differ by chance too\n",
             shown_text(newest->started), std::min(valid - 1, baseline_runs)) +
         standing_table(of);
}

std::string of_test(const test_history& of) {
  const std::size_t runs = of.runs.size();
  std::string out =
      fmt::format("{}  {} ({}): {} load {}\n", shown_text(of.registry), shown_text(of.workload),
                  shown_text(of.conditions), runs, runs == 1 ? "run" : "runs");
  for (std::size_t i = runs - std::min(runs, most_lines); i < runs; ++i) out += line_of(of.runs[i]);
  return out + beside_earlier(of) + "\n";
}

}  // namespace

std::string history_summary(std::span<const past_load> runs) {
  std::string out;
  for (const test_history& one : by_test({runs.begin(), runs.end()})) out += of_test(one);
  return out;
}

}  // namespace plimsoll::load
