#include "reports/load/example_load.hpp"

namespace plimsoll::load {
namespace {

using namespace std::chrono_literals;

histogram spread(std::chrono::nanoseconds first, int count) {
  histogram made;
  for (int i = 0; i < count; ++i) made.record(first + first * i / count);
  return made;
}

measured_work pull() {
  measured_work made;
  made.name = "pull";
  made.latency = spread(20ms, 20'000);
  made.service = spread(19ms, 20'000);
  made.failed = spread(1s, 12);
  made.failures = {{"status", 10}, {"timeout.idle", 2}, {"unfinished", 3}};
  made.bytes_sent = 1'000;
  made.bytes_received = 7'340'032'000u;
  return made;
}

measured_work push() {
  measured_work made;
  made.name = "push";
  made.latency = spread(80ms, 50);
  made.service = spread(80ms, 50);
  made.bytes_sent = 52'428'800;
  return made;
}

}  // namespace

load_result example_load() {
  load_result made;
  made.version = "0.1.0";
  made.run_id = "3f2a";
  made.registry = "http://127.0.0.1:5000";
  made.workload = "mixed";
  made.started = "2026-01-02T03:04:05Z";
  made.measured = 60s;
  made.configuration = {{"workload", "mixed"}, {"clients", "16"}};
  made.conditions = {"tile",
                     "full",
                     "none",
                     "kept",
                     "off",
                     "all alike",
                     "closed loop, 16 clients",
                     18'446'744'073'709'551'615u};
  made.operations = {pull(), push()};
  measured_work step;
  step.name = "manifest-get";
  step.latency = spread(2ms, 20'050);
  made.steps = {step};
  made.lag = spread(10us, 20'050);
  made.dropped = 1;
  made.series = {{334, 0, 0, 350'000'000, 20ms, 40ms}, {3, 1, 0, 350, std::nullopt, std::nullopt}};
  made.generator = {2, 48, 3s, 9s, 31u << 20u, 30u << 20u, 31u << 20u};
  made.error_codes = {{"TOOMANYREQUESTS", 10}};
  made.retry_afters = 4;
  made.examples = {{"status", "GET /v2/r/manifests/1: 500"}};
  made.invalid = {"the generator was the limit"};
  made.objectives = {{"pull.p99<250ms", objective_outcome::kept, "39.6 ms"},
                     {"errors<0.01%", objective_outcome::broken, "0.06 %"},
                     {"push.p99<1s", objective_outcome::refused, "50 samples, 1000 are needed"}};
  made.rates = {{{100, 99.9, 2ms, 9ms, 20ms, 0, ""},
                 {200, 170.5, 900ms, 3s, std::nullopt, 4, "pull.p99<250ms: 3 s"}}};
  made.left_behind = {"plimsoll/3f2a/r0"};
  return made;
}

}  // namespace plimsoll::load
