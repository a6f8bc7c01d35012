#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/load_values/load_result.hpp"

/// A folder of load runs, one JSON file each. The only part of this module that touches files.
namespace plimsoll::load {

/// No result is larger; what is, is not read.
inline constexpr std::uintmax_t largest_result_bytes = 256u << 20u;

/// Writes the run to a file of its own, named by its start and id so that names sort by time. A
/// file that is there stays. Makes the folder where it is missing. No half-written file has the
/// name.
[[nodiscard]] result<std::filesystem::path> store_run(const std::filesystem::path& folder,
                                                      const load_result& run);

/// The folder's JSON files, by name.
[[nodiscard]] result<std::vector<std::filesystem::path>> list_runs(
    const std::filesystem::path& folder);

[[nodiscard]] result<load_result> load_run(const std::filesystem::path& file);

/// The latest runs for a terminal, a line each: when, how much, how fast, and whether it is valid.
[[nodiscard]] std::string history_summary(std::span<const load_result> runs);

/// The runs as CSV for Apache Otava, which finds the runs from which on a metric is another: a
/// line a run, oldest first, with the columns time, run, version and registry, and one a metric, in
/// seconds, per second or as a share. Invalid runs are left out, and so is a metric that not every
/// run has: Otava refuses an empty cell, and finds no change where it reads "nan".
///
/// @return an error where the runs are not all of one test, or none is valid
[[nodiscard]] result<std::string> otava_csv(std::span<const load_result> runs);

}  // namespace plimsoll::load
