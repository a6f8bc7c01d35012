#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plimsoll/load_values/histogram.hpp"

namespace plimsoll::load {

/// How often each of some named things happened; those that did not are left out.
using named_counts = std::vector<std::pair<std::string, std::uint64_t>>;

/// The failure that is none of the registry's: the run ended first. It is counted among the
/// failures by kind, and left out of every error rate.
inline constexpr std::string_view unfinished = "unfinished";

/// What one operation of the workload, or one kind of step of any operation, came to.
struct measured_work {
  std::string name;
  histogram latency;      ///< Of what succeeded; an operation's counts from its intended start.
  histogram service;      ///< Of what succeeded, from the real start. Empty for a step.
  histogram failed;       ///< Latency of what failed; never mixed with the above.
  named_counts failures;  ///< By kind, for example "timeout.idle".
  std::uint64_t bytes_sent = 0;      ///< Of bodies, whatever became of them.
  std::uint64_t bytes_received = 0;  ///< Likewise.

  friend bool operator==(const measured_work&, const measured_work&) = default;
};

/// Failures of every kind but `unfinished`.
[[nodiscard]] std::uint64_t failures_of(const measured_work& work) noexcept;

/// What one second of the run was like.
struct measured_second {
  std::uint64_t operations = 0;  ///< That succeeded.
  std::uint64_t failures = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::optional<std::chrono::nanoseconds> p50;  ///< Of the latency; nothing: too few samples.
  std::optional<std::chrono::nanoseconds> p99;

  friend bool operator==(const measured_second&, const measured_second&) = default;
};

/// What the generator itself needed while the clock ran.
struct generator_use {
  std::uint64_t threads = 0;
  std::uint64_t connections = 0;  ///< Opened in all.
  std::chrono::nanoseconds user_time{0};
  std::chrono::nanoseconds system_time{0};
  std::uint64_t peak_memory_bytes = 0;   ///< Resident.
  std::uint64_t first_memory_bytes = 0;  ///< After the first minute, or at the start.
  std::uint64_t last_memory_bytes = 0;   ///< At the end.

  friend bool operator==(const generator_use&, const generator_use&) = default;
};

/// What decides how far the run is like the real thing. Stated in every report: two results
/// that differ here are of different tests.
struct fidelity {
  std::string content;     ///< "tile", "pool" or "random"
  std::string verify;      ///< "none", "size" or "full"
  std::string cache;       ///< What pulling clients have already.
  std::string reuse;       ///< Of connections.
  std::string tls;         ///< "off", or the version.
  std::string popularity;  ///< Of repositories and tags.
  std::string pacing;      ///< "closed loop, 16 clients"
  std::uint64_t seed = 0;

  friend bool operator==(const fidelity&, const fidelity&) = default;
};

enum class objective_outcome : std::uint8_t {
  kept,
  broken,
  refused,  ///< Could not be judged, for example for lack of samples.
};

[[nodiscard]] std::string_view to_string(objective_outcome outcome) noexcept;

/// An objective and what became of it.
struct judged_objective {
  std::string objective;  ///< As it was given.
  objective_outcome outcome = objective_outcome::refused;
  std::string measured;  ///< What was measured, or why it could not be judged.

  friend bool operator==(const judged_objective&, const judged_objective&) = default;
};

/// A rate that a search for the limit tried, and what came of it.
struct tried_rate {
  double asked_per_second = 0;
  double reached_per_second = 0;                ///< Operations that succeeded.
  std::optional<std::chrono::nanoseconds> p50;  ///< Of the latency; nothing: too few samples.
  std::optional<std::chrono::nanoseconds> p99;
  std::optional<std::chrono::nanoseconds> p999;
  std::uint64_t failures = 0;
  std::string broken;  ///< What was not kept, or why it could not be told; empty: all was kept.

  friend bool operator==(const tried_rate&, const tried_rate&) = default;
};

/// A load run: the one value that all reports and comparisons are made from.
struct load_result {
  std::string version;  ///< Of Plimsoll.
  std::string run_id;
  std::string registry;
  std::string workload;
  std::string started;                   ///< RFC 3339, UTC.
  std::chrono::nanoseconds measured{0};  ///< While the clock ran; rates are per second of it.
  std::vector<std::pair<std::string, std::string>> configuration;
  fidelity conditions;
  std::vector<measured_work> operations;  ///< In the workload's order.
  std::vector<measured_work> steps;       ///< Requests of all operations, by what they ask for.
  histogram lag;                          ///< How late the generator was with its starts.
  std::uint64_t dropped = 0;              ///< Starts that were dropped: the queue was full.
  std::vector<measured_second> series;
  generator_use generator;
  named_counts error_codes;                                   ///< Of OCI error documents.
  std::uint64_t retry_afters = 0;                             ///< 429s with Retry-After.
  std::vector<std::pair<std::string, std::string>> examples;  ///< The first of each failure.
  std::vector<std::string> invalid;  ///< Why this is no measurement of the registry; empty: it is.
  std::vector<judged_objective> objectives;
  /// Of a search for the limit, in the order in which they were tried; all else is then of the
  /// highest rate that was kept.
  std::optional<std::vector<tried_rate>> rates;
  std::vector<std::string> left_behind;  ///< What clean-up could not remove.

  friend bool operator==(const load_result&, const load_result&) = default;
};

/// All operations as one, by the name of "all".
[[nodiscard]] measured_work all_operations(const load_result& run);

/// Why the generator, and not the registry, decided what was measured: its lag beyond 1 ms, or
/// beyond a tenth of the median latency, in more than one start of a hundred. Nothing where it did
/// not, or where there are too few starts to say.
[[nodiscard]] std::optional<std::string> generator_limit(const load_result& run);

/// The exit code of a run: 3 where it is not valid, because then nothing that it measured proves
/// anything; else 1 where an objective is broken; else 3 where one was refused; else 0.
[[nodiscard]] int exit_code(const load_result& run) noexcept;

}  // namespace plimsoll::load
