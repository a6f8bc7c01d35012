#include "prepared_run.hpp"

#include <algorithm>
#include <utility>

#include "for_each_concurrent.hpp"
#include "limits.hpp"
#include "preparation.hpp"
#include "replay_requests.hpp"
#include "result_builder.hpp"
#include "worker_threads.hpp"

namespace plimsoll::load {
namespace {

/// Between the starts of one clock and those of the next: no run has so many.
constexpr std::uint64_t starts_of_a_clock = std::uint64_t{1} << 40u;

orders orders_for(const means& with, const workload& plan, const sampler& choose,
                  const stock& goods, std::uint64_t clock_number) {
  const run_options& how = with.how;
  orders what{plan, choose, goods, with.prefix, how.seed, {}, {}, how.grace, 0, 0, nullptr};
  what.first_start = clock_number * starts_of_a_clock;
  what.most_operations = how.operations;
  what.begin = clock::now() + std::chrono::milliseconds(20);  // for the threads to be there
  what.end = what.begin + plan.duration;
  return what;
}

task<void> give_up_at(const std::atomic<int>& interrupts, session& who, const bool& done) {
  while (!done) {
    if (interrupts.load() > 0) who.abandon();
    co_await who.loop().sleep_until(who.loop().now() + std::chrono::milliseconds(10));
  }
}

/// Prepares; at an interrupt what is under way fails, and nothing more begins.
result<void> prepared(station& at, task<result<void>> work, const std::atomic<int>& interrupts) {
  const auto both = [&](task<result<void>> inner) -> task<result<void>> {
    bool done = false;
    gathering watcher(at.hands.loop(), 1);
    spawn(give_up_at(interrupts, at.hands, done), [&watcher] { watcher.arrive(); });
    auto out = co_await std::move(inner);
    done = true;
    co_await watcher;
    co_return out;
  };
  auto out = run_alone(*at.home, both(std::move(work)));
  if (!out && interrupts.load() > 0) return error::of("interrupted while it was prepared");
  return out;
}

}  // namespace

campaign::campaign(const run_options& how, std::unique_ptr<station> target,
                   std::unique_ptr<station> upstream, const run_observer& watching)
    : how_(how),
      target_(std::move(target)),
      upstream_(std::move(upstream)),
      watching_(watching),
      choose_(how.plan, how.seed),
      left_(1) {}

void campaign::say(const std::string& phase) const {
  if (watching_.phase) watching_.phase(phase);
}

result<std::unique_ptr<campaign>> campaign::prepare(const run_options& how,
                                                    const run_observer& watching,
                                                    const std::atomic<int>& interrupts) {
  // How much there is of what is there already is known only once it was looked at.
  const auto allowed = allow_descriptors(how, how.existing.empty() ? lanes_of(how.plan) : 1);
  if (!allowed) return allowed.error();
  auto target = open_station(how, how.registry);
  if (!target) return target.error();
  std::unique_ptr<station> upstream;
  if (how.upstream) {
    auto opened = open_station(how, *how.upstream);
    if (!opened) return error::of("upstream: " + opened.error().what());
    upstream = std::move(*opened);
  }
  std::unique_ptr<campaign> made(
      new campaign(how, std::move(*target), std::move(upstream), watching));
  const auto ready = made->bring_stock(interrupts);
  if (ready) return made;
  static_cast<void>(made->clean_up());  // the reason for it matters more
  return ready.error();
}

result<void> campaign::bring_stock(const std::atomic<int>& interrupts) {
  say("preparing");
  station& at = upstream_ ? *upstream_ : *target_;
  surroundings around{how_.plan, choose_, goods_, at.with.prefix, left_.front()};
  if (how_.log != nullptr) {
    acts_ = make_script(*how_.log);
    const auto* const listed = std::get_if<listed_plan>(&how_.plan.pace);
    if (listed == nullptr || listed->at->size() != acts_.requests.size()) {
      return error::of("a log is replayed at its own pace: the workload is of something else");
    }
    fill_script(acts_, at.with.prefix, at.home->machine.content);
    return prepared(at, push_script(at.hands, around, acts_), interrupts);
  }
  if (how_.existing.empty()) {
    return prepared(at, push_stock(at.hands, around, goods_), interrupts);
  }
  auto found = prepared(at, find_stock(at.hands, how_.existing, goods_), interrupts);
  if (!found) return found;
  return allow_descriptors(how_, lanes_of(how_.plan, goods_));
}

result<load_result> campaign::measure(const workload& plan, const std::atomic<int>& interrupts) {
  orders what = orders_for(target_->with, plan, choose_, goods_, measured_++);
  if (std::holds_alternative<listed_plan>(plan.pace)) what.acts = &acts_;
  auto crew = gather_crew(target_->with, what);
  if (!crew) return crew.error();
  say("running");
  log_of_run log = run_crew(*crew, plan, watching_, interrupts);

  load_result out;
  recorder all(plan.operations.size());
  instant last = what.begin;
  for (crew_member& one : *crew) {
    all.merge(one.place->counts);
    out.generator.user_time += one.work->used().user;
    out.generator.system_time += one.work->used().system;
    last = std::max(last, one.work->last_end());
    left_.push_back(std::move(one.work->left()));
  }
  out.run_id = how_.run_id;
  out.registry = target_->with.url;
  out.workload = plan.name;
  out.measured = last - what.begin;
  fill(out, all, plan);
  out.conditions = conditions_of(how_, plan, target_->with.registry);
  out.series = std::move(log.series);
  out.generator.threads = crew->size();
  out.generator.first_memory_bytes = log.first_memory;
  out.generator.peak_memory_bytes = log.peak_memory;
  out.generator.last_memory_bytes = log.last_memory;
  judge_validity(out);
  if (log.interrupted) out.invalid.emplace_back("interrupted before its end");
  return out;
}

std::vector<std::string> campaign::clean_up() {
  if (how_.keep) return {};
  say("cleaning up");
  std::vector<const ledger*> pushed;
  for (const ledger& one : left_) pushed.push_back(&one);
  // First from the one that would fetch them again.
  auto left = run_alone(*target_->home, take_back(target_->hands, target_->with.prefix, pushed));
  if (!upstream_) return left;
  const std::vector<const ledger*> stock{&left_.front()};
  auto work = take_back(upstream_->hands, upstream_->with.prefix, stock);
  for (const std::string& line : run_alone(*upstream_->home, std::move(work))) {
    left.push_back("upstream: " + line);
  }
  return left;
}

}  // namespace plimsoll::load
