#pragma once

#include <type_traits>

#include "plimsoll/load_values/load_result.hpp"

/// The members of the JSON form of a load run, once, for the writer and for the reader alike.
namespace plimsoll::load {

template <class T, class... Structs>
concept one_of = (std::is_same_v<std::remove_const_t<T>, Structs> || ...);

template <class T>
concept has_members = one_of<T, measured_work, measured_second, generator_use, fidelity,
                             judged_objective, tried_rate, load_result>;

/// A number of 64 bits as a string of digits: many readers of JSON round beyond 2^53.
template <class Number>
struct wide_number {
  Number& value;
};

template <class Visitor, one_of<measured_work> Value>
void describe(Visitor& visit, Value& work) {
  visit("name", work.name);
  visit("latency", work.latency);
  visit("service", work.service);
  visit("failed", work.failed);
  visit("failures", work.failures);
  visit("bytes_sent", work.bytes_sent);
  visit("bytes_received", work.bytes_received);
}

template <class Visitor, one_of<measured_second> Value>
void describe(Visitor& visit, Value& second) {
  visit("operations", second.operations);
  visit("failures", second.failures);
  visit("bytes_sent", second.bytes_sent);
  visit("bytes_received", second.bytes_received);
  visit("p50_ns", second.p50);
  visit("p99_ns", second.p99);
}

template <class Visitor, one_of<generator_use> Value>
void describe(Visitor& visit, Value& use) {
  visit("threads", use.threads);
  visit("connections", use.connections);
  visit("user_ns", use.user_time);
  visit("system_ns", use.system_time);
  visit("peak_memory_bytes", use.peak_memory_bytes);
  visit("first_memory_bytes", use.first_memory_bytes);
  visit("last_memory_bytes", use.last_memory_bytes);
}

template <class Visitor, one_of<fidelity> Value>
void describe(Visitor& visit, Value& conditions) {
  visit("content", conditions.content);
  visit("verify", conditions.verify);
  visit("cache", conditions.cache);
  visit("reuse", conditions.reuse);
  visit("tls", conditions.tls);
  visit("popularity", conditions.popularity);
  visit("pacing", conditions.pacing);
  visit("seed", wide_number<std::remove_reference_t<decltype((conditions.seed))>>{conditions.seed});
}

template <class Visitor, one_of<judged_objective> Value>
void describe(Visitor& visit, Value& judged) {
  visit("objective", judged.objective);
  visit("outcome", judged.outcome);
  visit("measured", judged.measured);
}

template <class Visitor, one_of<tried_rate> Value>
void describe(Visitor& visit, Value& tried) {
  visit("asked_per_second", tried.asked_per_second);
  visit("reached_per_second", tried.reached_per_second);
  visit("p50_ns", tried.p50);
  visit("p99_ns", tried.p99);
  visit("p999_ns", tried.p999);
  visit("failures", tried.failures);
  visit("broken", tried.broken);
}

template <class Visitor, one_of<load_result> Value>
void describe(Visitor& visit, Value& run) {
  visit("suite_version", run.version);
  visit("run_id", run.run_id);
  visit("registry", run.registry);
  visit("workload", run.workload);
  visit("started", run.started);
  visit("measured_ns", run.measured);
  visit("configuration", run.configuration);
  visit("conditions", run.conditions);
  visit("operations", run.operations);
  visit("steps", run.steps);
  visit("lag", run.lag);
  visit("dropped", run.dropped);
  visit("series", run.series);
  visit("generator", run.generator);
  visit("error_codes", run.error_codes);
  visit("retry_afters", run.retry_afters);
  visit("examples", run.examples);
  visit("invalid", run.invalid);
  visit("objectives", run.objectives);
  visit("rates", run.rates);
  visit("left_behind", run.left_behind);
}

}  // namespace plimsoll::load
