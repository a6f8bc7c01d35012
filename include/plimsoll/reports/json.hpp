#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "plimsoll/base/error.hpp"
#include "plimsoll/load_values/load_result.hpp"
#include "plimsoll/verdict/proof.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll::reports {

/// The version of the JSON forms. Members may be added to them; one that goes, or changes
/// its meaning, makes a new version.
inline constexpr unsigned json_version = 1;

/// The run as one JSON document, as `reports/json/result.schema.json` describes it. Bytes that
/// are no UTF-8 become U+FFFD.
[[nodiscard]] std::string to_json(const run_result& run);

/// What `to_json` wrote, read back. Members that are not known are passed over, members that
/// version 1 did not have from the beginning may be missing, and a version above
/// `json_version` is refused. An error is one line and names the place as a JSON Pointer.
[[nodiscard]] result<run_result> parse_result(std::string_view json);

/// The suite's own proof, as `reports/json/proof.schema.json` describes it.
[[nodiscard]] std::string to_json(const proof_result& proof);

/// As `parse_result`, for a proof.
[[nodiscard]] result<proof_result> parse_proof(std::string_view json);

using document = std::variant<run_result, proof_result, load::load_result>;

/// Any of them, told apart by the member that names the form and its version.
[[nodiscard]] result<document> parse_document(std::string_view json);

}  // namespace plimsoll::reports
