#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/catalogue/catalogue.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll::reports {

/// One entry of the catalogue, and what the run says of it.
struct covered {
  const requirement* rule = nullptr;
  level strength = level::must;    ///< In the run's version of the spec, or in the catalogue.
  std::optional<verdict> outcome;  ///< The gravest; nothing where no scenario judged it.
  std::vector<std::size_t>
      scenarios;       ///< Those that judged it, or were there to; places in the run.
  std::string reason;  ///< Why it was not judged; empty otherwise.
  /// What the suite does about it, whatever this run did: "proven" where a scenario judges it and
  /// faults show that, "judged" where one does, "not judged" where none does.
  std::string state;
  std::vector<std::string> faults;  ///< That prove it.
};

/// Every entry of the catalogue, in its order.
[[nodiscard]] std::vector<covered> coverage_of(const run_result& run);

}  // namespace plimsoll::reports
