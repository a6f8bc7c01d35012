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

/// The distance of two measurements' first starts: no run has so many.
constexpr std::uint64_t starts_of_a_clock = std::uint64_t{1} << 40u;

worker_options worker_options_for(const run_context& context, const workload& plan,
                                  const sampler& draws, const prepared_content& content,
                                  std::uint64_t clock_number) {
  const run_options& options = context.options;
  worker_options out{plan,          draws, content, context.prefix, options.seed, {}, {},
                     options.grace, 0,     0,       nullptr};
  out.first_start = clock_number * starts_of_a_clock;
  out.most_operations = options.operations;
  out.begin = clock::now() + std::chrono::milliseconds(20);  // for the threads to be there
  out.end = out.begin + plan.duration;
  return out;
}

task<void> abandon_on_interrupt(const std::atomic<int>& interrupts, session& client,
                                const bool& done) {
  while (!done) {
    if (interrupts.load() > 0) client.abandon();
    co_await client.loop().sleep_until(client.loop().now() + std::chrono::milliseconds(10));
  }
}

/// Runs the preparation; an interrupt fails what is under way, and nothing more begins.
result<void> run_preparation(registry_session& session, task<result<void>> work,
                             const std::atomic<int>& interrupts) {
  const auto prepare_and_watch = [&](task<result<void>> inner) -> task<result<void>> {
    bool done = false;
    latch interrupt_watch(session.client.loop(), 1);
    spawn(abandon_on_interrupt(interrupts, session.client, done),
          [&interrupt_watch] { interrupt_watch.count_down(); });
    auto out = co_await std::move(inner);
    done = true;
    co_await interrupt_watch;
    co_return out;
  };
  auto out = run_task(*session.worker, prepare_and_watch(std::move(work)));
  if (!out && interrupts.load() > 0) return error::of("interrupted during the preparation");
  return out;
}

}  // namespace

prepared_run::prepared_run(const run_options& options, std::unique_ptr<registry_session> target,
                           std::unique_ptr<registry_session> upstream, const run_observer& observer)
    : options_(options),
      target_(std::move(target)),
      upstream_(std::move(upstream)),
      observer_(observer),
      draws_(options.plan, options.seed),
      pushed_(1) {}

void prepared_run::report_phase(const std::string& phase) const {
  if (observer_.phase) observer_.phase(phase);
}

result<std::unique_ptr<prepared_run>> prepared_run::prepare(const run_options& options,
                                                            const run_observer& observer,
                                                            const std::atomic<int>& interrupts) {
  // How many parts existing content has is known only after it was fetched.
  const auto allowed = allow_descriptors(
      options, options.existing.empty() ? connections_per_client(options.plan) : 1);
  if (!allowed) return allowed.error();
  auto target = open_registry_session(options, options.registry);
  if (!target) return target.error();
  std::unique_ptr<registry_session> upstream;
  if (options.upstream) {
    auto opened = open_registry_session(options, *options.upstream);
    if (!opened) return error::of("upstream: " + opened.error().what());
    upstream = std::move(*opened);
  }
  std::unique_ptr<prepared_run> run(
      new prepared_run(options, std::move(*target), std::move(upstream), observer));
  const auto ready = run->prepare_content(interrupts);
  if (ready) return run;
  static_cast<void>(run->clean_up());  // its cause matters more
  return ready.error();
}

result<void> prepared_run::prepare_content(const std::atomic<int>& interrupts) {
  report_phase("preparing");
  registry_session& session = upstream_ ? *upstream_ : *target_;
  operation_context around{options_.plan, draws_, content_, session.context.prefix,
                           pushed_.front()};
  if (options_.log != nullptr) {
    replay_ = make_replay_plan(*options_.log);
    const auto* const listed = std::get_if<listed_plan>(&options_.plan.pace);
    if (listed == nullptr || listed->times->size() != replay_.requests.size()) {
      return error::of("a log is replayed at its own pace: the workload is not of this log");
    }
    fill_replay_plan(replay_, session.context.prefix, session.worker->core.content);
    return run_preparation(session, push_replay_content(session.client, around, replay_),
                           interrupts);
  }
  if (options_.existing.empty()) {
    return run_preparation(session, push_workload_content(session.client, around, content_),
                           interrupts);
  }
  auto existing = run_preparation(
      session, find_existing_content(session.client, options_.existing, content_), interrupts);
  if (!existing) return existing;
  return allow_descriptors(options_, connections_per_client(options_.plan, content_));
}

result<load_result> prepared_run::measure(const workload& plan,
                                          const std::atomic<int>& interrupts) {
  worker_options options =
      worker_options_for(target_->context, plan, draws_, content_, clock_runs_++);
  if (std::holds_alternative<listed_plan>(plan.pace)) options.replay = &replay_;
  auto workers = make_worker_threads(target_->context, options);
  if (!workers) return workers.error();
  report_phase("running");
  run_log log = run_worker_threads(*workers, plan, observer_, interrupts);

  load_result out;
  recorder all(plan.operations.size());
  instant last = options.begin;
  for (worker_thread& worker : *workers) {
    all.merge(worker.context->counts);
    out.generator.user_time += worker.runner->cpu_time().user;
    out.generator.system_time += worker.runner->cpu_time().system;
    last = std::max(last, worker.runner->last_end());
    pushed_.push_back(std::move(worker.runner->pushed()));
  }
  out.run_id = options_.run_id;
  out.registry = target_->context.url;
  out.workload = plan.name;
  out.measured = last - options.begin;
  add_counts(out, all, plan);
  out.conditions = fidelity_of(options_, plan, target_->context.registry);
  out.series = std::move(log.series);
  out.generator.threads = workers->size();
  out.generator.first_memory_bytes = log.first_memory;
  out.generator.peak_memory_bytes = log.peak_memory;
  out.generator.last_memory_bytes = log.last_memory;
  judge_validity(out);
  if (log.interrupted) out.invalid.emplace_back("interrupted before its end");
  return out;
}

std::vector<std::string> prepared_run::clean_up() {
  if (options_.keep) return {};
  report_phase("cleaning up");
  std::vector<const pushed_content*> pushed;
  for (const pushed_content& part : pushed_) pushed.push_back(&part);
  // The target first: it would fetch the content from the upstream again.
  auto leftovers = run_task(
      *target_->worker, delete_pushed_content(target_->client, target_->context.prefix, pushed));
  if (!upstream_) return leftovers;
  const std::vector<const pushed_content*> pushed_upstream{&pushed_.front()};
  auto work = delete_pushed_content(upstream_->client, upstream_->context.prefix, pushed_upstream);
  for (const std::string& line : run_task(*upstream_->worker, std::move(work))) {
    leftovers.push_back("upstream: " + line);
  }
  return leftovers;
}

}  // namespace plimsoll::load
