#include "service/message.hpp"

#include <algorithm>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/error_document.hpp"

namespace plimsoll::reference {

namespace {

std::optional<std::string_view> find(const header_list& headers, std::string_view name) {
  for (const auto& one : headers) {
    if (equal_ignoring_case(one.first, name)) return one.second;
  }
  return std::nullopt;
}

void remove(header_list& headers, std::string_view name) {
  const auto gone = [&](const auto& one) { return equal_ignoring_case(one.first, name); };
  headers.erase(std::remove_if(headers.begin(), headers.end(), gone), headers.end());
}

}  // namespace

std::optional<std::string_view> request::header(std::string_view name) const {
  return find(headers, name);
}

void request::remove_header(std::string_view name) {
  remove(headers, name);
}

std::optional<std::string_view> response::find_header(std::string_view name) const {
  return find(headers, name);
}

void response::set_header(std::string name, std::string value) {
  remove(headers, name);
  headers.emplace_back(std::move(name), std::move(value));
}

void response::remove_header(std::string_view name) {
  remove(headers, name);
}

void response::replace_body(std::string bytes) {
  body = std::move(bytes);
  shared = nullptr;
  file = nullptr;
  part.reset();
}

response& response::header(std::string name, std::string value) {
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

std::string_view response::payload() const noexcept {
  if (file) return {};
  if (!shared) return body;
  const std::string_view whole = *shared;
  return part ? whole.substr(part->first, part->length()) : whole;
}

std::uint64_t response::payload_bytes() const {
  if (!file) return payload().size();
  return part ? part->length() : file->size();
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
