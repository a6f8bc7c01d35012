#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/catalogue/catalogue.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/given_content.hpp"
#include "plimsoll/scenario/policy.hpp"
#include "plimsoll/scenario/scenario.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll {

/// How long the clean-up of a run goes on.
struct clean_up_limits {
  std::chrono::milliseconds answer{10'000};  ///< For one request; who takes longer gets no other.
  std::chrono::milliseconds whole{60'000};   ///< For all deletions of a run, as a worker sees it.
  std::size_t failures = 3;  ///< Requests without an answer in a row; refusals of one kind.
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// What a run needs to know.
struct run_options {
  spec_version version = spec_version::v1_1;
  std::string repository_prefix;  ///< Each scenario gets a repository below it.
  std::string run_id;             ///< Makes the repositories of two runs differ.
  /// Two that all scenarios share instead, one after the other; one where all only read; or none.
  /// Nothing is pushed or deleted outside of them.
  std::vector<std::string> repositories;
  given_content given;             ///< Lies in the first of `repositories`.
  std::string private_repository;  ///< That the login may not read; empty: none is known.
  http::client* owner = nullptr;   ///< With the login of who may, or null; outlives the run.
  std::uint64_t seed = 0;
  /// How long content that was acknowledged and is not seen, or was deleted and is still there, is
  /// asked for again. Below 60 s such a failure only warns.
  std::chrono::milliseconds settle = std::chrono::seconds(60);
  std::size_t concurrency = 8;  ///< Scenarios under way at once; at least 1.
  /// Rules for every answer; each becomes one more result, behind those of the scenarios.
  std::vector<observer> observers;
  /// What a scenario pushed is deleted when it has ended, and what others push as well when all
  /// have; but not where it sent fewer bytes than this: a registry that ends with the run may keep
  /// a little.
  std::uint64_t leaves_bytes = 0;
  clean_up_limits cleaning;
  /// Requirements that are not judged, whatever a scenario finds.
  std::vector<std::string_view> switched_off;
  /// Says which requests are not sent, neither by scenarios nor by the clean-up; may be empty.
  request_filter why_not_sent;
  /// Nothing is pushed or deleted, whatever a scenario would do.
  bool is_read_only = false;
  registry_policies policies;  ///< Of `run_preflight`: what they rule out is not run.
  /// Keeps the transcripts of scenarios that pass, too.
  bool keeps_transcripts = false;
  /// Asked to stop, scenarios under way end as they are, and no other begins. What was pushed is
  /// still deleted. Ending the exchanges under way is the caller's, by `client::interrupt`.
  std::stop_token stopping;
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
