#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "plimsoll/load_reports/history.hpp"
#include "plimsoll/load_values/comparison.hpp"

namespace plimsoll::load {
namespace {

using runs_by_time = std::vector<const past_load*>;

runs_by_time valid_by_time(std::span<const past_load> runs) {
  runs_by_time sorted;
  for (const past_load& run : runs) {
    if (run.invalid.empty()) sorted.push_back(&run);
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const past_load* a, const past_load* b) { return a->started < b->started; });
  return sorted;
}

struct column {
  std::string operation;
  kept_figure figure;
};

/// Without the percentiles that short runs lack.
constexpr std::array written{
    kept_figure{metric_kind::rate},           kept_figure{metric_kind::throughput},
    kept_figure{metric_kind::errors},         kept_figure{metric_kind::quantile, 0.5},
    kept_figure{metric_kind::quantile, 0.95}, kept_figure{metric_kind::quantile, 0.99}};

std::optional<double> cell(const column& column, const past_load& run) {
  for (const past_work& work : run.operations) {
    if (work.name == column.operation) return figure_of(work, column.figure);
  }
  return std::nullopt;
}

/// The columns that all runs have.
std::vector<column> columns_of(const runs_by_time& runs) {
  std::vector<column> columns;
  for (const past_work& work : runs.front()->operations) {
    for (const kept_figure& figure : written) {
      const column candidate{work.name, figure};
      const bool everywhere = std::all_of(
          runs.begin(), runs.end(),
          [&candidate](const past_load* run) { return cell(candidate, *run).has_value(); });
      if (everywhere) columns.push_back(candidate);
    }
  }
  return columns;
}

std::string csv_field(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string heading(const column& column) {
  return csv_field(to_string(metric{column.operation, column.figure.kind, column.figure.quantile}));
}

std::string shown(const column& column, const past_load& run) {
  const bool time = column.figure.kind == metric_kind::quantile;
  return fmt::format("{:.9g}", cell(column, run).value() * (time ? 1e-9 : 1));
}

}  // namespace

result<std::string> otava_csv(std::span<const past_load> runs) {
  const auto valid = valid_by_time(runs);
  if (valid.empty()) return error::of("there is no valid load run");
  for (const past_load* run : valid) {
    const past_load& first = *valid.front();
    const auto same =
        check_same_test({first.workload, first.conditions}, {run->workload, run->conditions});
    if (!same) return same.error();
  }
  const auto columns = columns_of(valid);
  std::string out = "time,run,version,registry";
  for (const column& column : columns) out += "," + heading(column);
  for (const past_load* run : valid) {
    out += "\n" + csv_field(run->started);
    for (const auto& text : {run->run_id, run->version, run->registry}) {
      out += "," + csv_field(text);
    }
    for (const column& column : columns) out += "," + shown(column, *run);
  }
  return out + "\n";
}

}  // namespace plimsoll::load
