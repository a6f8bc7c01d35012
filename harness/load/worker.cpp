#include "worker.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include <sys/resource.h>

#include "replay_requests.hpp"

namespace plimsoll::load {
namespace {

std::chrono::nanoseconds cpu_time_of(timeval time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

cpu_times thread_cpu_times() {
  rusage cpu_time{};
  getrusage(RUSAGE_THREAD, &cpu_time);
  return {cpu_time_of(cpu_time.ru_utime), cpu_time_of(cpu_time.ru_stime)};
}

std::optional<arrival_plan> schedule_of(const pacing& pace) {
  if (const auto* rate = std::get_if<rate_plan>(&pace)) return *rate;
  if (const auto* burst = std::get_if<burst_plan>(&pace)) return *burst;
  if (const auto* listed = std::get_if<listed_plan>(&pace)) return *listed;
  return {};
}

/// The size of one share of a whole that may not divide evenly.
std::uint64_t part_of(std::uint64_t whole, share own_share) {
  return whole / own_share.parts + (own_share.part < whole % own_share.parts ? 1 : 0);
}

constexpr std::chrono::milliseconds poll_interval{20};

}  // namespace

worker::worker(worker_context& context, const worker_options& options, share own_share,
               unsigned clients)
    : context_(context),
      options_(options),
      share_(own_share),
      operation_context_{options.plan, options.draws, options.content, options.prefix, pushed_},
      operation_limit_(options.most_operations == 0 ? std::numeric_limits<std::uint64_t>::max()
                                                    : part_of(options.most_operations, own_share)),
      end_(options.end) {
  for (unsigned i = 0; i < clients; ++i) clients_.push_back(std::make_unique<session>(context));
}

bool worker::may_begin() const noexcept {
  return !context_.ended && begun_ < operation_limit_;
}

void worker::run() {
  const cpu_times before = thread_cpu_times();
  context_.core.loop->refresh_now();
  if (std::holds_alternative<closed_loop>(options_.plan.pace)) {
    start_clients();
  } else {
    start_schedule();
  }
  spawn(close(), [this] { context_.core.loop->stop(); });
  context_.core.loop->run();
  for (const auto& client : clients_) context_.counts.connects += client->connects();
  if (pace_) context_.counts.dropped += pace_->dropped();
  const cpu_times after = thread_cpu_times();
  cpu_time_ = {after.user - before.user, after.system - before.system};
}

void worker::end_now() {
  end_ = std::min(end_, context_.core.loop->now());
  context_.ended = true;
  if (!pace_) return;
  pace_->end();
  if (scheduling_) schedule_is_over();
}

void worker::schedule_is_over() {
  scheduling_ = false;
  context_.core.loop->set_alarm(instant::max(), nullptr);
  --busy_;
}

planned_start worker::plan_of(std::uint64_t index) const {
  if (options_.replay == nullptr) return options_.draws.start(options_.first_start + index);
  planned_start out;
  out.operation = options_.replay->requests[index].operation;
  return out;
}

task<failure> worker::run_planned_operation(session& client, std::uint64_t index,
                                            const planned_start& plan) {
  if (options_.replay != nullptr) {
    return replay_request(client, operation_context_, *options_.replay, index);
  }
  return run_operation(client, operation_context_, plan);
}

task<failure> worker::run_start(session& client, due_start start) {
  ++begun_;
  ++under_way_;
  const planned_start plan = plan_of(start.index);
  const std::uint64_t sent = client.sent_bytes();
  const std::uint64_t received = client.received_bytes();
  const instant began = client.loop().now();
  const failure outcome = co_await run_planned_operation(client, start.index, plan);
  const instant ended = client.loop().now();
  // An operation that is cut off is not counted, and the time that it goes on after the end
  // lowers no rate.
  last_end_ = std::max(last_end_, outcome == failure::cut_off ? std::min(ended, end_) : ended);
  context_.counts.record_operation(plan.operation, outcome, ended - start.intended, ended - began);
  tally& moved = context_.counts.operations[plan.operation].latency;
  moved.bytes_sent += client.sent_bytes() - sent;
  moved.bytes_received += client.received_bytes() - received;
  --under_way_;
  co_return outcome;
}

// --- Closed loop ----------------------------------------------------------------------------

void worker::start_clients() {
  busy_ = clients_.size();
  for (const auto& client : clients_) spawn(closed_client(*client), [this] { --busy_; });
}

task<void> worker::closed_client(session& client) {
  // Threads may start before the clock does.
  if (client.loop().now() < options_.begin) {
    co_await client.loop().sleep_until(options_.begin);
  }
  while (may_begin()) {
    const due_start start{begun_ * share_.parts + share_.part, client.loop().now()};
    const failure outcome = co_await run_start(client, start);
    if (outcome == failure::none) continue;
    const auto pause = client.pause_after(outcome);
    if (pause.count() == 0) continue;
    co_await client.loop().sleep_until(client.loop().now() + pause);
  }
}

// --- Open loop ------------------------------------------------------------------------------

void worker::start_schedule() {
  pace_.emplace(arrivals(*schedule_of(options_.plan.pace), options_.seed, share_), options_.begin);
  for (const auto& client : clients_) idle_.push_back(client.get());
  ++busy_;
  scheduling_ = true;
  dispatch_due();
}

void worker::dispatch_due() {
  const instant now = context_.core.loop->refresh_now();
  while (const auto due = pace_->take_due(now)) {
    context_.counts.lag.record(context_.core.loop->refresh_now() - due->intended);
    if (idle_.empty()) {
      pace_->wait(*due);
      continue;
    }
    session& client = *idle_.back();
    idle_.pop_back();
    serve(client, *due);
  }
  const auto next = pace_->next();
  if (!next) return schedule_is_over();
  context_.core.loop->set_alarm(*next, [this] { dispatch_due(); });
}

void worker::serve(session& client, due_start first) {
  ++busy_;
  spawn(open_client(client, first), [this, &client] {
    idle_.push_back(&client);
    --busy_;
  });
}

task<void> worker::open_client(session& client, due_start first) {
  std::optional<due_start> start = first;
  while (start) {
    const due_start now = *start;
    co_await run_start(client, now);
    start.reset();
    if (!context_.ended) start = pace_->take_waiting();
  }
}

// --- The end --------------------------------------------------------------------------------

/// Waits for the end, then for operations under way up to the grace, and cuts off the rest.
task<void> worker::close() {
  event_loop& loop = *context_.core.loop;
  while (busy_ > 0 && !context_.ended && loop.now() < end_) {
    const instant until = std::min<instant>(end_, loop.now() + poll_interval);
    co_await loop.sleep_until(until);
  }
  end_now();
  const instant last = loop.now() + options_.grace;
  while (busy_ > 0 && loop.now() < last) {
    co_await loop.sleep_until(loop.now() + poll_interval);
  }
  if (pace_) {
    while (pace_->take_waiting()) ++context_.counts.dropped;
  }
  // An operation ends with its first failure: one round is nearly always enough.
  while (busy_ > 0) {
    for (const auto& client : clients_) client->abandon();
    co_await loop.sleep_until(loop.now() + poll_interval);
  }
}

}  // namespace plimsoll::load
