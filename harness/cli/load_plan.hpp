#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "comparing.hpp"
#include "monitoring.hpp"
#include "plimsoll/base/error.hpp"
#include "plimsoll/load/run.hpp"
#include "plimsoll/load_values/workload.hpp"
#include "registry_flags.hpp"

namespace plimsoll::cli {

/// What `plimsoll load` was asked for.
struct load_flags {
  std::string url;
  std::string workload = "pull";
  std::string verify;
  std::string content;
  std::string duration;
  std::vector<std::string> existing;
  std::vector<std::string> objectives;
  std::string repository_prefix = "plimsoll";
  std::string output = "plimsoll-load";
  std::string history;
  std::string interleave;  ///< The other registry; empty: there is none.
  unsigned repeat = 4;
  comparison_flags comparison;
  registry_flags registry;
  bool keep = false;
  bool yes = false;
  monitoring metrics;
  bool find_limit = false;
  std::string replay;
  double speed = 1;
  std::string step = "10s";
  unsigned clients = 0;
  unsigned threads = 0;
  double rate = 0;
  double scale = 1;
  std::uint64_t operations = 0;
  std::optional<std::uint64_t> seed;
};

/// "60s", "500ms", "2m" or a number of seconds.
[[nodiscard]] result<std::chrono::nanoseconds> read_duration(std::string_view flag,
                                                             const std::string& text);

/// The log that --replay names, its sizes scaled; null where none is replayed. Says on the
/// standard error what it read.
[[nodiscard]] result<std::shared_ptr<const load::replay>> log_for(const load_flags& flags);

/// The workload that the flags name, or that stands for the log, with what they change of it.
[[nodiscard]] result<load::workload> workload_for(const load_flags& flags, const load::replay* log);

/// What --existing names.
[[nodiscard]] result<std::vector<load::existing_content>> existing_for(const load_flags& flags);

/// Whether a host is this one: no other is loaded long or much without --yes.
[[nodiscard]] bool is_loopback(const std::string& host);

/// What is pushed to another host without --yes.
inline constexpr double most_unasked_bytes = 1024.0 * 1024 * 1024;

/// A load, as far as it matters to who has to bear it.
struct burden {
  const load::workload& plan;
  const load::replay* log = nullptr;
  bool pushes = true;            ///< Whether what it needs is pushed.
  bool searches = false;         ///< For the highest rate.
  unsigned runs = 1;             ///< On each host, one after the other.
  std::uint64_t operations = 0;  ///< End a closed loop; 0: its duration does.
};

/// What of it has to be asked for with --yes on this host; empty where nothing has.
[[nodiscard]] std::string asks_for_consent(const burden& of, const std::string& host);

/// The place below which repositories are made, as `flag` gave it.
[[nodiscard]] result<void> check_prefix(std::string_view flag, const std::string& prefix);

/// Names a run by its seed, and says how it connects.
[[nodiscard]] result<void> identify(load::run_options& how, const registry_flags& flags,
                                    const std::string& origin, std::uint64_t seed);

}  // namespace plimsoll::cli
