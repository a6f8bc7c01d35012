#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/scenario/scenario.hpp"
#include "plimsoll/verdict/proof.hpp"
#include "plimsoll/verdict/result.hpp"

/// The suite against itself: does it notice every registry that breaks one rule, and does it
/// leave those in peace that only choose what the spec leaves open?
namespace plimsoll {

/// One fault or variant, and what the suite found on a registry with it.
struct proof_step {
  std::string name;
  std::string requirement;  ///< That the fault breaks; empty for a variant.
  bool good = false;        ///< The fault is caught, or the variant not complained of.
  std::vector<scenario_result> scenarios;  ///< Those that were run.
};

struct prove_options {
  std::string filter;         ///< Only faults and variants with this in their name or requirement.
  std::uint64_t seed = 1;     ///< Decides content and names.
  unsigned threads = 2;       ///< Registries judged at once; at least 1.
  std::string suite_version;  ///< To stand in the result.
  /// Called as each is done, from one thread at a time.
  std::function<void(const proof_step&)> on_step;
};

/// Runs the scenarios that judge a fault's requirement against the reference registry with that
/// fault, and all scenarios against it with each variant. A fault is caught where its own
/// requirement fails or warns, whatever else does; a variant is clean where nothing does. Large
/// scenarios are left out. What shows only after an upgrade is judged on a registry that is
/// restarted over what clients left in it while it had no referrers API.
///
/// @throws std::runtime_error where a registry cannot be started
[[nodiscard]] proof_result prove(const std::vector<const scenario*>& all,
                                 const std::vector<observer>& observers,
                                 const prove_options& options);

/// Whether every fault was caught and every variant is clean, and there were any.
[[nodiscard]] bool holds(const proof_result& proof) noexcept;

}  // namespace plimsoll
