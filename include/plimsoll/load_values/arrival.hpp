#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "plimsoll/base/random.hpp"

namespace plimsoll::load {

/// A time over which the rate goes evenly from one value to another.
struct rate_stage {
  double from_per_second = 0;
  double to_per_second = 0;
  std::chrono::nanoseconds lasting{0};

  friend bool operator==(const rate_stage&, const rate_stage&) = default;
};

/// How starts lie within the rate that is asked for.
enum class spacing : std::uint8_t {
  even,    ///< As far apart as they can be.
  random,  ///< Independent of one another: a Poisson process, or uniform times in a burst.
};

/// What an open loop starts, whatever comes back.
struct rate_plan {
  std::vector<rate_stage> stages;  ///< One after the other.
  spacing spaced = spacing::random;

  friend bool operator==(const rate_plan&, const rate_plan&) = default;
};

/// So many starts within a time, and then none.
struct burst_plan {
  std::uint64_t starts = 0;
  std::chrono::nanoseconds within{0};  ///< Zero: all at once.
  spacing spaced = spacing::random;

  friend bool operator==(const burst_plan&, const burst_plan&) = default;
};

/// Starts at given times, for example those of a log. Copies share the times.
struct listed_plan {
  std::shared_ptr<const std::vector<std::chrono::nanoseconds>> times;  ///< Ascending; never null.

  friend bool operator==(const listed_plan& a, const listed_plan& b) {
    return *a.times == *b.times;
  }
};

using arrival_plan = std::variant<rate_plan, burst_plan, listed_plan>;

/// How many starts a plan comes to; for random spacing at a rate, the expected number.
[[nodiscard]] double expected_starts(const arrival_plan& plan) noexcept;

/// From the first possible start to the end of the plan.
[[nodiscard]] std::chrono::nanoseconds length_of(const arrival_plan& plan) noexcept;

/// The part of a schedule that one thread takes: every `parts`-th start, from the `part`-th.
struct share {
  std::uint64_t part = 0;  ///< Below `parts`.
  std::uint64_t parts = 1;
};

/// One intended start.
struct arrival {
  std::uint64_t index = 0;               ///< Among those of all threads, from 0.
  std::chrono::nanoseconds intended{0};  ///< Since the run's start.

  friend bool operator==(const arrival&, const arrival&) = default;
};

/// The intended starts of an open loop, in ascending order. Plan and seed alone decide them:
/// the shares of any number of threads make up the same schedule, because each thread goes
/// through all of it and keeps its own.
class arrivals {
 public:
  /// @param plan rates of 0 and above, times above 0
  arrivals(arrival_plan plan, std::uint64_t seed, share own_share = {});

  /// Nothing once the plan is at its end.
  [[nodiscard]] std::optional<arrival> next();

 private:
  [[nodiscard]] std::optional<std::chrono::nanoseconds> following(const rate_plan& plan);
  [[nodiscard]] std::optional<std::chrono::nanoseconds> following(const burst_plan& plan);
  [[nodiscard]] std::optional<std::chrono::nanoseconds> following(const listed_plan& plan) const;

  arrival_plan plan_;
  seeded_bytes random_;
  share share_;
  std::uint64_t index_ = 0;
  double reached_ = 0;  // starts that the plan makes due up to this one; in a burst, part of it
  std::size_t stage_ = 0;
  double due_before_ = 0;  // the starts of all stages before this one, and their length
  std::chrono::nanoseconds time_before_{0};
};

}  // namespace plimsoll::load
