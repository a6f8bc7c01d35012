#include "worker_threads.hpp"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <ctime>
#include <fstream>
#include <functional>
#include <mutex>
#include <utility>

#include <unistd.h>

#include "limits.hpp"
#include "result_builder.hpp"

namespace plimsoll::load {
namespace {

std::uint64_t resident_bytes() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

/// What the cores report of each second, and when the last of them is done.
struct reports {
  std::mutex mutex;
  std::condition_variable changed;
  unsigned running = 0;
  std::uint64_t second = 0;  ///< Asked for last.
  unsigned awaited = 0;      ///< Cores that have not reported of it.
  second_tally sum;
  live_second row;
  bool keeps_copies = false;  ///< Whether cores hand over all that they count.
};

void report_second(crew_member& one, reports& to) {
  const std::lock_guard lock(to.mutex);
  to.sum.merge(one.place->counts.second);
  one.place->counts.second.clear();
  if (to.keeps_copies) one.copy = one.place->counts;
  to.row.under_way += one.work->under_way();
  to.row.waiting += one.work->waiting();
  one.reported = to.second;
  --to.awaited;
  to.changed.notify_all();
}

std::chrono::nanoseconds process_cpu() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

live_second row_of(const second_tally& sum, live_second row) {
  row.counted.operations = sum.operations;
  row.counted.failures = sum.failures;
  row.counted.bytes_sent = sum.bytes_sent;
  row.counted.bytes_received = sum.bytes_received;
  if (const auto median = sum.latency.quantile(0.5)) row.counted.p50 = median->value;
  if (const auto p99 = sum.latency.quantile(0.99)) row.counted.p99 = p99->value;
  row.resident_bytes = resident_bytes();
  return row;
}

/// Asks each core for what it counted since the last time.
live_second collect(std::vector<crew_member>& crew, reports& from) {
  {
    const std::lock_guard lock(from.mutex);
    from.sum.clear();
    from.row = {};
    ++from.second;
    from.awaited = from.running;
  }
  for (crew_member& one : crew) {
    one.place->machine.loop->post([&one, &from] { report_second(one, from); });
  }
  std::unique_lock lock(from.mutex);
  from.changed.wait(lock, [&] { return from.awaited == 0 || from.running == 0; });
  return row_of(from.sum, from.row);
}

void end_now(std::vector<crew_member>& crew) {
  for (crew_member& one : crew) {
    one.place->machine.loop->post([&one] { one.work->end_now(); });
  }
}

void note_memory(log_of_run& out, std::uint64_t bytes) {
  // What a run needs is there after the first minute; what grows later is a leak.
  if (out.series.size() <= 60) out.first_memory = bytes;
  out.peak_memory = std::max(out.peak_memory, bytes);
}

/// Until the last core is done: a row a second, and a look at the interrupts.
void watch(std::vector<crew_member>& crew, reports& from,
           const std::function<void(const live_second&)>& tell, const std::atomic<int>& interrupts,
           log_of_run& out) {
  using std::chrono::milliseconds;
  auto next = clock::now() + std::chrono::seconds(1);
  auto cpu_before = process_cpu();
  for (;;) {
    {
      std::unique_lock lock(from.mutex);
      const auto done = [&] { return from.running == 0; };
      const instant until = std::min<instant>(next, clock::now() + milliseconds(50));
      if (from.changed.wait_until(lock, until, done)) return;
    }
    if (interrupts.load() > 0 && !out.interrupted) {
      out.interrupted = true;
      end_now(crew);
    }
    if (clock::now() < next) continue;
    next += std::chrono::seconds(1);
    live_second row = collect(crew, from);
    const auto cpu = process_cpu();
    row.cpu = cpu - std::exchange(cpu_before, cpu);
    out.series.push_back(row.counted);
    note_memory(out, row.resident_bytes);
    tell(row);
  }
}

/// What the cores reported, those that are done included.
load_result result_so_far(const std::vector<crew_member>& crew, reports& from,
                          const workload& plan) {
  recorder all(plan.operations.size());
  {
    const std::lock_guard lock(from.mutex);
    for (const crew_member& one : crew) {
      if (!one.copy.operations.empty()) all.merge(one.copy);
    }
  }
  load_result out;
  fill(out, all, plan);
  return out;
}

void start(crew_member& one, reports& to) {
  one.thread = std::thread([&one, &to] {
    // SSL_write knows no MSG_NOSIGNAL.
    sigset_t none;
    sigfillset(&none);
    pthread_sigmask(SIG_BLOCK, &none, nullptr);
    one.work->run();
    const std::lock_guard lock(to.mutex);
    to.sum.merge(one.place->counts.second);
    if (to.keeps_copies) one.copy = one.place->counts;
    --to.running;
    if (to.awaited > 0 && one.reported != to.second) --to.awaited;
    to.changed.notify_all();
  });
}

}  // namespace

result<std::vector<crew_member>> gather_crew(const means& with, const orders& what) {
  const unsigned threads = threads_of(with.how);
  const unsigned clients = clients_of(with.how);
  std::vector<crew_member> crew(threads);
  for (unsigned i = 0; i < threads; ++i) {
    auto place = make_workplace(with);
    if (!place) return place.error();
    crew[i].place = std::move(*place);
    const unsigned mine = clients / threads + (i < clients % threads ? 1 : 0);
    crew[i].work = std::make_unique<worker>(*crew[i].place, what, share{i, threads}, mine);
  }
  return crew;
}

log_of_run run_crew(std::vector<crew_member>& crew, const workload& plan,
                    const run_observer& watching, const std::atomic<int>& interrupts) {
  reports from;
  from.running = static_cast<unsigned>(crew.size());
  from.keeps_copies = static_cast<bool>(watching.so_far);
  for (crew_member& one : crew) start(one, from);
  log_of_run log;
  std::chrono::nanoseconds cpu{0};
  const auto tell = [&](const live_second& row) {
    if (watching.second) watching.second(row);
    if (!watching.so_far) return;
    load_result so_far = result_so_far(crew, from, plan);
    so_far.generator.user_time = cpu += row.cpu;
    so_far.generator.last_memory_bytes = row.resident_bytes;
    watching.so_far(row, std::move(so_far));
  };
  watch(crew, from, tell, interrupts, log);
  for (crew_member& one : crew) one.thread.join();
  log.last_memory = resident_bytes();
  note_memory(log, log.last_memory);
  return log;
}

}  // namespace plimsoll::load
