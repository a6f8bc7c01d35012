#include "rules/deletion_steps.hpp"

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/name.hpp"

namespace plimsoll::reference {

bool deletes_tag(const call& at) {
  return at.asked.method == "DELETE" && at.where.kind == endpoint::manifest &&
         oci::is_tag(at.where.last);
}

bool deletes_manifest(const call& at) {
  return at.asked.method == "DELETE" && at.where.kind == endpoint::manifest &&
         !oci::is_tag(at.where.last);
}

bool deletes_blob(const call& at) {
  return at.asked.method == "DELETE" && at.where.kind == endpoint::blob;
}

bool deletes_content(const call& at) {
  return deletes_tag(at) || deletes_manifest(at) || deletes_blob(at);
}

bool is_kept(const call& at) {
  if (at.where.kind == endpoint::manifest && oci::is_tag(at.where.last)) {
    return at.kept.tagged(at.where.repository, at.where.last).has_value();
  }
  const auto digest = oci::digest::parse(at.where.last);
  if (!digest) return false;
  if (at.where.kind == endpoint::blob) {
    return static_cast<bool>(at.kept.blob(at.where.repository, *digest));
  }
  return at.kept.manifest(at.where.repository, *digest).has_value();
}

std::string place_of(const call& at) {
  return at.where.repository + ' ' + at.where.last;
}

response accepted_deletion() {
  response made;
  made.status = 202;
  return made;
}

}  // namespace plimsoll::reference
