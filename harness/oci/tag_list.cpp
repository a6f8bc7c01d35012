#include "plimsoll/oci/tag_list.hpp"

#include <optional>

#include "json_reader.hpp"

namespace plimsoll::oci {

result<tag_list> parse_tag_list(std::string_view text) {
  const auto document = json::parse(text);
  if (!document) return document.error();
  std::optional<error> why;
  json::object_reader reader(*document, "", why);
  tag_list made;
  made.name = reader.required_text("name");
  const auto* const tags = reader.require("tags");
  if (tags != nullptr && !tags->is_null()) made.tags = reader.texts("tags");
  if (why) return *why;
  return made;
}

std::string to_json(const tag_list& list) {
  std::vector<std::string> tags;
  for (const std::string& tag : list.tags) tags.push_back(json::quote(tag));
  return json::object_writer().text("name", list.name).raw("tags", json::array_of(tags)).finish();
}

}  // namespace plimsoll::oci
