#include <array>
#include <string>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

bool is_put(const call& at) {
  return at.where.kind == endpoint::manifest && at.asked.method == "PUT";
}

/// The subject of a manifest that is pushed.
std::optional<oci::digest> subject_of(const call& at) {
  if (!is_put(at)) return std::nullopt;
  const auto summary = oci::summarize(at.asked.body, at.asked.header("Content-Type").value_or(""));
  if (!summary || !summary->subject) return std::nullopt;
  return summary->subject->digest;
}

bool lacks_subject(const call& at) {
  const auto subject = subject_of(at);
  return subject && !at.kept.manifest(at.where.repository, *subject);
}

bool is_index(const call& at) {
  return oci::media_type::is_index(at.asked.header("Content-Type").value_or(""));
}

constexpr std::array table{
    rule{.name = "subject-has-to-be-there",
         .requirement = "push.manifest.missing-subject-accepted",
         .summary = "A manifest whose subject is not there is refused",
         .before = [](call& at) -> std::optional<response> {
           if (!lacks_subject(at)) return std::nullopt;
           return failure(404, "MANIFEST_BLOB_UNKNOWN", "there is no such subject");
         }},
    rule{.name = "subject-of-an-index-has-to-be-there",
         .requirement = "push.manifest.missing-subject-accepted",
         .summary = "An index whose subject is not there is refused",
         .before = [](call& at) -> std::optional<response> {
           if (!lacks_subject(at) || !is_index(at)) return std::nullopt;
           return failure(404, "MANIFEST_BLOB_UNKNOWN", "there is no such subject");
         }},
    rule{.name = "subject-later-not-linked",
         .requirement = "push.manifest.missing-subject-later-pushed",
         .summary = "What was pushed before its subject is not listed for it",
         .before = [](call& at) -> std::optional<response> {
           if (lacks_subject(at)) at.remembered.notes[subject_of(at)->str()] = "";
           return std::nullopt;
         },
         .after =
             [](call& at, response& to) {
               if (at.where.kind != endpoint::referrers || to.status != 200) return;
               if (!at.remembered.notes.contains(at.where.last)) return;
               oci::image_index none;
               none.media_type = oci::media_type::image_index;
               to.replace_body(oci::to_json(none));
             }},
    rule{.name = "subject-untold",
         .requirement = "push.subject.oci-subject",
         .summary = "The answer to an image with a subject has no OCI-Subject",
         .after =
             [](call& at, response& to) {
               if (is_put(at) && !is_index(at)) to.remove_header("OCI-Subject");
             }},
    rule{.name = "subject-told-wrongly",
         .requirement = "push.subject.oci-subject-value",
         .summary = "OCI-Subject is the digest of the manifest itself",
         .after =
             [](call& at, response& to) {
               if (is_put(at) && to.find_header("OCI-Subject")) {
                 to.set_header("OCI-Subject",
                               std::string(to.find_header("Docker-Content-Digest").value_or("")));
               }
             }},
    rule{.name = "subject-told-cut",
         .requirement = "push.subject.oci-subject-value",
         .summary = "OCI-Subject is cut to the length of a sha256 digest",
         .after =
             [](call& at, response& to) {
               const auto told = to.find_header("OCI-Subject");
               if (!is_put(at) || !told) return;
               const std::string cut(told->substr(0, 71));
               to.set_header("OCI-Subject", cut);
             }},
    rule{.name = "subject-of-an-index-untold",
         .requirement = "push.subject.oci-subject-index",
         .summary = "The answer to an index with a subject has no OCI-Subject",
         .after =
             [](call& at, response& to) {
               if (is_put(at) && is_index(at)) to.remove_header("OCI-Subject");
             }},
    rule{.name = "subject-told-of-none",
         .requirement = "push.subject.oci-subject-without-subject",
         .summary = "The answer to a manifest without a subject has an OCI-Subject",
         .after =
             [](call& at, response& to) {
               if (!is_put(at) || to.status != 201 || to.find_header("OCI-Subject")) return;
               to.header("OCI-Subject", oci::digest_of("").str());
             }},
    rule{.name = "subject-told-without-referrers",
         .requirement = "push.subject.oci-subject-absent",
         .summary = "There is no referrers API, and OCI-Subject says that there is",
         .configure = [](options& how) { how.referrers = false; },
         .before = [](call& at) -> std::optional<response> {
           const auto subject = subject_of(at);
           if (subject) at.remembered.notes[at.asked.target] = subject->str();
           return std::nullopt;
         },
         .after =
             [](call& at, response& to) {
               const auto subject = at.remembered.notes.find(at.asked.target);
               if (!is_put(at) || subject == at.remembered.notes.end()) return;
               if (to.status == 201) to.header("OCI-Subject", subject->second);
             }},
};

}  // namespace

std::span<const rule> subject_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
