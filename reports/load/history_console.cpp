#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "plimsoll/load_reports/history.hpp"
#include "reports/load/units.hpp"

namespace plimsoll::load {
namespace {

constexpr std::size_t most_lines = 10;

std::string shown(const past_work& work, const kept_figure& figure) {
  const auto value = figure_of(work, figure);
  return value ? shown_value(figure.kind, *value) : "-";
}

/// The outcome of the objectives, or why the run is not valid.
std::string outcome_of(const past_load& run) {
  if (!run.invalid.empty()) return "not valid: " + shown_text(run.invalid.front());
  std::string out;
  for (const judged_objective& objective : run.objectives) {
    if (objective.outcome == objective_outcome::kept) continue;
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", to_string(objective.outcome),
                       shown_text(objective.objective));
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

std::string name_of(const trend& trend) {
  return shown_text(to_string(metric{trend.operation, trend.figure.kind, trend.figure.quantile}));
}

std::string change(const trend& trend, double baseline) {
  if (trend.figure.kind == metric_kind::errors) {
    return shown_change(effect_kind::difference, trend.newest - baseline);
  }
  return baseline > 0 ? shown_change(effect_kind::ratio, trend.newest / baseline) : "-";
}

std::string row(const trend& trend, std::size_t width) {
  const auto value = [&trend](double number) { return shown_value(trend.figure.kind, number); };
  const bool alone = trend.runs == 0;
  return fmt::format("  {:<{}}  {:>10}  {:>10}  {:>13}  {:>10}  {:>13}  {:>12}{}\n", name_of(trend),
                     width, value(trend.newest), trend.before ? value(*trend.before) : "-",
                     trend.before ? change(trend, *trend.before) : "-",
                     alone ? "-" : value(trend.median), alone ? "-" : change(trend, trend.median),
                     alone ? "-" : fmt::format("{} of {}", trend.worse_than, trend.runs),
                     is_unusual(trend) ? "  unusual" : "");
}

/// The trends of operations; the HTML history has those of steps too.
std::string trend_table(const test_history& history) {
  auto rows = trends_of(history);
  std::erase_if(rows, [](const trend& trend) { return trend.is_step; });
  std::size_t width = 6;
  for (const trend& trend : rows) {
    width = std::max(width, name_of(trend).size());
  }
  std::string out =
      fmt::format("  {:<{}}  {:>10}  {:>10}  {:>13}  {:>10}  {:>13}  {:>12}\n", "figure", width,
                  "newest", "before it", "change", "median", "change", "worse than");
  for (const trend& trend : rows) out += row(trend, width);
  return out;
}

std::string comparison_with_earlier(const test_history& history) {
  const past_load* const newest = newest_valid(history);
  if (newest == nullptr) return "  no run is a measurement of the registry\n";
  const auto valid = static_cast<std::size_t>(
      std::count_if(history.runs.begin(), history.runs.end(),
                    [](const past_load& run) { return run.invalid.empty(); }));
  if (valid < 2) return {};
  return fmt::format(
             "\n  the newest valid run, {}, beside the one before it and the median of the last "
             "{}; "
             "single runs differ by chance too\n",
             shown_text(newest->started), std::min(valid - 1, baseline_runs)) +
         trend_table(history);
}

std::string test_section(const test_history& history) {
  const std::size_t runs = history.runs.size();
  std::string out = fmt::format("{}  {} ({}): {} load {}\n", shown_text(history.registry),
                                shown_text(history.workload), shown_text(history.conditions), runs,
                                runs == 1 ? "run" : "runs");
  for (std::size_t i = runs - std::min(runs, most_lines); i < runs; ++i) {
    out += line_of(history.runs[i]);
  }
  return out + comparison_with_earlier(history) + "\n";
}

}  // namespace

std::string history_summary(std::span<const past_load> runs) {
  std::string out;
  for (const test_history& history : by_test({runs.begin(), runs.end()})) {
    out += test_section(history);
  }
  return out;
}

}  // namespace plimsoll::load
