#include "worker.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include <sys/resource.h>

#include "replay_requests.hpp"

namespace plimsoll::load {
namespace {

std::chrono::nanoseconds of(timeval time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

cpu_times thread_cpu_times() {
  rusage used{};
  getrusage(RUSAGE_THREAD, &used);
  return {of(used.ru_utime), of(used.ru_stime)};
}

std::optional<arrival_plan> schedule_of(const pacing& pace) {
  if (const auto* rate = std::get_if<rate_plan>(&pace)) return *rate;
  if (const auto* burst = std::get_if<burst_plan>(&pace)) return *burst;
  if (const auto* listed = std::get_if<listed_plan>(&pace)) return *listed;
  return {};
}

/// One share of a whole that does not divide evenly.
std::uint64_t part_of(std::uint64_t whole, share mine) {
  return whole / mine.of + (mine.part < whole % mine.of ? 1 : 0);
}

constexpr std::chrono::milliseconds look_again{20};

}  // namespace

worker::worker(workplace& at, const orders& what, share mine, unsigned clients)
    : at_(at),
      what_(what),
      mine_(mine),
      where_{what.plan, what.choose, what.goods, what.prefix, left_},
      most_(what.most_operations == 0 ? std::numeric_limits<std::uint64_t>::max()
                                      : part_of(what.most_operations, mine)),
      end_(what.end) {
  for (unsigned i = 0; i < clients; ++i) clients_.push_back(std::make_unique<session>(at));
}

bool worker::may_begin() const noexcept {
  return !at_.ended && begun_ < most_;
}

void worker::run() {
  const cpu_times before = thread_cpu_times();
  at_.machine.loop->refresh_now();
  if (std::holds_alternative<closed_loop>(what_.plan.pace)) {
    start_clients();
  } else {
    start_schedule();
  }
  spawn(close(), [this] { at_.machine.loop->stop(); });
  at_.machine.loop->run();
  for (const auto& one : clients_) at_.counts.connects += one->connects();
  if (pace_) at_.counts.dropped += pace_->dropped();
  const cpu_times after = thread_cpu_times();
  used_ = {after.user - before.user, after.system - before.system};
}

void worker::end_now() {
  end_ = std::min(end_, at_.machine.loop->now());
  at_.ended = true;
  if (!pace_) return;
  pace_->end();
  if (scheduling_) schedule_is_over();
}

void worker::schedule_is_over() {
  scheduling_ = false;
  at_.machine.loop->set_alarm(instant::max(), nullptr);
  --busy_;
}

planned_start worker::plan_of(std::uint64_t index) const {
  if (what_.acts == nullptr) return what_.choose.start(what_.first_start + index);
  planned_start out;
  out.operation = what_.acts->requests[index].operation;
  return out;
}

task<failure> worker::act(session& by, std::uint64_t index, const planned_start& plan) {
  if (what_.acts != nullptr) return replay_one(by, where_, *what_.acts, index);
  return operate(by, where_, plan);
}

task<failure> worker::once(session& by, due_start start) {
  ++begun_;
  ++under_way_;
  const planned_start plan = plan_of(start.index);
  const std::uint64_t sent = by.sent_bytes();
  const std::uint64_t received = by.received_bytes();
  const instant began = by.loop().now();
  const failure why = co_await act(by, start.index, plan);
  const instant ended = by.loop().now();
  // What is cut off is in no count, and its wait behind the end in no rate.
  last_end_ = std::max(last_end_, why == failure::cut_off ? std::min(ended, end_) : ended);
  at_.counts.record_operation(plan.operation, why, ended - start.intended, ended - began);
  tally& moved = at_.counts.operations[plan.operation].latency;
  moved.bytes_sent += by.sent_bytes() - sent;
  moved.bytes_received += by.received_bytes() - received;
  --under_way_;
  co_return why;
}

// --- Closed loop ----------------------------------------------------------------------------

void worker::start_clients() {
  busy_ = clients_.size();
  for (const auto& one : clients_) spawn(closed_client(*one), [this] { --busy_; });
}

task<void> worker::closed_client(session& by) {
  // What is done before the clock starts is not in its time.
  if (by.loop().now() < what_.begin) {
    co_await by.loop().sleep_until(what_.begin);
  }
  while (may_begin()) {
    const due_start start{begun_ * mine_.of + mine_.part, by.loop().now()};
    const failure why = co_await once(by, start);
    if (why == failure::none) continue;
    const auto pause = by.pause_after(why);
    if (pause.count() == 0) continue;
    co_await by.loop().sleep_until(by.loop().now() + pause);
  }
}

// --- Open loop ------------------------------------------------------------------------------

void worker::start_schedule() {
  pace_.emplace(arrivals(*schedule_of(what_.plan.pace), what_.seed, mine_), what_.begin);
  for (const auto& one : clients_) idle_.push_back(one.get());
  ++busy_;
  scheduling_ = true;
  alarm();
}

void worker::alarm() {
  const instant now = at_.machine.loop->refresh_now();
  while (const auto due = pace_->take_due(now)) {
    at_.counts.lag.record(at_.machine.loop->refresh_now() - due->intended);
    if (idle_.empty()) {
      pace_->wait(*due);
      continue;
    }
    session& by = *idle_.back();
    idle_.pop_back();
    serve(by, *due);
  }
  const auto next = pace_->next();
  if (!next) return schedule_is_over();
  at_.machine.loop->set_alarm(*next, [this] { alarm(); });
}

void worker::serve(session& by, due_start first) {
  ++busy_;
  spawn(open_client(by, first), [this, &by] {
    idle_.push_back(&by);
    --busy_;
  });
}

task<void> worker::open_client(session& by, due_start first) {
  std::optional<due_start> start = first;
  while (start) {
    const due_start now = *start;
    co_await once(by, now);
    start.reset();
    if (!at_.ended) start = pace_->take_waiting();
  }
}

// --- The end --------------------------------------------------------------------------------

/// Waits for the end, lets what is under way go on for a while, and cuts off the rest.
task<void> worker::close() {
  event_loop& loop = *at_.machine.loop;
  while (busy_ > 0 && !at_.ended && loop.now() < end_) {
    const instant until = std::min<instant>(end_, loop.now() + look_again);
    co_await loop.sleep_until(until);
  }
  end_now();
  const instant last = loop.now() + what_.grace;
  while (busy_ > 0 && loop.now() < last) {
    co_await loop.sleep_until(loop.now() + look_again);
  }
  if (pace_) {
    while (pace_->take_waiting()) ++at_.counts.dropped;
  }
  // An operation ends with its first failure, so one round nearly always does.
  while (busy_ > 0) {
    for (const auto& one : clients_) one->abandon();
    co_await loop.sleep_until(loop.now() + look_again);
  }
}

}  // namespace plimsoll::load
