#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/error.hpp"

namespace plimsoll::oci {

/// One entry of the error document; distribution-spec 1.1.1, "Error Codes".
struct error_entry {
  std::string code;
  std::string message;          ///< Empty where there is none.
  std::string detail;           ///< JSON text; empty where there is none.
  bool message_is_text = true;  ///< False where the message is there and no JSON string.
};

struct error_document {
  std::vector<error_entry> errors;
  [[nodiscard]] bool has_code(std::string_view code) const noexcept;
};

/// Reads a 4XX body; the error says what breaks the spec's form, with its place. A code may be
/// any text, a message of another type is left out: those are rules of their own.
[[nodiscard]] result<error_document> parse_error_document(std::string_view json);

[[nodiscard]] std::string to_json(const error_document& document);

/// Whether the code is made of upper-case letters and underscores only, as the spec has it.
[[nodiscard]] bool is_error_code_text(std::string_view code) noexcept;

/// Whether the code is one of the fourteen of the spec's table.
[[nodiscard]] bool is_registered_error_code(std::string_view code) noexcept;

/// The names in an `OCI-Filters-Applied` header: comma separated, spaces trimmed.
[[nodiscard]] std::vector<std::string> parse_filters_applied(std::string_view value);

}  // namespace plimsoll::oci
