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

/// What the workers report each second, shared with the observing thread.
struct worker_reports {
  std::mutex mutex;
  std::condition_variable changed;
  unsigned running = 0;
  std::uint64_t second = 0;  ///< The latest that was asked for.
  unsigned awaited = 0;      ///< Workers that have not reported it.
  second_tally sum;
  live_second row;
  bool keeps_copies = false;  ///< Whether workers report all their counts.
};

void report_second(worker_thread& worker, worker_reports& reports) {
  const std::lock_guard lock(reports.mutex);
  reports.sum.merge(worker.context->counts.second);
  worker.context->counts.second.clear();
  if (reports.keeps_copies) worker.copy = worker.context->counts;
  reports.row.under_way += worker.runner->under_way();
  reports.row.waiting += worker.runner->waiting();
  worker.reported = reports.second;
  --reports.awaited;
  reports.changed.notify_all();
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

/// Asks each worker for its counts since the last report.
live_second collect_reports(std::vector<worker_thread>& workers, worker_reports& reports) {
  {
    const std::lock_guard lock(reports.mutex);
    reports.sum.clear();
    reports.row = {};
    ++reports.second;
    reports.awaited = reports.running;
  }
  for (worker_thread& worker : workers) {
    worker.context->core.loop->post([&worker, &reports] { report_second(worker, reports); });
  }
  std::unique_lock lock(reports.mutex);
  reports.changed.wait(lock, [&] { return reports.awaited == 0 || reports.running == 0; });
  return row_of(reports.sum, reports.row);
}

void end_workers(std::vector<worker_thread>& workers) {
  for (worker_thread& worker : workers) {
    worker.context->core.loop->post([&worker] { worker.runner->end_now(); });
  }
}

void note_memory(run_log& out, std::uint64_t bytes) {
  // What a run needs is there after the first minute; what grows later is a leak.
  if (out.series.size() <= 60) out.first_memory = bytes;
  out.peak_memory = std::max(out.peak_memory, bytes);
}

/// Until the last worker ends: adds a row each second, and stops them at an interrupt.
void watch_workers(std::vector<worker_thread>& workers, worker_reports& reports,
                   const std::function<void(const live_second&)>& report_row,
                   const std::atomic<int>& interrupts, run_log& out) {
  using std::chrono::milliseconds;
  auto next = clock::now() + std::chrono::seconds(1);
  auto cpu_before = process_cpu();
  for (;;) {
    {
      std::unique_lock lock(reports.mutex);
      const auto done = [&] { return reports.running == 0; };
      const instant until = std::min<instant>(next, clock::now() + milliseconds(50));
      if (reports.changed.wait_until(lock, until, done)) return;
    }
    if (interrupts.load() > 0 && !out.interrupted) {
      out.interrupted = true;
      end_workers(workers);
    }
    if (clock::now() < next) continue;
    next += std::chrono::seconds(1);
    live_second row = collect_reports(workers, reports);
    const auto cpu = process_cpu();
    row.cpu = cpu - std::exchange(cpu_before, cpu);
    out.series.push_back(row.counted);
    note_memory(out, row.resident_bytes);
    report_row(row);
  }
}

/// The sum of the last reports, those of ended workers included.
load_result result_so_far(const std::vector<worker_thread>& workers, worker_reports& reports,
                          const workload& plan) {
  recorder all(plan.operations.size());
  {
    const std::lock_guard lock(reports.mutex);
    for (const worker_thread& worker : workers) {
      if (!worker.copy.operations.empty()) all.merge(worker.copy);
    }
  }
  load_result out;
  add_counts(out, all, plan);
  return out;
}

void start(worker_thread& worker, worker_reports& reports) {
  worker.thread = std::thread([&worker, &reports] {
    // SSL_write knows no MSG_NOSIGNAL.
    sigset_t none;
    sigfillset(&none);
    pthread_sigmask(SIG_BLOCK, &none, nullptr);
    worker.runner->run();
    const std::lock_guard lock(reports.mutex);
    reports.sum.merge(worker.context->counts.second);
    if (reports.keeps_copies) worker.copy = worker.context->counts;
    --reports.running;
    if (reports.awaited > 0 && worker.reported != reports.second) --reports.awaited;
    reports.changed.notify_all();
  });
}

}  // namespace

result<std::vector<worker_thread>> make_worker_threads(const run_context& context,
                                                       const worker_options& options) {
  const unsigned threads = threads_of(context.options);
  const unsigned clients = clients_of(context.options);
  std::vector<worker_thread> workers(threads);
  for (unsigned i = 0; i < threads; ++i) {
    auto worker_context = make_worker_context(context);
    if (!worker_context) return worker_context.error();
    workers[i].context = std::move(*worker_context);
    const unsigned client_count = clients / threads + (i < clients % threads ? 1 : 0);
    workers[i].runner =
        std::make_unique<worker>(*workers[i].context, options, share{i, threads}, client_count);
  }
  return workers;
}

run_log run_worker_threads(std::vector<worker_thread>& workers, const workload& plan,
                           const run_observer& observer, const std::atomic<int>& interrupts) {
  worker_reports reports;
  reports.running = static_cast<unsigned>(workers.size());
  reports.keeps_copies = static_cast<bool>(observer.so_far);
  for (worker_thread& worker : workers) start(worker, reports);
  run_log log;
  std::chrono::nanoseconds cpu{0};
  const auto report_row = [&](const live_second& row) {
    if (observer.second) observer.second(row);
    if (!observer.so_far) return;
    load_result so_far = result_so_far(workers, reports, plan);
    so_far.generator.user_time = cpu += row.cpu;
    so_far.generator.last_memory_bytes = row.resident_bytes;
    observer.so_far(row, std::move(so_far));
  };
  watch_workers(workers, reports, report_row, interrupts, log);
  for (worker_thread& worker : workers) worker.thread.join();
  log.last_memory = resident_bytes();
  note_memory(log, log.last_memory);
  return log;
}

}  // namespace plimsoll::load
