#include <algorithm>
#include <cmath>

#include "reports/html/load_data.hpp"

namespace plimsoll::reports {
namespace {

using load::past_load;
using load::past_work;
using load::test_history;
using nlohmann::ordered_json;

/// Foreign text is shown that far: a page has room for many runs.
constexpr std::size_t most_text_bytes = 300;

std::string shortened(const std::string& text) {
  return text.substr(0, most_text_bytes);
}

/// Four digits: a histogram knows no more. Whole numbers are the shortest where they are exact.
ordered_json number(double value) {
  if (value == 0 || !std::isfinite(value)) return 0;
  const double scale = std::pow(10, 3 - std::floor(std::log10(std::abs(value))));
  const double rounded = std::round(value * scale) / scale;
  const bool whole = rounded == std::floor(rounded) && std::abs(rounded) < 1e15;
  return whole ? ordered_json(static_cast<std::int64_t>(rounded)) : ordered_json(rounded);
}

/// Of the runs that are drawn, the oldest first.
using drawn_runs = std::vector<const past_load*>;

drawn_runs drawn_of(const test_history& of, std::size_t most) {
  drawn_runs out;
  const std::size_t runs = of.runs.size();
  for (std::size_t i = runs - std::min(runs, most); i < runs; ++i) out.push_back(&of.runs[i]);
  return out;
}

const past_work* work_of(const past_load& run, const std::string& name, bool is_step) {
  for (const past_work& one : is_step ? run.steps : run.operations) {
    if (one.name == name) return &one;
  }
  return name.empty() && !is_step ? &run.all : nullptr;
}

/// Figure by figure, the value of each run; null in runs that are no measurements of the registry.
ordered_json figures(const drawn_runs& runs, const std::string& name, bool is_step) {
  ordered_json out = ordered_json::object();
  for (const load::kept_figure& what : load::kept_figures) {
    ordered_json values = ordered_json::array();
    for (const past_load* run : runs) {
      const past_work* const work = run->invalid.empty() ? work_of(*run, name, is_step) : nullptr;
      const auto value = work == nullptr ? std::nullopt : load::figure_of(*work, what);
      values.push_back(value ? number(*value) : ordered_json(nullptr));
    }
    out[load::to_string(load::metric{{}, what.kind, what.quantile})] = std::move(values);
  }
  return out;
}

ordered_json page_work(const drawn_runs& runs, const std::string& name, bool is_step) {
  return {
      {"name", shortened(name)}, {"is_step", is_step}, {"figures", figures(runs, name, is_step)}};
}

/// The names of all runs: one that is there no longer has a history, too.
std::vector<std::string> names_of(const drawn_runs& runs, bool steps) {
  std::vector<std::string> names;
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {  // NOLINT(*-loop-convert)
    for (const past_work& one : steps ? (*run)->steps : (*run)->operations) {
      if (std::find(names.begin(), names.end(), one.name) == names.end()) names.push_back(one.name);
    }
  }
  return names;
}

ordered_json page_works(const drawn_runs& runs, bool with_steps) {
  ordered_json out = ordered_json::array();
  const auto operations = names_of(runs, false);
  if (operations.size() > 1) out.push_back(page_work(runs, {}, false));
  for (const std::string& name : operations) out.push_back(page_work(runs, name, false));
  if (!with_steps) return out;
  for (const std::string& name : names_of(runs, true)) out.push_back(page_work(runs, name, true));
  return out;
}

/// A letter a run: k(ept), b(roken), r(efused), or a dot where it was not asked for, or the run is
/// no measurement.
ordered_json page_objectives(const drawn_runs& runs) {
  ordered_json out = ordered_json::array();
  std::vector<std::string> names;
  for (std::size_t at = 0; at < runs.size(); ++at) {
    if (!runs[at]->invalid.empty()) continue;
    for (const load::judged_objective& one : runs[at]->objectives) {
      auto found = std::find(names.begin(), names.end(), one.objective);
      if (found == names.end()) {
        out.push_back({{"objective", shortened(one.objective)},
                       {"letters", std::string(runs.size(), '.')},
                       {"measured", ""}});
        found = names.insert(names.end(), one.objective);
      }
      ordered_json& row = out[static_cast<std::size_t>(found - names.begin())];
      row["letters"].get_ref<std::string&>()[at] = to_string(one.outcome).front();
      row["measured"] = shortened(one.measured);
    }
  }
  return out;
}

ordered_json page_run(const past_load& run) {
  ordered_json out = {{"file", shortened(run.file)},
                      {"started", shortened(run.started)},
                      {"suite_version", shortened(run.version)}};
  if (!run.invalid.empty()) out["invalid"] = shortened(run.invalid.front());
  return out;
}

ordered_json page_trend(const load::trend& one) {
  ordered_json out = {
      {"of", shortened(one.operation)},
      {"is_step", one.is_step},
      {"figure", load::to_string(load::metric{{}, one.figure.kind, one.figure.quantile})},
      {"newest", number(one.newest)},
      {"runs", one.runs},
      {"median", number(one.median)},
      {"least", number(one.least)},
      {"most", number(one.most)},
      {"worse_than", one.worse_than},
      {"worse", load::is_worse(one)},
      {"unusual", load::is_unusual(one)}};
  if (one.before) out["before"] = number(*one.before);
  return out;
}

ordered_json page_test(const test_history& of, const history_limit& limit) {
  const drawn_runs runs = drawn_of(of, limit.runs);
  const past_load* const newest = load::newest_valid(of);
  ordered_json out = {{"registry", shortened(of.registry)},
                      {"workload", shortened(of.workload)},
                      {"conditions", shortened(of.conditions)},
                      {"left_out", of.runs.size() - runs.size()},
                      {"newest_valid", newest == nullptr ? "" : shortened(newest->started)},
                      {"runs", ordered_json::array()},
                      {"work", page_works(runs, limit.steps)},
                      {"objectives", page_objectives(runs)},
                      {"standings", ordered_json::array()}};
  for (const past_load* run : runs) out["runs"].push_back(page_run(*run));
  for (const load::trend& one : load::trends_of(of)) {
    if (limit.steps || !one.is_step) out["standings"].push_back(page_trend(one));
  }
  return out;
}

}  // namespace

ordered_json page_load_history(const std::vector<past_load>& runs, const history_limit& limit) {
  const auto tests = load::by_test(runs);
  const std::size_t drawn = std::min(tests.size(), limit.tests);
  ordered_json out = {{"left_out", tests.size() - drawn}, {"tests", ordered_json::array()}};
  for (std::size_t i = 0; i < drawn; ++i) out["tests"].push_back(page_test(tests[i], limit));
  return out;
}

}  // namespace plimsoll::reports
