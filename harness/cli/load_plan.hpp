#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitoring.hpp"
#include "plimsoll/base/error.hpp"
#include "plimsoll/load/run.hpp"
#include "plimsoll/load_values/workload.hpp"

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
  std::string username;
  std::string ca_file;
  bool insecure = false;
  bool keep = false;
  bool yes = false;
  monitoring metrics;
  bool find_limit = false;
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

/// The workload that the flags name, with what they change of it.
[[nodiscard]] result<load::workload> workload_for(const load_flags& flags);

/// What --existing names.
[[nodiscard]] result<std::vector<load::existing_content>> existing_for(const load_flags& flags);

/// What has to be asked for with --yes; empty where nothing has.
[[nodiscard]] std::string asks_for_consent(const load::workload& plan, const std::string& host,
                                           bool pushes);

}  // namespace plimsoll::cli
