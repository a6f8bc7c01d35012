#include "plimsoll/load_reports/rates_json.hpp"

#include <gtest/gtest.h>

#include "reports/load/example_load.hpp"

namespace plimsoll::load {
namespace {

using namespace std::chrono_literals;

TEST(RatesJson, IsWhatSucceededInASecondOfEachRun) {
  load_result run;
  run.workload = "Pull 1MB";
  run.measured = 2s;
  run.operations.resize(2);
  for (unsigned i = 0; i < 5; ++i) run.operations[i % 2].latency.record(1ms);
  run.operations[0].failed.record(1ms);
  load_result never;
  never.workload = "\"\xff";
  EXPECT_EQ(rates_json({run, never}),
            R"([{"name":"Pull 1MB","unit":"requests per sec","value":2.5},)"
            "{\"name\":\"\\\"\xef\xbf\xbd\",\"unit\":\"requests per sec\",\"value\":0.0}]");
  EXPECT_EQ(rates_json({}), "[]");
}

}  // namespace
}  // namespace plimsoll::load
