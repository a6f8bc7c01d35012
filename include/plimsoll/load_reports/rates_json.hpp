#pragma once

#include <string>
#include <vector>

#include "plimsoll/load_values/load_result.hpp"

namespace plimsoll::load {

/// What zb writes for CI as `ci-cd`, and benchmark actions read where bigger is better: a JSON
/// list of objects with name, unit and value, one a run. The value is operations a second that
/// succeeded, without what was set up and cleaned up. zb's "range" is left out: there it is always
/// 3, whatever was measured.
[[nodiscard]] std::string rates_json(const std::vector<load_result>& runs);

}  // namespace plimsoll::load
