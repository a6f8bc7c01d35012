#include "result_builder.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "limits.hpp"

namespace plimsoll::load {
namespace {

named_counts counts_of(const std::array<std::uint64_t, failure_kinds>& failures) {
  named_counts out;
  for (std::size_t i = 1; i < failure_kinds; ++i) {
    if (failures[i] == 0) continue;
    out.emplace_back(to_string(static_cast<failure>(i)), failures[i]);
  }
  return out;
}

measured_work work_of(std::string name, const tally& counts) {
  measured_work out;
  out.name = std::move(name);
  out.latency = counts.good;
  out.failed = counts.failed;
  out.failures = counts_of(counts.failures);
  out.bytes_sent = counts.bytes_sent;
  out.bytes_received = counts.bytes_received;
  return out;
}

std::string pacing_of(const pacing& pace, unsigned clients) {
  if (std::holds_alternative<closed_loop>(pace)) {
    return fmt::format("closed loop, {} clients", clients);
  }
  if (const auto* burst = std::get_if<burst_plan>(&pace)) {
    return fmt::format("{} starts within {} s, at most {} at once", burst->starts,
                       std::chrono::duration<double>(burst->within).count(), clients);
  }
  if (const auto* listed = std::get_if<listed_plan>(&pace)) {
    return fmt::format("open loop, {} starts at the times of a log in {} s, at most {} at once",
                       listed->times->size(),
                       std::chrono::duration<double>(length_of(*listed)).count(), clients);
  }
  const auto& rate = std::get<rate_plan>(pace);
  return fmt::format("open loop, {} starts in {} s, at most {} at once", expected_starts(rate),
                     std::chrono::duration<double>(length_of(rate)).count(), clients);
}

}  // namespace

void add_counts(load_result& out, const recorder& all, const workload& plan) {
  for (std::size_t i = 0; i < all.operations.size(); ++i) {
    measured_work work = work_of(plan.operations[i].name, all.operations[i].latency);
    work.service = all.operations[i].service;
    out.operations.push_back(std::move(work));
  }
  for (std::size_t i = 0; i < all.steps.size(); ++i) {
    measured_work work = work_of(std::string(to_string(static_cast<step>(i))), all.steps[i]);
    if (work.latency.count() > 0 || !work.failures.empty()) out.steps.push_back(std::move(work));
  }
  out.lag = all.lag;
  out.error_codes.assign(all.codes.begin(), all.codes.end());
  for (const auto& [kind, text] : all.examples) out.examples.emplace_back(to_string(kind), text);
  out.retry_afters = all.retry_afters;
  out.generator.connections = all.connects;
  out.dropped = all.dropped;
}

fidelity fidelity_of(const run_options& options, const workload& plan, const origin& registry) {
  fidelity out;
  out.content = to_string(plan.bytes);
  out.verify = to_string(plan.verify);
  double warm = 0;
  for (const operation& operation : plan.operations) warm = std::max(warm, operation.warm);
  out.cache = warm == 0 ? "none" : fmt::format("up to {} of an image's layers", warm);
  out.reuse = "kept open";
  if (!registry.proxy.empty()) out.reuse += ", over the proxy " + registry.proxy;
  out.tls = registry.tls ? "on" : "off";
  out.popularity = fmt::format("Zipf {} over repositories, {} of requests for the newest tag",
                               plan.demand.zipf, plan.demand.latest);
  if (options.log != nullptr) out.cache = out.popularity = "as logged";
  out.pacing = pacing_of(plan.pace, clients_of(options));
  out.seed = options.seed;
  return out;
}

void judge_validity(load_result& out) {
  if (const auto reason = generator_limit(out)) out.invalid.push_back(*reason);
  if (all_operations(out).latency.count() == 0) {
    out.invalid.emplace_back("no operation succeeded");
  }
}

}  // namespace plimsoll::load
