#include "service/service.hpp"

namespace plimsoll::reference {

response answer_discover(const call& at) {
  if (!at.is_read()) return wrong_method("GET, HEAD");
  response made;
  made.body =
      R"({"extensions":[{"name":"_oci","description":"lists the extensions of the registry",)"
      R"("endpoints":["_oci/ext/discover"]}]})";
  made.header("Content-Type", "application/json");
  return made;
}

}  // namespace plimsoll::reference
