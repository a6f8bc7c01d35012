#include "plimsoll/load_reports/comparison.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/load/units.hpp"

namespace plimsoll::load {
namespace {

using nlohmann::ordered_json;

std::string value_or_dash(const compared_metric& compared, const std::vector<double>& runs,
                          const std::optional<double>& merged, double median) {
  if (runs.empty()) return "-";
  return shown_value(compared.metric.kind, merged.value_or(median));
}

std::string row(const compared_metric& compared, std::size_t width) {
  const bool decided = has_change(compared);
  const std::string interval =
      decided ? fmt::format("{} to {}", shown_change(compared.effect, compared.interval.low),
                            shown_change(compared.effect, compared.interval.high))
              : "-";
  std::string line = fmt::format(
      "{:<{}}  {:>10}  {:>10}  {:>13}  {:>30}  {:>7.4f}  {:>7.4f}  {}",
      shown_text(to_string(compared.metric)), width, shown_base(compared), shown_new(compared),
      decided ? shown_change(compared.effect, compared.change) : "-", interval, compared.p,
      compared.p_adjusted, to_string(compared.verdict));
  if (!compared.reason.empty()) line += ": " + shown_text(compared.reason);
  return line + "\n";
}

std::string table(const comparison& comparison) {
  std::size_t width = 6;
  for (const compared_metric& compared : comparison.metrics) {
    width = std::max(width, shown_text(to_string(compared.metric)).size());
  }
  std::string out =
      fmt::format("{:<{}}  {:>10}  {:>10}  {:>13}  {:>30}  {:>7}  {:>7}  {}\n", "metric", width,
                  "base", "new", "change", "interval", "p", "Holm", "verdict");
  for (const compared_metric& compared : comparison.metrics) out += row(compared, width);
  return out;
}

ordered_json encode(const compared_metric& compared) {
  ordered_json out = {{"metric", to_string(compared.metric)},
                      {"verdict", to_string(compared.verdict)},
                      {"reason", compared.reason},
                      {"base", compared.base},
                      {"new", compared.fresh},
                      {"effect", compared.effect == effect_kind::ratio ? "ratio" : "difference"},
                      {"change", compared.change},
                      {"low", compared.interval.low},
                      {"high", compared.interval.high},
                      {"margin", compared.margin},
                      {"p", compared.p},
                      {"p_adjusted", compared.p_adjusted}};
  if (compared.base_merged) out["base_merged"] = *compared.base_merged;
  if (compared.fresh_merged) out["new_merged"] = *compared.fresh_merged;
  return out;
}

}  // namespace

std::string shown_base(const compared_metric& compared) {
  return value_or_dash(compared, compared.base, compared.base_merged, compared.base_median);
}

std::string shown_new(const compared_metric& compared) {
  return value_or_dash(compared, compared.fresh, compared.fresh_merged, compared.fresh_median);
}

std::string summary(const comparison& comparison) {
  std::string out = table(comparison) + "\n";
  for (const std::string& note : comparison.notes) out += "note: " + shown_text(note) + "\n";
  out += fmt::format(
      "Runs of the base: {}; new ones: {}. Base and new are medians over the runs, percentiles are "
      "of\n"
      "all their samples; change, interval and test are of the runs' own values.\n",
      comparison.base_runs, comparison.fresh_runs);
  return out + fmt::format("verdict: {}\n", to_string(comparison.verdict));
}

std::string to_json(const comparison& comparison) {
  ordered_json out = {{"plimsoll_comparison", {{"version", 1}}},
                      {"verdict", to_string(comparison.verdict)},
                      {"base_runs", comparison.base_runs},
                      {"new_runs", comparison.fresh_runs},
                      {"notes", comparison.notes},
                      {"metrics", ordered_json::array()}};
  for (const compared_metric& compared : comparison.metrics) {
    out["metrics"].push_back(encode(compared));
  }
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace plimsoll::load
