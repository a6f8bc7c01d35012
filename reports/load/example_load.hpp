#pragma once

#include "plimsoll/load_values/load_result.hpp"

namespace plimsoll::load {

/// A made-up run with something in every member.
[[nodiscard]] load_result example_load();

}  // namespace plimsoll::load
