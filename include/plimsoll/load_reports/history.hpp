#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/load_values/past_load.hpp"

/// A folder of load runs, one JSON file each. The only part of this module that touches files.
namespace plimsoll::load {

/// Larger files are not read: no result is so large.
inline constexpr std::uintmax_t largest_result_bytes = 256u << 20u;

/// Writes the run to a file of its own, named by its start and id so that names sort by time. A
/// file of that name is kept. Creates the folder. The file has its name only once it is complete.
[[nodiscard]] result<std::filesystem::path> store_run(const std::filesystem::path& folder,
                                                      const load_result& run);

/// The folder's JSON files, by name.
[[nodiscard]] result<std::vector<std::filesystem::path>> list_runs(
    const std::filesystem::path& folder);

[[nodiscard]] result<load_result> load_run(const std::filesystem::path& file);

/// Reads what a history keeps of a run from its JSON; `file` is the name of the result. The errors
/// are those of `parse_load_result`.
[[nodiscard]] result<past_load> read_past_load(std::string file, std::string_view json);

/// Each test's latest runs for a terminal, a line each: when, how much, how fast, which objectives
/// it broke and whether it is valid; and the figures of the newest valid one beside those before.
[[nodiscard]] std::string history_summary(std::span<const past_load> runs);

/// The runs as CSV for Apache Otava, which finds the runs from which on a metric is another: a
/// line a run, oldest first, with the columns time, run, version and registry, and one a metric, in
/// seconds, per second or as a share. Invalid runs are left out, and so is a metric that not every
/// run has: Otava refuses an empty cell, and finds no change where it reads "nan".
///
/// @return an error where the runs are not all of one test, or none is valid
[[nodiscard]] result<std::string> otava_csv(std::span<const past_load> runs);

}  // namespace plimsoll::load
