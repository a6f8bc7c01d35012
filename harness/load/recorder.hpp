#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "failure.hpp"
#include "plimsoll/load_values/histogram.hpp"
#include "step.hpp"
#include "timer_wheel.hpp"

namespace plimsoll::load {

/// Counts and times of one kind of step or operation.
struct tally {
  histogram good;    ///< Of those that succeeded.
  histogram failed;  ///< Of those that failed: never mixed with the good ones.
  std::array<std::uint64_t, failure_kinds> failures{};
  std::uint64_t bytes_sent = 0;      ///< Of bodies, those of failures included.
  std::uint64_t bytes_received = 0;  ///< Of bodies, those of failures included.

  void record(failure outcome, std::chrono::nanoseconds took) noexcept;
  void merge(const tally& other) noexcept;
  [[nodiscard]] std::uint64_t failed_count() const noexcept;
};

/// An operation: its latency counts from its intended start, its service from its real one.
struct operation_tally {
  tally latency;
  histogram service;

  void merge(const operation_tally& other) noexcept;
};

/// The counts of the current second; only one is kept, so that a long run needs no more memory.
struct second_tally {
  std::uint64_t operations = 0;
  std::uint64_t failures = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  histogram latency;

  void merge(const second_tally& other) noexcept;
  void clear() noexcept;
};

/// All that one core counts; cores are merged without loss.
struct recorder {
  explicit recorder(std::size_t operation_kinds) : operations(operation_kinds) {}

  std::vector<operation_tally> operations;  ///< By the operation's index in the workload.
  std::vector<tally> steps = std::vector<tally>(step_kinds);
  histogram lag;        ///< Of the schedule: how late the generator itself was.
  second_tally second;  ///< The current one.
  std::map<std::string, std::uint64_t, std::less<>> codes;  ///< OCI error codes, by name.
  std::map<failure, std::string> examples;  ///< A line on the first failure of each kind.
  std::uint64_t retry_afters = 0;           ///< 429s with Retry-After.
  std::uint64_t connects = 0;
  std::uint64_t dropped = 0;  ///< Starts dropped because the queue was full.

  void record_step(step kind, failure outcome, std::chrono::nanoseconds took, std::uint64_t sent,
                   std::uint64_t received);
  void record_operation(std::size_t kind, failure outcome, std::chrono::nanoseconds latency,
                        std::chrono::nanoseconds service);
  /// Counts a code; one that is not of the spec, or the 33rd, counts as "other".
  void record_code(std::string_view code);
  void merge(const recorder& other);
};

}  // namespace plimsoll::load
