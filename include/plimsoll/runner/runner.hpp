#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/catalogue/catalogue.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/scenario/scenario.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll {

/// What a run needs to know.
struct run_options {
  spec_version version = spec_version::v1_1;
  std::string repository_prefix;  ///< Each scenario gets a repository below it.
  std::string run_id;             ///< Makes the repositories of two runs differ.
  std::uint64_t seed = 0;
  std::size_t concurrency = 8;  ///< Scenarios under way at once; at least 1.
  /// Rules for every answer; each becomes one more result, behind those of the scenarios.
  std::vector<observer> observers;
  /// Deletes what a scenario pushed when it has ended.
  bool cleans_up = true;
  /// Called as each scenario ends, for progress.
  std::function<void(const scenario_result&)> on_result;
};

struct run_outcome {
  std::vector<scenario_result> scenarios;  ///< In the order given; then the observers'.
  std::vector<std::string> left_behind;    ///< What the registry did not delete.
};

/// Runs the scenarios, each in a repository of its own, and says what became of each. Never throws
/// for what a scenario or the registry does: a body that throws what is not its to throw ends as
/// `verdict::error` with the exception's text.
[[nodiscard]] boost::asio::awaitable<run_outcome> run_scenarios(
    std::vector<const scenario*> scenarios, http::client& registry, run_options options);

}  // namespace plimsoll
