#include "plimsoll/load_reports/comparison.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/load/units.hpp"

namespace plimsoll::load {
namespace {

using nlohmann::ordered_json;

std::string value_or_dash(const compared_metric& one, const std::vector<double>& runs,
                          const std::optional<double>& merged, double median) {
  if (runs.empty()) return "-";
  return shown_value(one.what.kind, merged.value_or(median));
}

std::string row(const compared_metric& one, std::size_t width) {
  const bool decided = has_change(one);
  const std::string interval =
      decided ? fmt::format("{} to {}", shown_change(one.effect, one.within.low),
                            shown_change(one.effect, one.within.high))
              : "-";
  std::string line =
      fmt::format("{:<{}}  {:>10}  {:>10}  {:>13}  {:>30}  {:>7.4f}  {:>7.4f}  {}",
                  shown_text(to_string(one.what)), width, shown_base(one), shown_new(one),
                  decided ? shown_change(one.effect, one.change) : "-", interval, one.p,
                  one.p_adjusted, to_string(one.verdict));
  if (!one.reason.empty()) line += ": " + shown_text(one.reason);
  return line + "\n";
}

std::string table(const comparison& of) {
  std::size_t width = 6;
  for (const compared_metric& one : of.metrics) {
    width = std::max(width, shown_text(to_string(one.what)).size());
  }
  std::string out =
      fmt::format("{:<{}}  {:>10}  {:>10}  {:>13}  {:>30}  {:>7}  {:>7}  {}\n", "metric", width,
                  "base", "new", "change", "interval", "p", "Holm", "verdict");
  for (const compared_metric& one : of.metrics) out += row(one, width);
  return out;
}

ordered_json encode(const compared_metric& one) {
  ordered_json out = {{"metric", to_string(one.what)},
                      {"verdict", to_string(one.verdict)},
                      {"reason", one.reason},
                      {"base", one.base},
                      {"new", one.fresh},
                      {"effect", one.effect == effect_kind::ratio ? "ratio" : "difference"},
                      {"change", one.change},
                      {"low", one.within.low},
                      {"high", one.within.high},
                      {"margin", one.margin},
                      {"p", one.p},
                      {"p_adjusted", one.p_adjusted}};
  if (one.base_merged) out["base_merged"] = *one.base_merged;
  if (one.fresh_merged) out["new_merged"] = *one.fresh_merged;
  return out;
}

}  // namespace

std::string shown_base(const compared_metric& one) {
  return value_or_dash(one, one.base, one.base_merged, one.base_median);
}

std::string shown_new(const compared_metric& one) {
  return value_or_dash(one, one.fresh, one.fresh_merged, one.fresh_median);
}

std::string summary(const comparison& of) {
  std::string out = table(of) + "\n";
  for (const std::string& note : of.notes) out += "note: " + shown_text(note) + "\n";
  out += fmt::format(
      "Runs of the base: {}; new ones: {}. Base and new are medians over the runs, percentiles are "
      "of\n"
      "all their samples; change, interval and test are of the runs' own values.\n",
      of.base_runs, of.fresh_runs);
  return out + fmt::format("verdict: {}\n", to_string(of.verdict));
}

std::string to_json(const comparison& of) {
  ordered_json out = {{"plimsoll_comparison", {{"version", 1}}},
                      {"verdict", to_string(of.verdict)},
                      {"base_runs", of.base_runs},
                      {"new_runs", of.fresh_runs},
                      {"notes", of.notes},
                      {"metrics", ordered_json::array()}};
  for (const compared_metric& one : of.metrics) out["metrics"].push_back(encode(one));
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace plimsoll::load
