#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "catalog.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/error_document.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"

namespace plimsoll::suite {
namespace {

/// Whether it is a 4XX whose body calls itself JSON.
bool is_json(const http::response& response) {
  if (response.status / 100 != 4 || response.body.empty()) return false;
  const auto type = response.header("Content-Type");
  return type && oci::media_type::without_parameters(to_lower(*type)) == "application/json";
}

/// Codes that stand outside of the table of the fourteen: of Docker's schema 1 ("Legacy Docker
/// support error codes"), and of the extensions.
bool is_known_exception(std::string_view code) {
  return code == "TAG_INVALID" || code == "MANIFEST_UNVERIFIED" || code == "EXTENSION_UNKNOWN";
}

constexpr auto document_judges = requirement_ids("errors.json-format", "errors.code-charset",
                                                 "errors.code-in-list", "errors.message-readable");

/// A 4XX may have any body; one that calls itself JSON has the spec's form.
void document(witness& answer) {
  const http::response& response = answer.seen().response;
  if (!is_json(response)) return;

  const auto read = oci::parse_error_document(response.body);
  answer.expect("errors.json-format")
      .holds(read.has_value(), "an object with an array of errors",
             read ? "one" : printable(read.error().what()));
  if (!read) return;
  for (const oci::error_entry& one : read->errors) {
    answer.expect("errors.code-charset")
        .holds(oci::is_error_code_text(one.code), "a code of capitals and underscores",
               printable(one.code));
    answer.expect("errors.code-in-list")
        .holds(oci::is_registered_error_code(one.code) || is_known_exception(one.code),
               "a code of the spec's table", printable(one.code));
    answer.expect("errors.message-readable")
        .holds(one.message_is_text, "a message that is a string", "one that is none");
  }
}

struct code_of_status {
  int status;
  requirement_id requirement;
  std::string_view code;
};

constexpr std::array codes{
    code_of_status{401, "errors.code.unauthorized", "UNAUTHORIZED"},
    code_of_status{403, "errors.code.denied", "DENIED"},
    code_of_status{405, "errors.code.unsupported", "UNSUPPORTED"},
    code_of_status{429, "errors.code.toomanyrequests", "TOOMANYREQUESTS"},
};

constexpr auto code_judges =
    requirement_ids("errors.code.unauthorized", "errors.code.denied", "errors.code.unsupported",
                    "errors.code.toomanyrequests");

/// These statuses say by themselves which code of the table goes with them.
void code(witness& answer) {
  const http::response& response = answer.seen().response;
  const auto* const rule = std::find_if(
      codes.begin(), codes.end(), [&](const auto& one) { return one.status == response.status; });
  if (rule == codes.end() || !is_json(response)) return;
  const auto read = oci::parse_error_document(response.body);
  if (!read) return;
  answer.expect(rule->requirement)
      .holds(read->has_code(rule->code), std::string(rule->code),
             read->errors.empty() ? "no code" : printable(read->errors.front().code));
}

constexpr auto pace_judges = requirement_ids("errors.429-retry-after");

/// RFC 9110, 10.2.3: a number of seconds or a date.
void pace(witness& answer) {
  const http::response& response = answer.seen().response;
  if (response.status != 429) return;
  answer.expect("errors.429-retry-after").has_header("Retry-After");
}

constexpr std::array observers{
    observer{.id = "errors/document",
             .title = "A JSON body of a 4XX has the spec's form and codes",
             .category = "pull",
             .judges = document_judges,
             .look = document},
    observer{.id = "errors/code-of-status",
             .title = "401, 403, 405 and 429 have the code of the table that goes with them",
             .category = "pull",
             .judges = code_judges,
             .look = code},
    observer{.id = "errors/too-many-requests",
             .title = "A 429 says when to come back",
             .category = "pull",
             .judges = pace_judges,
             .look = pace},
};

}  // namespace

std::span<const observer> error_documents() noexcept {
  return observers;
}

}  // namespace plimsoll::suite
