#include "plimsoll/prove/prove.hpp"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <exception>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "plimsoll/catalogue/catalogue.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/runner/runner.hpp"

namespace plimsoll {
namespace {

/// One run that has to be made.
struct job {
  reference::options registry;
  spec_version version = spec_version::v1_1;
  std::vector<const scenario*> scenarios;
  std::vector<observer> observers;
  proof_step step;
  std::string summary;
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

/// A scenario that could not be judged is no proof that nothing is complained of.
bool is_good(const proof_step& step) {
  const auto ids = complaints(step.scenarios);
  if (!step.requirement.empty()) {
    return std::find(ids.begin(), ids.end(), step.requirement) != ids.end();
  }
  return std::all_of(step.scenarios.begin(), step.scenarios.end(), [](const auto& one) {
    return one.outcome == verdict::pass || one.outcome == verdict::skipped ||
           one.outcome == verdict::unsupported;
  });
}

void carry_out(job& work, std::uint64_t seed) {
  auto registry = reference::registry::start(work.registry);
  if (!registry) throw std::runtime_error(work.step.name + ": " + registry.error().what());
  boost::asio::io_context io(1);
  http::client_options how;
  how.registry = registry->url();
  how.login = http::credentials{"prover", "prover", ""};  // for registries that ask
  auto client = http::client::make(io.get_executor(), how);
  if (!client) throw std::runtime_error(work.step.name + ": " + client.error().what());
  run_options run;
  run.version = work.version;
  run.repository_prefix = "proof";
  run.run_id = "1";
  run.seed = seed;
  run.observers = work.observers;
  run.cleans_up = false;  // the registry ends with its run
  std::exception_ptr thrown;
  auto body = [&]() -> boost::asio::awaitable<void> {
    run_outcome outcome = co_await run_scenarios(work.scenarios, *client, run);
    work.step.scenarios = std::move(outcome.scenarios);
    client->close_idle();
  };
  boost::asio::co_spawn(io, body, [&](std::exception_ptr why) {
    thrown = why;
    io.stop();
  });
  io.run();
  if (thrown) std::rethrow_exception(thrown);
  work.step.good = is_good(work.step);
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
  auto ids = complaints(done.step.scenarios);
  if (done.step.requirement.empty()) {
    variant_proof made;
    made.name = std::move(done.step.name);
    made.summary = std::move(done.summary);
    made.clean = done.step.good;
    made.complaints = std::move(ids);
    to.variants.push_back(std::move(made));
    return;
  }
  fault_proof made;
  made.name = std::move(done.step.name);
  made.requirement = std::move(done.step.requirement);
  made.summary = std::move(done.summary);
  made.caught = done.step.good;
  made.failed = std::move(ids);
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
  // Variants take longest, and go first.
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
  proof.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
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
