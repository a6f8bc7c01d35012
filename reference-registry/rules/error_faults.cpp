#include <array>

#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

bool has_document(const response& to) {
  return to.status / 100 == 4 && !to.payload().empty();
}

response too_many(std::string_view code) {
  auto made = failure(429, code, "slow down");
  made.header("Retry-After", "0");
  return made;
}

void ask_for_login(options& how) {
  how.username = "prover";
  how.password = "prover";
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
    rule{.name = "errors-401-denied",
         .requirement = "errors.code.unauthorized",
         .summary = "A 401 has the code DENIED",
         .configure = ask_for_login,
         .after =
             [](call&, response& to) {
               if (to.status != 401) return;
               to.replace_body(R"({"errors":[{"code":"DENIED"}]})");
             }},
    rule{.name = "errors-403-unsupported",
         .requirement = "errors.code.denied",
         .summary = "Deletes are forbidden with 403 and the code UNSUPPORTED",
         .before = [](call& at) -> std::optional<response> {
           if (at.asked.method != "DELETE") return std::nullopt;
           return failure(403, "UNSUPPORTED", "no");
         }},
    rule{.name = "errors-405-denied",
         .requirement = "errors.code.unsupported",
         .summary = "Deletes are off, and the 405 has the code DENIED",
         .before = [](call& at) -> std::optional<response> {
           if (at.asked.method != "DELETE") return std::nullopt;
           return failure(405, "DENIED", "no");
         }},
    rule{.name = "errors-429-denied",
         .requirement = "errors.code.toomanyrequests",
         .summary = "A 429 has the code DENIED",
         .before = [](call& at) -> std::optional<response> {
           if (!is_refused_once(at, 7)) return std::nullopt;
           return too_many("DENIED");
         }},
    rule{.name = "errors-429-without-retry-after",
         .requirement = "errors.429-retry-after",
         .summary = "A 429 does not say when to come back",
         .before = [](call& at) -> std::optional<response> {
           if (++at.remembered.count != 20) return std::nullopt;
           return failure(429, "TOOMANYREQUESTS", "slow down");
         }},
};

}  // namespace

std::span<const rule> error_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
