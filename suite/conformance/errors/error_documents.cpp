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
  if (response.status / 100 != 4 || response.body.empty()) return;
  const auto type = response.header("Content-Type");
  if (!type || oci::media_type::without_parameters(*type) != "application/json") return;

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

constexpr std::array observers{
    observer{.id = "errors/document",
             .title = "A JSON body of a 4XX has the spec's form and codes",
             .category = "pull",
             .judges = document_judges,
             .look = document},
};

}  // namespace

std::span<const observer> error_documents() noexcept {
  return observers;
}

}  // namespace plimsoll::suite
