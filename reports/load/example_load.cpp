#include "reports/load/example_load.hpp"

namespace plimsoll::load {
namespace {

using namespace std::chrono_literals;

histogram spread(std::chrono::nanoseconds first, int count) {
  histogram counted;
  for (int i = 0; i < count; ++i) counted.record(first + first * i / count);
  return counted;
}

measured_work pull() {
  measured_work work;
  work.name = "pull";
  work.latency = spread(20ms, 20'000);
  work.service = spread(19ms, 20'000);
  work.failed = spread(1s, 12);
  work.failures = {{"status", 10}, {"timeout.idle", 2}, {"unfinished", 3}};
  work.bytes_sent = 1'000;
  work.bytes_received = 7'340'032'000u;
  return work;
}

measured_work push() {
  measured_work work;
  work.name = "push";
  work.latency = spread(80ms, 50);
  work.service = spread(80ms, 50);
  work.bytes_sent = 52'428'800;
  return work;
}

}  // namespace

load_result example_load() {
  load_result run;
  run.version = "0.1.0";
  run.run_id = "3f2a";
  run.registry = "http://127.0.0.1:5000";
  run.workload = "mixed";
  run.started = "2026-01-02T03:04:05Z";
  run.measured = 60s;
  run.configuration = {{"workload", "mixed"}, {"clients", "16"}};
  run.conditions = {"tile",
                    "full",
                    "none",
                    "kept",
                    "off",
                    "all alike",
                    "closed loop, 16 clients",
                    18'446'744'073'709'551'615u};
  run.operations = {pull(), push()};
  measured_work step;
  step.name = "manifest-get";
  step.latency = spread(2ms, 20'050);
  run.steps = {step};
  run.lag = spread(10us, 20'050);
  run.dropped = 1;
  run.series = {{334, 0, 0, 350'000'000, 20ms, 40ms}, {3, 1, 0, 350, std::nullopt, std::nullopt}};
  run.generator = {2, 48, 3s, 9s, 31u << 20u, 30u << 20u, 31u << 20u};
  run.error_codes = {{"TOOMANYREQUESTS", 10}};
  run.retry_afters = 4;
  run.examples = {{"status", "GET /v2/r/manifests/1: 500"}};
  run.invalid = {"the generator was the limit"};
  run.objectives = {{"pull.p99<250ms", objective_outcome::kept, "39.6 ms"},
                    {"errors<0.01%", objective_outcome::broken, "0.06 %"},
                    {"push.p99<1s", objective_outcome::refused, "50 samples, 1000 are needed"}};
  run.rates = {{{100, 99.9, 2ms, 9ms, 20ms, 0, ""},
                {200, 170.5, 900ms, 3s, std::nullopt, 4, "pull.p99<250ms: 3 s"}}};
  run.left_behind = {"plimsoll/3f2a/r0"};
  return run;
}

}  // namespace plimsoll::load
