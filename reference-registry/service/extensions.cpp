#include <algorithm>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/repository_list.hpp"
#include "service/service.hpp"

namespace plimsoll::reference {
namespace {

/// An entry of the document that `extensions/_oci.md` describes. The texts need no escapes.
std::string entry(std::string_view name, std::string_view file, std::string_view description,
                  std::string_view endpoint) {
  return fmt::format(
      R"({{"name":"{}","url":"https://github.com/opencontainers/distribution-spec/blob/v1.1.1/)"
      R"(extensions/{}","description":"{}","endpoints":["{}"]}})",
      name, file, description, endpoint);
}

}  // namespace

response answer_discover(const call& at) {
  if (at.how.version == spec_version::v1_0) return failure(404, "UNSUPPORTED", "no such endpoint");
  if (!at.is_read()) return wrong_method("GET, HEAD");
  const bool is_of_repository = at.where.kind == endpoint::repository_discover;
  if (is_of_repository && !at.kept.has_repository(at.where.repository)) {
    return failure(404, "NAME_UNKNOWN", "no such repository");
  }
  auto entries = entry("_oci", "_oci.md", "lists the extensions", "_oci/ext/discover");
  if (!is_of_repository) {
    entries += ',' + entry("_catalog", "README.md", "lists the repositories", "_catalog");
  }
  response made;
  made.body = R"({"extensions":[)" + entries + "]}";
  made.header("Content-Type", "application/json");
  return made;
}

/// Paged as tags are. A repository that who asks may not use is not listed.
response answer_catalog(const call& at) {
  if (!at.is_read()) return wrong_method("GET, HEAD");
  const auto n = page_size(at.where);
  if (!n) return failure(400, "UNSUPPORTED", n.error().what());
  oci::repository_list list;
  list.repositories = at.kept.repositories();
  auto& names = list.repositories;
  std::erase_if(names, [&](const std::string& name) { return !at.may_use(name); });
  if (const auto last = at.where.parameter("last")) {
    names.erase(names.begin(), std::upper_bound(names.begin(), names.end(), *last));
  }
  response made;
  if (*n && **n < names.size()) {
    names.resize(**n);
    if (!names.empty()) {
      made.header("Link", fmt::format("</v2/_catalog?n={}&last={}>; rel=\"next\"", **n,
                                      percent_encode(names.back())));
    }
  }
  made.body = oci::to_json(list);
  made.header("Content-Type", "application/json");
  return made;
}

}  // namespace plimsoll::reference
