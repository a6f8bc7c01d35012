#include "plimsoll/runner/runner.hpp"

#include <algorithm>
#include <exception>
#include <list>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "clean_up.hpp"
#include "confinement.hpp"
#include "deletable.hpp"
#include "plimsoll/scenario/called_api.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/judge.hpp"
#include "plimsoll/scenario/unanswered.hpp"
#include "scenario_names.hpp"

namespace plimsoll {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

struct ending {
  verdict outcome = verdict::pass;
  std::string reason;
  std::string blocked_by;
};

ending ending_of(const std::exception_ptr& thrown) {
  ending out;
  try {
    std::rethrow_exception(thrown);
  } catch (const blocked& why) {
    out = {verdict::blocked, why.what(), std::string(why.by().str())};
  } catch (const unsupported& why) {
    out = {verdict::unsupported, why.what(), ""};
  } catch (const switched_off& why) {
    out = {verdict::skipped, why.what(), ""};
  } catch (const refused_by_policy& why) {
    const bool is_feature = why.which() == policy::tag_changes || why.which() == policy::names;
    out = {is_feature ? verdict::unsupported : verdict::blocked, why.what(), ""};
  } catch (const std::exception& why) {
    out = {verdict::error, why.what(), ""};
  }
  return out;
}

/// The findings without those on requirements that are switched off.
std::vector<finding> counted(std::vector<finding> findings, const run_options& options) {
  std::erase_if(findings, [&](const finding& one) {
    const auto& off = options.switched_off;
    return std::find(off.begin(), off.end(), one.requirement.str()) != off.end();
  });
  return findings;
}

std::vector<std::string> calls_of(const std::vector<recorded_exchange>& transcript) {
  std::vector<std::string> calls;
  for (const recorded_exchange& each : transcript) {
    std::string name = called_api(each);
    const bool is_known = std::find(calls.begin(), calls.end(), name) != calls.end();
    if (!name.empty() && !is_known) calls.push_back(std::move(name));
  }
  return calls;
}

/// What the run of one scenario came to, from what its context has gathered.
scenario_result result_of(const scenario& what, const context& ctx, ending end,
                          const run_options& options) {
  scenario_result result;
  result.id = what.id;
  result.title = what.title;
  result.category = what.category;
  for (const requirement_id id : what.judges) result.judges.emplace_back(id.str());
  result.checks = judge(counted(ctx.findings(), options), ctx.transcript(), options.version);
  result.outcome = end.outcome;
  for (const check_result& check : result.checks) {
    result.outcome = worst(result.outcome, check.outcome);
  }
  // All that it checked belongs to another version of the spec, or nothing came up.
  if (result.outcome == verdict::pass && result.checks.empty()) {
    result.outcome = verdict::skipped;
    end.reason = ctx.findings().empty() ? "the registry did nothing that this scenario judges"
                                        : "checks nothing that is in this version of the spec";
  }
  result.reason = std::move(end.reason);
  for (const std::string& note : ctx.notes()) {
    result.reason.append(result.reason.empty() ? "" : "; ").append(note);
  }
  result.blocked_by = std::move(end.blocked_by);
  result.exchanges = ctx.transcript().size();
  result.calls = calls_of(ctx.transcript());
  if (result.outcome != verdict::pass || options.keeps_transcripts) {
    result.transcript = ctx.transcript();
  }
  return result;
}

/// One after the other they would decide how long a run takes.
constexpr std::size_t most_bulky = 2;

struct shared_run {
  std::vector<const scenario*> scenarios;
  http::client* registry = nullptr;
  run_options options;
  steady_clock::time_point began = steady_clock::now();
  std::list<std::size_t> left;  ///< Not begun, in the order given.
  std::size_t bulky = 0;        ///< Bulky scenarios under way.
  run_outcome outcome;
  settling waits{std::chrono::seconds(0)};
  std::vector<std::vector<observation>> seen;  ///< Of each scenario, one for each observer.
  unanswered_requests unanswered;
  clean_up_state cleaning;
  /// What is deleted when all scenarios are over: other ones may have pushed it as well.
  std::vector<pushed_content> later;
  std::vector<pushed_content> later_by_owner;
};

/// Adds what an observer saw in one scenario to what it saw in others.
void merge(const observation& from, observation& to) {
  for (finding one : from.findings) {
    const std::size_t at = one.exchange;
    add_to(to, std::move(one), from.transcript.at(at));
  }
}

scenario_result result_of(const observer& what, const observation& seen,
                          const run_options& options) {
  scenario_result result;
  result.id = what.id;
  result.title = what.title;
  result.category = what.category;
  for (const requirement_id id : what.judges) result.judges.emplace_back(id.str());
  result.checks = judge(counted(seen.findings, options), seen.transcript, options.version);
  for (const check_result& check : result.checks) {
    result.outcome = worst(result.outcome, check.outcome);
  }
  if (result.checks.empty()) {
    result.outcome = verdict::skipped;
    result.reason = "no answer of this run had anything to judge by it";
  }
  if (result.outcome != verdict::pass) result.transcript = seen.transcript;
  return result;
}

scenario_result not_begun(const scenario& what) {
  scenario_result result;
  result.id = what.id;
  result.title = what.title;
  result.category = what.category;
  for (const requirement_id id : what.judges) result.judges.emplace_back(id.str());
  result.outcome = verdict::error;
  result.reason = "the run was ended before it began";
  return result;
}

/// What a policy that showed before the scenarios makes of one; nothing where it may run.
std::optional<ending> ruled_out(const scenario& what, const registry_policies& policies) {
  const bool pushes = what.stands_on == basis::pushed || what.stands_on == basis::given_private;
  if (policies.pushes && pushes) {
    return ending{verdict::blocked, reason_of(*policies.pushes), ""};
  }
  if (policies.names && what.pushes_elsewhere) {
    return ending{verdict::unsupported, reason_of(*policies.names), ""};
  }
  return std::nullopt;
}

scenario_result result_of(const scenario& what, ending end) {
  scenario_result result;
  result.id = what.id;
  result.title = what.title;
  result.category = what.category;
  for (const requirement_id id : what.judges) result.judges.emplace_back(id.str());
  result.outcome = end.outcome;
  result.reason = std::move(end.reason);
  return result;
}

/// Who names repositories wants none beside them to be written to.
void confine(run_options& options) {
  confinement within;
  within.repositories = options.repositories;
  if (!within.repositories.empty() && !options.private_repository.empty()) {
    within.repositories.push_back(options.private_repository);
  }
  within.is_read_only = options.is_read_only;
  options.why_not_sent = confined_to(std::move(within), std::move(options.why_not_sent));
}

/// Whether a scenario judges anything that this version of the spec has.
bool belongs_to(const scenario& what, spec_version version) {
  return std::any_of(what.judges.begin(), what.judges.end(),
                     [&](requirement_id id) { return find(id).level_in(version).has_value(); });
}

scenario_result result_of_another_version(const scenario& what) {
  scenario_result result;
  result.id = what.id;
  result.title = what.title;
  result.category = what.category;
  result.outcome = verdict::skipped;
  result.reason = "checks nothing that is in this version of the spec";
  return result;
}

/// Of bodies, by everybody.
std::uint64_t sent_bytes(const context& ctx) {
  std::uint64_t sum = 0;
  for (const recorded_exchange& one : ctx.transcript()) sum += one.request_body_bytes;
  return sum;
}

/// Deletes what nobody else pushes. The rest, and what the registry does not delete, is left for
/// the end of the run.
asio::awaitable<void> clean_up_own(shared_run& run, http::client& registry,
                                   std::vector<pushed_content> pushed,
                                   std::vector<pushed_content>& later) {
  const auto first_shared = std::stable_partition(
      pushed.begin(), pushed.end(), [](const pushed_content& one) { return one.is_own; });
  later.insert(later.end(), first_shared, pushed.end());
  pushed.erase(first_shared, pushed.end());
  const auto kept = co_await clean_up(registry, std::move(pushed), run.cleaning);
  for (const kept_content& some : kept) {
    later.insert(later.end(), some.content.begin(), some.content.end());
  }
}

asio::awaitable<void> clean_up_rest(shared_run& run, http::client& registry,
                                    std::vector<pushed_content> pushed) {
  const auto kept = co_await clean_up(registry, std::move(pushed), run.cleaning);
  for (const kept_content& some : kept) run.outcome.left_behind.push_back(to_text(some));
}

asio::awaitable<void> run_one(shared_run& run, std::size_t at) {
  const scenario& what = *run.scenarios[at];
  if (!belongs_to(what, run.options.version)) {
    run.outcome.scenarios[at] = result_of_another_version(what);
    if (run.options.on_result) run.options.on_result(run.outcome.scenarios[at]);
    co_return;
  }
  if (auto end = ruled_out(what, run.options.policies)) {
    run.outcome.scenarios[at] = result_of(what, std::move(*end));
    if (run.options.on_result) run.options.on_result(run.outcome.scenarios[at]);
    co_return;
  }
  surroundings around;
  around.is_shared = !run.options.repositories.empty();
  if (around.is_shared) {
    around.repository = run.options.repositories.front();
    around.other_repository = run.options.repositories.back();
  } else {
    around.repository = scenario_repository(run.options.repository_prefix, run.options.run_id,
                                            what.id, run.options.policies.name_components);
    around.other_repository = around.repository + "-other";
  }
  around.given = run.options.given;
  around.private_repository = run.options.private_repository;
  around.owner = run.options.owner;
  around.waits = &run.waits;
  around.stopping = run.options.stopping;
  around.seed = run.options.seed;
  around.run_began = run.began;
  around.observers = run.options.observers;
  around.why_not_sent = run.options.why_not_sent;
  around.policies = run.options.policies;
  around.is_read_only = run.options.is_read_only || run.options.policies.pushes.has_value();
  around.unanswered = &run.unanswered;
  context ctx(*run.registry, what, std::move(around));
  const auto began = steady_clock::now();
  std::exception_ptr thrown;
  try {
    co_await what.body(ctx);
  } catch (...) {
    thrown = std::current_exception();
  }
  ending end;
  if (thrown) end = ending_of(thrown);
  scenario_result result = result_of(what, ctx, std::move(end), run.options);
  result.took = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - began);
  run.seen[at] = ctx.observations();
  if (sent_bytes(ctx) >= run.options.leaves_bytes) {
    auto& left = run.outcome.left_behind;
    auto pushed = deletable(ctx.pushed(), run.options.why_not_sent, left);
    co_await clean_up_own(run, *run.registry, std::move(pushed), run.later);
    if (run.options.owner != nullptr) {
      auto by_owner = deletable(ctx.pushed_as_owner(), run.options.why_not_sent, left);
      co_await clean_up_own(run, *run.options.owner, std::move(by_owner), run.later_by_owner);
    }
  }
  if (run.options.on_result) run.options.on_result(result);
  run.outcome.scenarios[at] = std::move(result);
}

/// The scenario to begin next: a bulky one as early as may be, as they wait for each other. Nothing
/// where none is left but those that wait: who ends the one under way goes on with them.
std::optional<std::size_t> take_next(shared_run& run) {
  const auto is_bulky = [&run](std::size_t at) { return run.scenarios[at]->is_bulky; };
  const auto first_bulky = std::find_if(run.left.begin(), run.left.end(), is_bulky);
  auto found = first_bulky;
  if (run.bulky == most_bulky || first_bulky == run.left.end()) {
    found = std::find_if_not(run.left.begin(), run.left.end(), is_bulky);
  }
  if (found == run.left.end()) return std::nullopt;
  const std::size_t at = *found;
  run.left.erase(found);
  if (is_bulky(at)) ++run.bulky;
  return at;
}

asio::awaitable<void> work(shared_run& run) {
  for (auto mine = take_next(run); mine; mine = take_next(run)) {
    if (run.options.stopping.stop_requested()) {
      run.outcome.scenarios[*mine] = not_begun(*run.scenarios[*mine]);
    } else {
      co_await run_one(run, *mine);
    }
    if (run.scenarios[*mine]->is_bulky) --run.bulky;
  }
}

}  // namespace

asio::awaitable<run_outcome> run_scenarios(std::vector<const scenario*> scenarios,
                                           http::client& registry, run_options options) {
  shared_run run;
  run.outcome.scenarios.resize(scenarios.size());
  run.seen.resize(scenarios.size());
  run.scenarios = std::move(scenarios);
  for (std::size_t i = 0; i < run.scenarios.size(); ++i) run.left.push_back(i);
  run.registry = &registry;
  run.options = std::move(options);
  run.waits = settling(run.options.settle);
  confine(run.options);
  const std::size_t most = run.options.repositories.empty() ? run.options.concurrency : 1;
  const std::size_t count =
      std::clamp<std::size_t>(most, 1, std::max<std::size_t>(run.scenarios.size(), 1));
  run.cleaning = clean_up_state(run.options.cleaning, count);

  const auto executor = co_await asio::this_coro::executor;
  using worker = decltype(asio::co_spawn(executor, work(run), asio::deferred));
  std::vector<worker> workers;
  for (std::size_t i = 0; i < count; ++i) {
    workers.push_back(asio::co_spawn(executor, work(run), asio::deferred));
  }
  auto all = asio::experimental::make_parallel_group(std::move(workers));
  co_await all.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  run.cleaning.begin_anew();
  co_await clean_up_rest(run, registry, std::move(run.later));
  if (run.options.owner != nullptr) {
    co_await clean_up_rest(run, *run.options.owner, std::move(run.later_by_owner));
  }
  for (std::size_t i = 0; i < run.options.observers.size(); ++i) {
    // In the order of the scenarios: which one ended first is chance.
    observation merged;
    for (const auto& seen : run.seen) {
      if (i < seen.size()) merge(seen[i], merged);
    }
    run.outcome.scenarios.push_back(result_of(run.options.observers[i], merged, run.options));
  }
  co_return std::move(run.outcome);
}

}  // namespace plimsoll
