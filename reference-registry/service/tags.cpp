#include <algorithm>

#include <fmt/format.h>

#include "plimsoll/oci/tag_list.hpp"
#include "service/service.hpp"

namespace plimsoll::reference {

response answer_tags(const call& at) {
  if (!at.is_read()) return wrong_method("GET, HEAD");
  const auto& name = at.where.repository;
  if (!at.kept.has_repository(name)) return failure(404, "NAME_UNKNOWN", "no such repository");
  const auto n = page_size(at.where);
  if (!n) return failure(400, "UNSUPPORTED", n.error().what());
  oci::tag_list list;
  list.name = name;
  list.tags = at.kept.tags(name);
  if (const auto last = at.where.parameter("last")) {
    const auto behind = std::upper_bound(list.tags.begin(), list.tags.end(), *last);
    list.tags.erase(list.tags.begin(), behind);
  }
  response made;
  if (*n && **n < list.tags.size()) {
    list.tags.resize(**n);
    // A page of none has no last tag to go on from.
    if (!list.tags.empty()) {
      made.header("Link", fmt::format("</v2/{}/tags/list?n={}&last={}>; rel=\"next\"", name, **n,
                                      list.tags.back()));
    }
  }
  made.body = oci::to_json(list);
  made.header("Content-Type", "application/json");
  return made;
}

}  // namespace plimsoll::reference
