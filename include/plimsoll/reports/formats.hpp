#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/load_values/comparison.hpp"
#include "plimsoll/load_values/load_result.hpp"
#include "plimsoll/load_values/past_load.hpp"
#include "plimsoll/reports/history.hpp"
#include "plimsoll/verdict/proof.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll::reports {

/// What reports are made from: any of it may be missing.
struct report_source {
  std::optional<run_result> run;
  std::optional<proof_result> proof;
  std::vector<load::load_result> loads;  ///< The first is what others are set beside.
  std::optional<load::comparison> comparison;
  std::vector<past_run> history;
  std::vector<load::past_load> load_history;  ///< The load runs of that folder.
};

/// One kind of report: a pure function, and what the command line says about it.
struct report_format {
  std::string_view name;     ///< Its flag, without the dashes.
  std::string_view file;     ///< What its file is called; empty where it is for a terminal.
  std::string_view summary;  ///< For --help.
  result<std::string> (*write)(const report_source& source);
};

/// Every format there is. A report more is a function and a line there.
[[nodiscard]] std::span<const report_format> all_formats() noexcept;

}  // namespace plimsoll::reports
