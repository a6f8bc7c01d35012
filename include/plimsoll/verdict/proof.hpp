#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace plimsoll {

/// The suite against the reference registry with one rule broken.
struct fault_proof {
  std::string name;                 ///< The fault's name in the reference registry.
  std::string requirement;          ///< The catalogue's id of the rule that it breaks.
  std::string summary;              ///< What the registry does instead, in one sentence.
  bool caught = false;              ///< Whether that requirement was found broken.
  std::vector<std::string> failed;  ///< All requirements that did not hold, each once.
};

/// The suite against the reference registry with one choice that the spec leaves open made
/// the other way.
struct variant_proof {
  std::string name;
  std::string summary;                  ///< The choice, in one sentence.
  bool clean = false;                   ///< Whether nothing was complained of.
  std::vector<std::string> complaints;  ///< The requirements that were, each once.
};

/// What the suite's run against itself came to: that it sees what is broken, and complains of
/// nothing that is allowed.
struct proof_result {
  std::string version;       ///< Of the suite.
  std::string spec_version;  ///< "1.1"
  std::string started;       ///< RFC 3339, UTC.
  std::chrono::microseconds took{0};
  std::uint64_t seed = 0;
  std::vector<fault_proof> faults;
  std::vector<variant_proof> variants;
};

}  // namespace plimsoll
