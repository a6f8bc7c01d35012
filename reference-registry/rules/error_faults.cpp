#include <array>

#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

bool has_document(const response& to) {
  return to.status / 100 == 4 && !to.payload().empty();
}

constexpr std::array table{
    rule{.name = "errors-without-array",
         .requirement = "errors.json-format",
         .summary = "The error document is an object without the array of errors",
         .after =
             [](call&, response& to) {
               if (has_document(to)) to.replace_body(R"({"error":"not found"})");
             }},
    rule{.name = "errors-code-lower-case",
         .requirement = "errors.code-charset",
         .summary = "Error codes are in lower case",
         .after =
             [](call&, response& to) {
               if (has_document(to)) to.replace_body(R"({"errors":[{"code":"unsupported"}]})");
             }},
    rule{.name = "errors-message-number",
         .requirement = "errors.message-readable",
         .summary = "The message of an error is a number",
         .after =
             [](call&, response& to) {
               if (!has_document(to)) return;
               to.replace_body(R"({"errors":[{"code":"UNSUPPORTED","message":7}]})");
             }},
    rule{.name = "errors-code-unlisted",
         .requirement = "errors.code-in-list",
         .summary = "An error code is not in the spec's table",
         .after =
             [](call&, response& to) {
               if (has_document(to)) to.replace_body(R"({"errors":[{"code":"OUT_OF_LUCK"}]})");
             }},
};

}  // namespace

std::span<const rule> error_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
