#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "comparing.hpp"
#include "plimsoll/base/error.hpp"
#include "plimsoll/load_values/load_result.hpp"

namespace plimsoll::cli {

/// Load runs on two registries in turns, A B B A A B B A: what changes slowly on the machine, or
/// on the way, meets both alike, where all runs of one behind all of the other would call it a
/// difference.
struct interleaved {
  unsigned runs = 4;             ///< On each.
  std::filesystem::path output;  ///< Runs go to its folders `base` and `new`.
  std::string base;              ///< A, as `run` takes it.
  std::string fresh;             ///< B.
  comparing judged;              ///< How; its files are named by `output`.
  /// One whole run, the number `turn` of all, from 0.
  std::function<result<load::load_result>(const std::string& registry, unsigned turn)> run;
  std::function<bool()> is_interrupted;
};

/// Makes the folders for the runs; an error where they have runs already.
[[nodiscard]] result<void> prepare_interleaved(const std::filesystem::path& output);

/// Runs, and compares B with A as `plimsoll compare` does, also into `comparison.json` and
/// `comparison.html`. The first run that fails ends it, and so does an interrupt: the run that it
/// cut short is left out.
/// @return the exit code of the comparison; 3 where there is none
[[nodiscard]] int run_interleaved(const interleaved& wanted);

}  // namespace plimsoll::cli
