#include "plimsoll/oci/repository_list.hpp"

#include <optional>

#include "json_reader.hpp"

namespace plimsoll::oci {

result<repository_list> parse_repository_list(std::string_view text) {
  const auto document = json::parse(text);
  if (!document) return document.error();
  std::optional<error> why;
  json::object_reader reader(*document, "", why);
  repository_list made;
  const auto* const names = reader.require("repositories");
  if (names != nullptr && !names->is_null()) made.repositories = reader.texts("repositories");
  if (why) return *why;
  return made;
}

std::string to_json(const repository_list& list) {
  std::vector<std::string> names;
  for (const std::string& name : list.repositories) names.push_back(json::quote(name));
  return json::object_writer().raw("repositories", json::array_of(names)).finish();
}

}  // namespace plimsoll::oci
