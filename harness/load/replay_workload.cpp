#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/load/run.hpp"
#include "replay_plan.hpp"

namespace plimsoll::load {
namespace {

using std::chrono::nanoseconds;

/// What waits for a client behind the last start may still begin.
constexpr std::chrono::seconds behind_the_last_start{60};

double pushed_bytes(const replay_plan& plan) {
  double sum = prepared_bytes(plan);
  for (const replayed_request& request : plan.requests) {
    const bool pushes =
        request.kind == logged_kind::blob_put || request.kind == logged_kind::manifest_put;
    if (pushes) sum += static_cast<double>(request.bytes);
  }
  return sum;
}

std::string shown(double bytes) {
  return human_bytes(static_cast<std::uint64_t>(bytes));
}

result<void> check_size(const replay_plan& plan) {
  const double all = pushed_bytes(plan);
  if (all > most_replayed_bytes) {
    return error::of(
        fmt::format("the log's content comes to {}, at most {} are replayed: scale "
                    "it, or take a part of the log",
                    shown(all), shown(most_replayed_bytes)));
  }
  const double held = held_bytes(plan);
  if (held > most_replayed_manifest_bytes) {
    return error::of(
        fmt::format("the log asks for {} of manifests, at most {} are replayed: take "
                    "a part of the log",
                    shown(held), shown(most_replayed_manifest_bytes)));
  }
  return {};
}

result<listed_plan> paced(std::vector<nanoseconds> times, double speed) {
  if (!(speed > 0)) return error::of("a log is replayed at a speed above 0");
  const double longest = std::chrono::duration<double>(longest_run).count();
  const double lasting =
      times.empty() ? 0 : std::chrono::duration<double>(times.back()).count() / speed;
  if (lasting > longest) {
    return error::of(fmt::format(
        "the log takes {:.0f} s at this speed, at most {:.0f} are replayed: raise the speed, or "
        "take a part of the log",
        lasting, longest));
  }
  for (nanoseconds& time : times) {
    time = nanoseconds(std::llround(static_cast<double>(time.count()) / speed));
  }
  return listed_plan{std::make_shared<const std::vector<nanoseconds>>(std::move(times))};
}

}  // namespace

result<workload> replay_workload(const replay& log, double speed) {
  replay_plan plan = make_replay_plan(log);
  if (const auto small = check_size(plan); !small) return small.error();
  auto pace = paced(std::move(plan.start_times), speed);
  if (!pace) return pace.error();
  workload out;
  out.name = "replay";
  out.description = fmt::format("{} requests of a log", log.requests.size());
  for (const logged_kind kind : plan.operations) {
    operation operation;
    operation.name = to_string(kind);
    operation.kind = operation_kind::blob_pull;  // says nothing: the log does
    out.operations.push_back(std::move(operation));
  }
  out.duration = length_of(*pace) + behind_the_last_start;
  out.pace = std::move(*pace);
  return out;
}

double replayed_bytes(const replay& log) {
  return pushed_bytes(make_replay_plan(log));
}

}  // namespace plimsoll::load
