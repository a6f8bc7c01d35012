#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/load_values/comparison.hpp"
#include "plimsoll/load_values/load_result.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming)
class App;
}

namespace plimsoll::cli {

/// How two sets of runs are compared, and where that is written; an empty path: nowhere.
struct comparing {
  load::comparison_settings settings;
  std::string json;
  std::string html;
  load::strictness how = load::strictness::lenient;
};

/// What a comparison is told on the command line, wherever there is one.
struct comparison_flags {
  double margin_percent = 5;
  double tail_margin_percent = 10;
  bool strict = false;
};

/// Their names, for who allows them only beside another flag.
inline constexpr std::array<const char*, 3> comparison_flag_names{"--margin", "--tail-margin",
                                                                  "--strict"};

void describe_comparison(CLI::App& app, comparison_flags& to);

/// A comparison by these flags, written nowhere.
[[nodiscard]] comparing comparing_by(const comparison_flags& flags);

/// Compares the new runs with the base's, prints what came of it and writes it.
/// @param command for messages, "plimsoll compare"
/// @return the exit code; 2 where the runs cannot be compared, 3 where a file cannot be written
[[nodiscard]] int compare_runs(std::string_view command, const std::vector<load::load_result>& base,
                               const std::vector<load::load_result>& fresh,
                               const comparing& wanted);

}  // namespace plimsoll::cli
