#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/catalogue/catalogue.hpp"

namespace plimsoll::cli {

/// What the suite does about one requirement.
struct treatment {
  std::vector<std::string_view> scenarios;  ///< Ids of the scenarios and observers that judge it.
  std::vector<std::string_view> faults;     ///< Names of those that break it.
  std::string not_judged;                   ///< Why nothing judges it; empty where something does.
};

[[nodiscard]] treatment treatment_of(const requirement& rule);

/// "judged" where a scenario judges it, "proven" where a fault shows that it does, else "not".
[[nodiscard]] std::string_view state_of(const treatment& what);

}  // namespace plimsoll::cli
