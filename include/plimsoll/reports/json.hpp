#pragma once

#include <string>
#include <string_view>

#include "plimsoll/base/error.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll::reports {

/// The version of the JSON form. Members may be added to it; one that goes, or changes its
/// meaning, makes a new version.
inline constexpr unsigned json_version = 1;

/// The run as one JSON document, as `reports/json/result.schema.json` describes it. Bytes that
/// are no UTF-8 become U+FFFD.
[[nodiscard]] std::string to_json(const run_result& run);

/// What `to_json` wrote, read back. Members that are not known are passed over; a version above
/// `json_version` is refused. An error names the place as a JSON Pointer.
[[nodiscard]] result<run_result> parse_result(std::string_view json);

}  // namespace plimsoll::reports
