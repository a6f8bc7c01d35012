#include "service/service.hpp"

namespace plimsoll::reference {

response answer_discover(const call& at) {
  if (at.how.version == spec_version::v1_0) return failure(404, "UNSUPPORTED", "no such endpoint");
  if (!at.is_read()) return wrong_method("GET, HEAD");
  const bool is_of_repository = at.where.kind == endpoint::repository_discover;
  if (is_of_repository && !at.kept.has_repository(at.where.repository)) {
    return failure(404, "NAME_UNKNOWN", "no such repository");
  }
  response made;
  made.body =
      R"({"extensions":[{"name":"_oci",)"
      R"("url":"https://github.com/opencontainers/distribution-spec/blob/v1.1.1/extensions/_oci.md",)"
      R"("description":"lists the extensions","endpoints":["_oci/ext/discover"]}]})";
  made.header("Content-Type", "application/json");
  return made;
}

}  // namespace plimsoll::reference
