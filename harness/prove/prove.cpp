#include "plimsoll/prove/prove.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <limits>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

#include "judging.hpp"
#include "plimsoll/base/utc_time.hpp"
#include "plimsoll/catalogue/catalogue.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/runner/runner.hpp"
#include "upgrade.hpp"

namespace plimsoll {
namespace {

/// One run that has to be made.
struct job {
  reference::options registry;
  spec_version version = spec_version::v1_1;
  std::vector<const scenario*> scenarios;
  std::vector<observer> observers;
  proof_step step;
  std::vector<std::string> complaints;  ///< Of the step, whose scenarios are not kept.
  std::string summary;
  bool is_upgraded = false;  ///< The registry starts over what was left in one without the API.
};

bool judges(std::span<const requirement_id> list, std::string_view id) {
  return std::any_of(list.begin(), list.end(), [&](requirement_id one) { return one.str() == id; });
}

job job_of(const reference::fault_info& fault, const std::vector<const scenario*>& scenarios,
           const std::vector<observer>& observers) {
  job made;
  made.registry.fault = fault.name;
  made.step.name = fault.name;
  made.step.requirement = fault.requirement;
  made.summary = fault.summary;
  made.is_upgraded = fault.is_upgraded;
  const requirement* const rule = find_requirement(fault.requirement);
  if (rule != nullptr && rule->since == spec_version::v1_2_dev) {
    made.version = spec_version::v1_2_dev;
    made.registry.version = reference::spec_version::v1_2_dev;
  }
  for (const observer& one : observers) {
    if (judges(one.judges, fault.requirement)) made.observers.push_back(one);
  }
  // What an observer judges can come up wherever something is sent.
  for (const scenario* one : scenarios) {
    if (!made.observers.empty() || judges(one->judges, fault.requirement)) {
      made.scenarios.push_back(one);
    }
  }
  return made;
}

job job_of(const reference::variant_info& variant, const std::vector<const scenario*>& scenarios,
           const std::vector<observer>& observers) {
  job made;
  made.registry.variant = variant.name;
  made.step.name = variant.name;
  made.summary = variant.summary;
  made.is_upgraded = variant.is_upgraded;
  made.scenarios = scenarios;
  made.observers = observers;
  return made;
}

std::vector<std::string> complaints(const std::vector<scenario_result>& scenarios) {
  std::set<std::string> ids;
  for (const scenario_result& one : scenarios) {
    for (const check_result& check : one.checks) {
      if (check.outcome == verdict::fail || check.outcome == verdict::warn) {
        ids.insert(check.requirement);
      }
    }
  }
  return {ids.begin(), ids.end()};
}

/// A scenario that could not be judged is no proof that nothing is complained of, but where a
/// policy refused what it stands on: then no requirement is named that blocks it.
bool is_good(const proof_step& step) {
  const auto ids = complaints(step.scenarios);
  if (!step.requirement.empty()) {
    return std::find(ids.begin(), ids.end(), step.requirement) != ids.end();
  }
  return std::all_of(step.scenarios.begin(), step.scenarios.end(), [](const auto& one) {
    return one.outcome == verdict::pass || one.outcome == verdict::skipped ||
           one.outcome == verdict::unsupported ||
           (one.outcome == verdict::blocked && one.blocked_by.empty());
  });
}

/// A fault may be that something never comes: short enough to be run by the hundred. A variant may
/// be late, and then has all the time in which an ordinary run calls content promptly there; it may
/// also never do what the spec does not ask for, and then is not waited for any longer.
void set_waits(const job& work, run_options& how) {
  constexpr std::chrono::milliseconds for_faults{250};
  constexpr std::chrono::milliseconds for_variants{8'000};
  constexpr std::size_t many = 32;
  if (!work.step.requirement.empty()) {
    how.settle = for_faults;
  } else {
    how.settle = for_variants;
    how.concurrency = many;
  }
}

run_options options_for(const job& work, std::uint64_t seed) {
  run_options how;
  set_waits(work, how);
  how.version = work.version;
  how.repository_prefix = "proof";
  how.run_id = "1";
  how.seed = seed;
  how.observers = work.observers;
  // The registry ends with its run.
  how.leaves_bytes = std::numeric_limits<std::uint64_t>::max();
  how.private_repository = "proof/private";
  return how;
}

reference::registry started(reference::options how, const std::string& name) {
  auto registry = reference::registry::start(std::move(how));
  if (!registry) throw std::runtime_error(name + ": " + registry.error().what());
  return std::move(*registry);
}

void carry_out(job& work, std::uint64_t seed) {
  const run_options how = options_for(work, seed);
  work.registry.guarded = {how.private_repository, "owner", "owner"};
  if (!work.is_upgraded) {
    const auto registry = started(work.registry, work.step.name);
    work.step.scenarios = judge(registry, work.scenarios, how).scenarios;
  } else {
    reference::options before;
    before.referrers = false;
    auto registry = started(std::move(before), work.step.name);
    auto upgraded = judge_upgrade(registry, work.registry, work.scenarios, how);
    work.step.scenarios = judge(registry, work.scenarios, how).scenarios;
    for (auto& one : upgraded) work.step.scenarios.push_back(std::move(one));
  }
  work.step.good = is_good(work.step);
  work.complaints = complaints(work.step.scenarios);
}

/// Carries out the jobs on some threads; ends early, with its exception, where one throws.
void carry_out_all(std::vector<job>& jobs, const prove_options& options) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr thrown;
  auto work = [&] {
    for (std::size_t mine = next++; mine < jobs.size(); mine = next++) {
      try {
        carry_out(jobs[mine], options.seed);
        const std::lock_guard lock(mutex);
        if (options.on_step) options.on_step(jobs[mine].step);
        jobs[mine].step.scenarios = {};
      } catch (...) {
        const std::lock_guard lock(mutex);
        thrown = std::current_exception();
        next = jobs.size();
      }
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::max(1U, options.threads); ++i) threads.emplace_back(work);
  for (std::thread& one : threads) one.join();
  if (thrown) std::rethrow_exception(thrown);
}

void add(job& done, proof_result& to) {
  if (done.step.requirement.empty()) {
    variant_proof made;
    made.name = std::move(done.step.name);
    made.summary = std::move(done.summary);
    made.clean = done.step.good;
    made.complaints = std::move(done.complaints);
    to.variants.push_back(std::move(made));
    return;
  }
  fault_proof made;
  made.name = std::move(done.step.name);
  made.requirement = std::move(done.step.requirement);
  made.summary = std::move(done.summary);
  made.caught = done.step.good;
  made.failed = std::move(done.complaints);
  to.faults.push_back(std::move(made));
}

bool matches(const prove_options& options, std::string_view name, std::string_view requirement) {
  return name.find(options.filter) != std::string_view::npos ||
         requirement.find(options.filter) != std::string_view::npos;
}

}  // namespace

proof_result prove(const std::vector<const scenario*>& all, const std::vector<observer>& observers,
                   const prove_options& options) {
  std::vector<const scenario*> scenarios = all;
  std::erase_if(scenarios, [](const scenario* one) { return one->is_large; });
  std::vector<job> jobs;
  // Variants take longest, and go first: those that wait before the others.
  for (const auto& one : reference::variants()) {
    if (matches(options, one.name, "")) jobs.push_back(job_of(one, scenarios, observers));
  }
  for (const auto& one : reference::faults()) {
    if (matches(options, one.name, one.requirement)) {
      jobs.push_back(job_of(one, scenarios, observers));
    }
  }
  proof_result proof;
  proof.version = options.suite_version;
  proof.spec_version = to_string(spec_version::v1_1);
  proof.started = utc_now();
  proof.seed = options.seed;
  const auto began = std::chrono::steady_clock::now();
  carry_out_all(jobs, options);
  proof.took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - began);
  for (job& one : jobs) add(one, proof);
  return proof;
}

bool holds(const proof_result& proof) noexcept {
  const auto caught = [](const fault_proof& one) { return one.caught; };
  const auto clean = [](const variant_proof& one) { return one.clean; };
  return !(proof.faults.empty() && proof.variants.empty()) &&
         std::all_of(proof.faults.begin(), proof.faults.end(), caught) &&
         std::all_of(proof.variants.begin(), proof.variants.end(), clean);
}

}  // namespace plimsoll
