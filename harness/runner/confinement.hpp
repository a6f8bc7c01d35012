#pragma once

#include <string>
#include <vector>

#include "plimsoll/scenario/context.hpp"

namespace plimsoll {

/// Where a run may push and delete.
struct confinement {
  std::vector<std::string> repositories;  ///< Only there; empty: anywhere.
  bool is_read_only = false;              ///< Nowhere.
};

/// Says of each request whether it would write outside of the confinement, and then asks `further`.
/// An upload that goes on where the registry's Location leads is in the repository that it was
/// opened in. Reading is never confined.
/// @param further may be empty
[[nodiscard]] request_filter confined_to(confinement within, request_filter further);

}  // namespace plimsoll
