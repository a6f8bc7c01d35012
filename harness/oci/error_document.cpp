#include "plimsoll/oci/error_document.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "json_reader.hpp"
#include "plimsoll/base/text.hpp"

namespace plimsoll::oci {
namespace {

constexpr std::array<std::string_view, 14> registered_codes{
    "BLOB_UNKNOWN",          "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "DIGEST_INVALID",
    "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID",    "MANIFEST_UNKNOWN",    "NAME_INVALID",
    "NAME_UNKNOWN",          "SIZE_INVALID",        "UNAUTHORIZED",        "DENIED",
    "UNSUPPORTED",           "TOOMANYREQUESTS"};

error_entry read_entry(const json::value& value, std::string place, std::optional<error>& why) {
  json::object_reader reader(value, std::move(place), why);
  error_entry made;
  made.code = reader.required_text("code");
  const auto* const message = reader.find("message");
  made.message_is_text = message == nullptr || message->is_string();
  if (made.message_is_text) made.message = reader.text("message");
  if (const auto* const detail = reader.find("detail")) made.detail = json::to_text(*detail);
  return made;
}

}  // namespace

bool is_error_code_text(std::string_view code) noexcept {
  return !code.empty() && std::all_of(code.begin(), code.end(),
                                      [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

bool error_document::has_code(std::string_view code) const noexcept {
  return std::any_of(errors.begin(), errors.end(),
                     [code](const error_entry& entry) { return entry.code == code; });
}

result<error_document> parse_error_document(std::string_view text) {
  const auto document = json::parse(text);
  if (!document) return document.error();
  std::optional<error> why;
  json::object_reader reader(*document, "", why);
  error_document made;
  for (const auto* const one : reader.required_elements("errors")) {
    made.errors.push_back(read_entry(*one, fmt::format("errors[{}]", made.errors.size()), why));
  }
  if (why) return *why;
  return made;
}

std::string to_json(const error_document& document) {
  std::vector<std::string> entries;
  for (const error_entry& entry : document.errors) {
    json::object_writer writer;
    writer.text("code", entry.code).text_if_any("message", entry.message);
    if (!entry.detail.empty()) {
      const bool is_json = json::value::accept(entry.detail);
      writer.raw("detail", is_json ? entry.detail : json::quote(entry.detail));
    }
    entries.push_back(writer.finish());
  }
  return json::object_writer().raw("errors", json::array_of(entries)).finish();
}

bool is_registered_error_code(std::string_view code) noexcept {
  return std::find(registered_codes.begin(), registered_codes.end(), code) !=
         registered_codes.end();
}

std::vector<std::string> parse_filters_applied(std::string_view value) {
  std::vector<std::string> names;
  for (const std::string_view part : split(value, ',')) {
    if (!trim(part).empty()) names.emplace_back(trim(part));
  }
  return names;
}

}  // namespace plimsoll::oci
