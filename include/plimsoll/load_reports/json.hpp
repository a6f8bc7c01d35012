#pragma once

#include <string>
#include <string_view>

#include "plimsoll/base/error.hpp"
#include "plimsoll/load_values/load_result.hpp"

namespace plimsoll::load {

/// The version of a load run's JSON form. New members keep the version; removing one, or
/// changing its meaning, needs a new version.
inline constexpr unsigned json_version = 1;

/// The run as one JSON document, as `reports/load/load.schema.json` describes it, histograms
/// included. Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string to_json(const load_result& run);

/// Reads what `to_json` wrote. Unknown members are ignored; a version above
/// `json_version` is refused. An error names the place as a JSON Pointer.
[[nodiscard]] result<load_result> parse_load_result(std::string_view json);

}  // namespace plimsoll::load
