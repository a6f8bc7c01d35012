#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "plimsoll/reports/html.hpp"
#include "plimsoll/reports/json.hpp"
#include "plimsoll/reports/junit.hpp"
#include "plimsoll/reports/metrics.hpp"
#include "plimsoll/reports/pipeline.hpp"
#include "reports/example_run.hpp"
#include "reports/load/example_load.hpp"

namespace {

using namespace plimsoll;
using namespace plimsoll::reports;

bool write(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  return static_cast<bool>(out.flush());
}

/// Would run where a page made markup of it: in text, in an attribute, in a script.
std::string script() {
  return "</script><script>window.ran=1</script><img src=x onerror=\"window.ran=1\">"
         "<svg onload=window.ran=1>'\"><iframe src=javascript:window.ran=1></iframe><!--";
}

report_source two_loads() {
  report_source source;
  source.loads = {load::example_load(), load::example_load()};
  source.loads[1].run_id = "4b5c";
  source.loads[1].started = "2026-01-03T03:04:05Z";
  return source;
}

/// In which no second has enough samples for a percentile.
report_source short_load() {
  report_source source;
  source.loads = {load::example_load()};
  for (auto& second : source.loads.front().series) second.p50 = second.p99 = std::nullopt;
  return source;
}

/// Two metrics of which one is worse.
report_source compared_loads() {
  load::compared_metric slower;
  slower.metric = {"pull", load::metric_kind::quantile, 0.5};
  slower.base = {1e7, 1e7};
  slower.fresh = {1.3e7, 1.3e7};
  slower.base_median = 1e7;
  slower.fresh_median = 1.3e7;
  slower.change = 1.3;
  slower.interval = {1.25, 1.36};
  slower.margin = 0.05;
  slower.p = 0.008;
  slower.p_adjusted = 0.016;
  slower.verdict = load::comparison_verdict::worse;
  load::compared_metric alike = slower;
  alike.metric.kind = load::metric_kind::rate;
  alike.change = 1.01;
  alike.interval = {0.98, 1.02};
  alike.verdict = load::comparison_verdict::not_worse;
  report_source source = two_loads();
  source.comparison.emplace();
  source.comparison->base_runs = source.comparison->fresh_runs = 5;
  source.comparison->notes = {"old/3.json is no valid run: left out <b>"};
  source.comparison->metrics = {alike, slower};
  source.comparison->verdict = load::comparison_verdict::worse;
  return source;
}

/// A test's nights, of which the newest is slow and one is no measurement, and another test's one
/// with what runs in a page, wherever text is foreign.
report_source load_nights() {
  report_source source;
  for (int night = 0; night < 40; ++night) {
    load::load_result run = load::example_load();
    run.started = "2026-01-02T03:04:05Z";
    run.started[5] = night < 20 ? '0' : '1';
    run.started.replace(8, 2, std::to_string(10 + night % 20));
    if (night != 30) run.invalid.clear();
    run.objectives[0].outcome =
        night % 7 == 3 ? load::objective_outcome::broken : load::objective_outcome::kept;
    source.load_history.push_back(load::past_load_of(std::to_string(night) + ".json", run));
  }
  source.load_history.back().operations[0].figures[0] = 45e6;
  load::past_load hostile = source.load_history.front();
  for (std::string* const text :
       {&hostile.file, &hostile.version, &hostile.registry, &hostile.workload, &hostile.started,
        &hostile.conditions.pacing, &hostile.operations[0].name, &hostile.steps[0].name,
        &hostile.objectives[0].objective, &hostile.objectives[0].measured}) {
    *text += script() + hostile_bytes();
  }
  source.load_history.push_back(hostile);
  hostile.invalid = {script() + hostile_bytes()};
  source.load_history.push_back(hostile);
  return source;
}

/// Two registries; of the first two runs, between which something broke and something was fixed.
report_source three_runs() {
  run_result before = example_run();
  before.scenarios[0].checks[0].outcome = verdict::fail;
  before.scenarios[1].checks[2].outcome = verdict::pass;
  run_result after = example_run();
  after.started = "2024-05-07T07:08:09Z";
  run_result other = before;
  other.registry = "http://localhost:5001";
  report_source source;
  source.history = {past_run_of("before.json", before), past_run_of("other.json", other),
                    past_run_of("after.json", after)};
  return source;
}

}  // namespace

/// Writes example runs in every format into the folder that the argument names, for readers that
/// share nothing with the writers.
int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_report_examples FOLDER\n";
    return EXIT_FAILURE;
  }
  const std::string folder = std::string(argv[1]) + "/";
  report_source proof;
  proof.proof = example_proof();
  bool written = write(folder + "proof.json", to_json(example_proof())) &&
                 write(folder + "proof.html", html(proof)) &&
                 write(folder + "load.html", html(two_loads())) &&
                 write(folder + "short-load.html", html(short_load())) &&
                 write(folder + "load.prom", prometheus_text(metrics_of(load::example_load()))) &&
                 write(folder + "compared.html", html(compared_loads())) &&
                 write(folder + "history.html", html(three_runs())) &&
                 write(folder + "nights.html", html(load_nights()));
  for (const auto& [name, run] : {std::pair{"example", example_run()},
                                  {"hostile", hostile_run()},
                                  {"scripted", poisoned_run(script())}}) {
    report_source source;
    source.run = run;
    source.proof = example_proof();
    written = write(folder + name + ".json", to_json(run)) &&
              write(folder + name + ".xml", junit(run)) &&
              write(folder + name + ".prom", prometheus_text(run)) &&
              write(folder + name + ".sarif", sarif(run)) &&
              write(folder + name + ".yaml", results_yaml(run)) &&
              write(folder + name + ".svg", badge_svg(run)) &&
              write(folder + name + ".html", html(source)) && written;
  }
  return written ? EXIT_SUCCESS : EXIT_FAILURE;
}
