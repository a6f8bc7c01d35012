#include "load_plan.hpp"

#include <algorithm>
#include <iostream>
#include <limits>
#include <sstream>

#include "input_file.hpp"
#include "plimsoll/base/random.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/name.hpp"

namespace plimsoll::cli {
namespace {

result<load::workload> read_workload(const std::string& name) {
  if (!load::built_in_workload_text(name).empty()) return load::built_in_workload(name);
  if (name.find('/') == std::string::npos && name.find(".yaml") == std::string::npos) {
    return load::built_in_workload(name);  // says what is near
  }
  const auto text = read_file(name);
  if (!text) return error::of("workload " + text.error().what());
  return load::parse_workload(*text, name);
}

void set_pace(load::workload& plan, const load_flags& flags) {
  const bool closed = std::holds_alternative<load::closed_loop>(plan.pace);
  if (flags.rate > 0) {
    plan.pace = load::rate_plan{{{flags.rate, flags.rate, plan.duration}}, load::spacing::even};
  } else if (closed && flags.clients > 0) {
    plan.pace = load::closed_loop{flags.clients};
  }
}

/// A single operation on what is there: whole images, or blobs.
void read_only(load::workload& plan, std::size_t contents) {
  plan.content.repositories = contents;
  plan.content.tags = 1;
  load::operation pull;
  pull.name = "pull";
  pull.kind = load::operation_kind::image_pull;
  plan.operations = {pull};
}

/// The bytes that the workload's images come to, about.
double prepared_bytes(const load::workload& plan) {
  const auto images = static_cast<double>(plan.content.repositories * plan.content.tags);
  return images * plan.content.layers.median * load::mean_bytes(plan.content.layer_bytes);
}

/// How many operations the workload starts; no end of them where only time ends a closed loop.
double starts_of(const load::workload& plan, std::uint64_t operations) {
  if (const auto* rate = std::get_if<load::rate_plan>(&plan.pace)) {
    return static_cast<double>(load::expected_starts(*rate));
  }
  if (const auto* burst = std::get_if<load::burst_plan>(&plan.pace)) {
    return static_cast<double>(burst->starts);
  }
  return operations > 0 ? static_cast<double>(operations) : std::numeric_limits<double>::infinity();
}

/// The bytes that it pushes while it runs, about.
double pushed_bytes(const load::workload& plan, std::uint64_t operations) {
  const double layer = load::mean_bytes(plan.content.layer_bytes);
  double weights = 0;
  double bytes = 0;  // of a start, times all weights
  for (const load::operation& one : plan.operations) {
    weights += one.weight;
    if (one.kind == load::operation_kind::blob_push) bytes += one.weight * layer;
    if (one.kind == load::operation_kind::image_push) {
      bytes += one.weight * layer * plan.content.layers.median;
    }
  }
  return bytes > 0 ? bytes / weights * starts_of(plan, operations) : 0;
}

/// A listed schedule ends with its last start, and has a limit behind it.
std::chrono::nanoseconds lasting(const load::workload& plan) {
  const auto* const listed = std::get_if<load::listed_plan>(&plan.pace);
  return listed == nullptr ? plan.duration : std::min(plan.duration, load::length_of(*listed));
}

/// A log is in memory as a whole.
constexpr std::uint64_t largest_log_bytes = std::uint64_t{1} << 30u;

result<load::workload> workload_of(const load::replay& log, const load_flags& flags) {
  auto plan = load::replay_workload(log, flags.speed);
  if (!plan) return error::of("--replay " + printable(flags.replay) + ": " + plan.error().what());
  return plan;
}

std::string describe(const load::replay& log) {
  std::ostringstream out;
  out << load::to_string(log.format) << ", " << log.requests.size() << " requests to replay";
  if (log.ignored > 0) out << "; left out: " << log.ignored << " that failed or ask for others";
  if (log.unreadable > 0) {
    out << "; unreadable: " << log.unreadable << ", first entry " << log.complaints.front().first
        << ": " << log.complaints.front().second;
  }
  return out.str();
}

}  // namespace

result<std::chrono::nanoseconds> read_duration(std::string_view flag, const std::string& text) {
  double number = 0;
  std::string unit;
  std::istringstream in(text);
  in >> number >> unit;
  const double seconds = unit.empty() || unit == "s" ? 1
                         : unit == "ms"              ? 1e-3
                         : unit == "m"               ? 60
                         : unit == "h"               ? 3600
                                                     : 0;
  if (seconds * number <= 0 || seconds * number > 7 * 86400.0) {
    return error::of(std::string(flag) + " expects a time up to a week, as 60s or 5m; got '" +
                     printable(text) + "'");
  }
  return std::chrono::nanoseconds(static_cast<std::int64_t>(number * seconds * 1e9));
}

result<std::shared_ptr<const load::replay>> log_for(const load_flags& flags) {
  if (flags.replay.empty()) return std::shared_ptr<const load::replay>();
  const auto text = read_file(flags.replay, largest_log_bytes);
  if (!text) return error::of("--replay " + text.error().what());
  auto log = load::parse_log(*text);
  if (!log) return error::of("--replay " + printable(flags.replay) + ": " + log.error().what());
  std::cerr << "plimsoll load: " << describe(*log) << '\n';
  if (flags.scale < 1) *log = load::scaled(std::move(*log), flags.scale);
  return std::make_shared<const load::replay>(std::move(*log));
}

result<load::workload> workload_for(const load_flags& flags, const load::replay* log) {
  auto plan = log == nullptr ? read_workload(flags.workload) : workload_of(*log, flags);
  if (!plan) return plan;
  if (flags.scale < 1 && log == nullptr) *plan = load::scaled(*plan, flags.scale);
  if (!flags.duration.empty()) {
    const auto lasting = read_duration("--duration", flags.duration);
    if (!lasting) return lasting.error();
    const auto* rate = std::get_if<load::rate_plan>(&plan->pace);
    if (rate != nullptr && rate->stages.size() > 1) {
      return error::of("--duration: the workload's stages say how long it lasts");
    }
    plan->duration = *lasting;
    if (auto* constant = std::get_if<load::rate_plan>(&plan->pace)) {
      constant->stages.front().lasting = *lasting;
    }
  }
  set_pace(*plan, flags);
  if (!flags.existing.empty()) read_only(*plan, flags.existing.size());
  if (flags.verify == "none") plan->verify = load::verify_mode::none;
  if (flags.verify == "size") plan->verify = load::verify_mode::size;
  if (flags.verify == "full") plan->verify = load::verify_mode::full;
  if (flags.content == "tile") plan->bytes = load::content_mode::tile;
  if (flags.content == "pool") plan->bytes = load::content_mode::pool;
  if (flags.content == "random") plan->bytes = load::content_mode::random;
  for (const std::string& one : flags.objectives) plan->objectives.push_back(one);
  return plan;
}

result<std::vector<load::existing_content>> existing_for(const load_flags& flags) {
  std::vector<load::existing_content> out;
  for (const std::string& one : flags.existing) {
    const auto at = one.rfind('@');
    const std::string repository = one.substr(0, at);
    const bool named = at != std::string::npos && oci::is_repository_name(repository);
    const auto digest = oci::digest::parse(named ? one.substr(at + 1) : "");
    if (!named || !digest || !digest->is_registered()) {
      return error::of("--existing expects REPOSITORY@DIGEST, of sha256 or sha512, got '" +
                       printable(one) + "'");
    }
    out.push_back({repository, digest->str()});
  }
  return out;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string asks_for_consent(const burden& of, const std::string& host) {
  if (is_loopback(host)) return {};
  if (of.searches) return "raises the rate until something breaks";
  if (lasting(of.plan) > std::chrono::nanoseconds(std::chrono::seconds(60)) / of.runs) {
    return "runs for more than 60 s";
  }
  if (!of.pushes) return {};
  const double bytes = of.log == nullptr
                           ? prepared_bytes(of.plan) + pushed_bytes(of.plan, of.operations)
                           : load::replayed_bytes(*of.log);
  if (bytes * of.runs > most_unasked_bytes) return "may push more than 1 GiB";
  return {};
}

result<void> check_prefix(std::string_view flag, const std::string& prefix) {
  if (oci::is_repository_name(prefix)) return {};
  return error::of(std::string(flag) + " expects a repository name, got '" + printable(prefix) +
                   "'");
}

result<void> identify(load::run_options& how, const registry_flags& flags,
                      const std::string& origin, std::uint64_t seed) {
  how.seed = seed;
  how.run_id = seeded_bytes(derive_seed(seed, "run id")).hex(8);
  auto connect = client_options_for(flags, origin, how.run_id);
  if (!connect) return connect.error();
  how.registry = std::move(*connect);
  return {};
}

}  // namespace plimsoll::cli
