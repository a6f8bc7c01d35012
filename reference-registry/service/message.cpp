#include "service/message.hpp"

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/error_document.hpp"

namespace plimsoll::reference {

std::optional<std::string_view> request::header(std::string_view name) const {
  for (const auto& one : headers) {
    if (equal_ignoring_case(one.first, name)) return one.second;
  }
  return std::nullopt;
}

response& response::header(std::string name, std::string value) {
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

std::string_view response::payload() const noexcept {
  if (!shared) return body;
  const std::string_view whole = *shared;
  return part ? whole.substr(part->first, part->length()) : whole;
}

response failure(int status, std::string_view code, std::string_view message) {
  oci::error_entry entry;
  entry.code = code;
  entry.message = printable(message);
  oci::error_document document;
  document.errors.push_back(std::move(entry));
  response made;
  made.status = status;
  made.body = oci::to_json(document);
  made.header("Content-Type", "application/json");
  return made;
}

response wrong_method(std::string_view allowed) {
  auto made = failure(405, "UNSUPPORTED", "the resource does not have this method");
  made.header("Allow", std::string(allowed));
  return made;
}

}  // namespace plimsoll::reference
