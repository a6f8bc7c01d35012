// Recording one time: ours, and Boost.Histogram with a logarithmic axis of as fine a grain.

#include "plimsoll/load_values/histogram.hpp"

#include <cmath>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/histogram.hpp>

#include "plimsoll/base/random.hpp"

namespace {

using namespace plimsoll;
using std::chrono::nanoseconds;

constexpr std::size_t latency_count = 1u << 16u;

/// Latencies around 0.4 ms, spread over some decades.
std::vector<nanoseconds> latencies() {
  seeded_bytes random(1);
  std::vector<nanoseconds> made(latency_count);
  for (nanoseconds& one : made) {
    double normal = -6;  // twelve uniform numbers add up to a normal one
    for (int i = 0; i < 12; ++i) normal += random.fraction();
    one = nanoseconds(std::llround(std::exp(13 + 0.7 * normal)));
  }
  return made;
}

void record_ours(benchmark::State& state) {
  const auto times = latencies();
  load::histogram counted;
  for (std::size_t i = 0; auto _ : state) counted.record(times[i++ % latency_count]);
  benchmark::DoNotOptimize(counted.max());
}

void record_boost_logarithmic(benchmark::State& state) {
  namespace bh = boost::histogram;
  const auto times = latencies();
  // 1,460 buckets of 2 % each from 1 ns to an hour.
  using axis = bh::axis::regular<double, bh::axis::transform::log>;
  auto counted = bh::make_histogram_with(std::vector<std::uint64_t>(), axis(1460, 1.0, 3.6e12));
  for (std::size_t i = 0; auto _ : state) {
    counted(static_cast<double>(times[i++ % latency_count].count()));
  }
  benchmark::DoNotOptimize(counted.at(700));
}

void merge_two(benchmark::State& state) {
  load::histogram all;
  load::histogram one;
  for (const nanoseconds time : latencies()) one.record(time);
  for (auto _ : state) all.merge(one);
  benchmark::DoNotOptimize(all.max());
}

BENCHMARK(record_ours);
BENCHMARK(record_boost_logarithmic);
BENCHMARK(merge_two);

}  // namespace
