#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/load_values/load_result.hpp"
#include "plimsoll/load_values/objective.hpp"
#include "plimsoll/load_values/replay.hpp"
#include "plimsoll/load_values/workload.hpp"

namespace plimsoll::load {

/// A blob, or an image by its manifest, that the registry has already.
struct existing_content {
  std::string repository;
  std::string digest;
};

struct run_options {
  http::client_options registry;
  /// Where `registry` fetches what it does not have. Prepared content is pushed there and asked for
  /// here, and deleted from both. Not for `existing` or `log`.
  std::optional<http::client_options> upstream;
  workload plan;
  std::string run_id;  ///< Names the run's repositories.
  std::string repository_prefix = "plimsoll";
  std::vector<existing_content> existing;  ///< Where there is any, nothing is pushed before.
  unsigned clients = 0;          ///< At most so many operations at once; 0: as paced, or 256.
  unsigned threads = 0;          ///< 0: one a core, and no more than clients.
  std::uint64_t operations = 0;  ///< Ends a closed loop after so many; 0: the duration does.
  std::uint64_t seed = 1;
  std::chrono::nanoseconds grace = std::chrono::seconds(5);  ///< For what the end finds under way.
  /// Replayed in place of the workload's operations; `plan` is then `replay_workload` of it.
  std::shared_ptr<const replay> log;
  bool keep = false;  ///< Leaves in the registry what was pushed.
};

/// The second that has just gone by, for a display.
struct live_second {
  measured_second counted;
  std::chrono::nanoseconds cpu{0};  ///< Of the generator, all cores.
  std::uint64_t resident_bytes = 0;
  std::uint64_t under_way = 0;
  std::uint64_t waiting = 0;  ///< Starts for which no client was idle.
};

/// What happens while a run goes on; called on the thread that called `run`.
struct run_observer {
  std::function<void(const std::string& phase)> phase;
  std::function<void(const live_second& last)> second;
  /// Each second, all that was counted so far, as the run's result will have it. Costs each core a
  /// copy of its histograms, so only where it is set.
  std::function<void(const live_second& last, load_result so_far)> so_far;
};

/// How the highest rate that a registry bears is searched for.
struct limit_options {
  double first_per_second = 0;  ///< Where the search begins; 0: at 50.
  /// How long a rate is kept up, or longer where the objectives need more samples.
  std::chrono::nanoseconds step = std::chrono::seconds(10);
  std::vector<objective> objectives;
};

/// The names of all steps that a run may take, for objectives.
[[nodiscard]] std::vector<std::string_view> step_names();

/// Pushes what the workload needs, runs it, and deletes what was pushed. The error says why there
/// is no run: no such host, a registry that refuses pushes, too few file descriptors.
///
/// @param interrupts counted up by the caller: at one, no more operations begin
/// @return all but version, start, workload's name, configuration and objectives
[[nodiscard]] result<load_result> run(const run_options& options, const run_observer& observer,
                                      const std::atomic<int>& interrupts);

/// What a replay is at most: beyond it, it is no load that one program on one machine makes.
inline constexpr double most_replayed_bytes = 1024.0 * 1024 * 1024 * 1024;
inline constexpr double most_replayed_manifest_bytes = 1024.0 * 1024 * 1024;

/// The workload of a log: an operation for each kind of request that it has, open
/// loop at the log's times. Each upload is one start, at the time of its POST. Content has the
/// sizes of the log (1 KiB where it tells none, manifests 4 MiB at the most) and is the run's own:
/// what the log asks for is pushed before the clock starts, so that a GET or HEAD finds it; what
/// the log pushes is new, and a HEAD that was answered with 404 asks for what is not there.
///
/// @param speed the log's time goes so many times as fast; above 0
/// @return an error where the replay would last longer than `longest_run`, or push more than
///         `most_replayed_bytes`, or before the clock starts more than
///         `most_replayed_manifest_bytes` of manifests
[[nodiscard]] result<workload> replay_workload(const replay& log, double speed);

/// At the most what such a run pushes, before the clock starts and while it runs.
[[nodiscard]] double replayed_bytes(const replay& log);

/// Prepares as `run` does, and then runs the workload at one constant rate after the other: twice
/// as fast until an objective breaks, or the registry does not keep up, and then between, until
/// the limit is known to 5 %.
///
/// @return the run at the highest rate that was kept, with all rates that were tried; where none
///         was kept, that at the lowest one
[[nodiscard]] result<load_result> find_limit(const run_options& options,
                                             const limit_options& limits,
                                             const run_observer& observer,
                                             const std::atomic<int>& interrupts);

}  // namespace plimsoll::load
