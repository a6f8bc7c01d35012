#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "plimsoll/oci/media_type.hpp"
#include "rules/referrer_rules.hpp"

namespace plimsoll::reference {
namespace {

void drop_entries(oci::image_index& index, bool (*which)(const oci::descriptor&)) {
  auto& all = index.manifests;
  all.erase(std::remove_if(all.begin(), all.end(), which), all.end());
}

oci::descriptor entry_of(const oci::digest& digest, const stored_manifest& one) {
  oci::descriptor entry;
  entry.media_type = one.media_type;
  entry.digest = digest;
  entry.size = one.bytes->size();
  return entry;
}

/// Adds the referrers that the same subject has in another repository.
void add_those_of(const call& at, const std::string& repository, oci::image_index& index) {
  const auto subject = oci::digest::parse(at.where.last);
  if (!subject) return;
  for (const auto& one : at.kept.referrers(repository, *subject)) {
    index.manifests.push_back(entry_of(one.first, one.second));
  }
}

void hide_without_subject(call& at, oci::image_index& index) {
  const auto subject = oci::digest::parse(at.where.last);
  if (subject && !at.kept.manifest(at.where.repository, *subject)) index.manifests.clear();
}

/// Remembers what was a referrer when it is deleted.
std::optional<response> remember_deleted(call& at) {
  if (at.where.kind != endpoint::manifest || at.asked.method != "DELETE") return std::nullopt;
  const auto digest = oci::digest::parse(at.where.last);
  const auto found = digest ? at.kept.manifest(at.where.repository, *digest) : std::nullopt;
  if (found && !found->subject.empty()) {
    at.remembered.notes[at.where.repository + '@' + found->subject] =
        oci::to_json(entry_of(*digest, *found));
  }
  return std::nullopt;
}

void add_deleted(call& at, oci::image_index& index) {
  const auto note = at.remembered.notes.find(at.where.repository + '@' + at.where.last);
  if (note == at.remembered.notes.end()) return;
  if (auto entry = oci::parse_descriptor(note->second)) {
    index.manifests.push_back(std::move(*entry));
  }
}

/// Gives the entries of a page's Link, and no more, whatever page is asked for.
std::optional<response> first_page_again(call& at) {
  if (asks_referrers(at)) at.where.remove_parameter("last");
  return std::nullopt;
}

std::optional<response> answer_bad_digest(call& at, int status) {
  if (!asks_referrers(at) || oci::digest::parse(at.where.last)) return std::nullopt;
  if (status != 200) return failure(status, "DIGEST_INVALID", "this is no digest");
  response made;
  made.body = oci::to_json(oci::image_index{});
  made.header("Content-Type", std::string(oci::media_type::image_index));
  return made;
}

constexpr std::array table{
    rule{.name = "referrers-list-206",
         .requirement = "referrers.200",
         .summary = "A list of referrers has status 206",
         .after =
             [](call& at, response& to) {
               if (lists_referrers(at, to)) to.status = 206;
             }},
    rule{.name = "referrers-list-404-though-claimed",
         .requirement = "referrers.404-forbidden",
         .summary = "OCI-Subject is sent, and the list of referrers is 404",
         .before = [](call& at) -> std::optional<response> {
           if (!asks_referrers(at)) return std::nullopt;
           return failure(404, "MANIFEST_UNKNOWN", "no such manifest");
         }},
    rule{.name = "referrers-none-404",
         .requirement = "referrers.404-forbidden",
         .summary = "The list of referrers is 404 where there are none",
         .after =
             [](call& at, response& to) {
               if (!lists_referrers(at, to)) return;
               const auto index = oci::parse_image_index(to.payload());
               if (index && index->manifests.empty()) to.status = 404;
             }},
    rule{.name = "referrers-sha512-404",
         .requirement = "referrers.404-forbidden",
         .summary = "The referrers of a sha512 digest are 404",
         .after =
             [](call& at, response& to) {
               if (asks_referrers(at) && at.where.last.starts_with("sha512:")) to.status = 404;
             }},
    rule{.name = "referrers-no-api-501",
         .requirement = "table.end-12a.failure-404",
         .summary = "A registry without the referrers API answers 501",
         .configure = [](options& how) { how.referrers = false; },
         .after =
             [](call& at, response& to) {
               if (asks_referrers(at)) to.status = 501;
             }},
    rule{.name = "referrers-no-api-filtered-501",
         .requirement = "table.end-12b.failure-404",
         .summary = "A registry without the referrers API answers a filtered list with 501",
         .configure = [](options& how) { how.referrers = false; },
         .after =
             [](call& at, response& to) {
               if (asks_referrers(at) && at.where.parameter("artifactType")) to.status = 501;
             }},
    rule{.name = "referrers-bad-digest-404",
         .requirement = "referrers.400-bad-digest",
         .summary = "The referrers of what is no digest are 404",
         .before = [](call& at) { return answer_bad_digest(at, 404); }},
    rule{.name = "referrers-bad-digest-empty",
         .requirement = "referrers.400-bad-digest",
         .summary = "What is no digest has an empty list of referrers",
         .before = [](call& at) { return answer_bad_digest(at, 200); }},
    rule{.name = "referrers-bad-digest-filtered-500",
         .requirement = "table.end-12b.failure",
         .summary = "The filtered referrers of what is no digest are answered with 500",
         .before = [](call& at) -> std::optional<response> {
           if (!at.where.parameter("artifactType")) return std::nullopt;
           return answer_bad_digest(at, 500);
         }},
    rule{.name = "referrers-bare-array",
         .requirement = "referrers.body-index",
         .summary = "A list of referrers is an array, without an index around it",
         .after =
             [](call& at, response& to) {
               if (lists_referrers(at, to)) to.replace_body("[]");
             }},
    rule{.name = "referrers-without-schema-version",
         .requirement = "referrers.body-index",
         .summary = "The index of referrers has no schemaVersion",
         .after =
             [](call& at, response& to) {
               if (!lists_referrers(at, to)) return;
               std::string body(to.payload());
               const auto at_version = body.find("\"schemaVersion\":2,");
               if (at_version != std::string::npos) body.erase(at_version, 18);
               to.replace_body(std::move(body));
             }},
    rule{.name = "referrers-plain-json",
         .requirement = "referrers.content-type",
         .summary = "The Content-Type of a list of referrers is application/json",
         .after =
             [](call& at, response& to) {
               if (lists_referrers(at, to)) to.set_header("Content-Type", "application/json");
             }},
    rule{.name = "referrers-type-as-accepted",
         .requirement = "referrers.content-type",
         .summary = "The Content-Type of a list of referrers is what the client accepts",
         .after =
             [](call& at, response& to) {
               const auto wanted = at.asked.header("Accept").value_or("*/*");
               if (lists_referrers(at, to) && wanted != "*/*") {
                 to.set_header("Content-Type", std::string(wanted));
               }
             }},
    rule{.name = "referrers-subject-itself",
         .requirement = "referrers.only-matching-subject",
         .summary = "The subject stands in the list of its own referrers",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call& of, oci::image_index& index) {
                 const auto subject = oci::digest::parse(of.where.last);
                 const auto found =
                     subject ? of.kept.manifest(of.where.repository, *subject) : std::nullopt;
                 if (found) index.manifests.push_back(entry_of(*subject, *found));
               });
             }},
    rule{.name = "referrers-of-all-repositories",
         .requirement = "referrers.same-repository",
         .summary = "The list has the referrers that other repositories have",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call& of, oci::image_index& index) {
                 const std::string suffix = "-other";
                 std::string base = of.where.repository;
                 if (!base.ends_with(suffix)) return;
                 base.erase(base.size() - suffix.size());
                 add_those_of(of, base, index);
               });
             }},
    rule{.name = "referrers-without-indexes",
         .requirement = "referrers.complete",
         .summary = "Indexes with a subject are not listed",
         .after =
             [](call& at, response& to) {
               change_index(at, to,
                            [](call&, oci::image_index& index) { drop_entries(index, is_index); });
             }},
    rule{.name = "referrers-without-indexes-untold",
         .requirement = "referrers.complete-index",
         .summary = "Indexes with a subject are not listed, and their push has no OCI-Subject",
         .after =
             [](call& at, response& to) {
               const auto type = at.asked.header("Content-Type").value_or("");
               if (oci::media_type::is_index(type)) to.remove_header("OCI-Subject");
               change_index(at, to,
                            [](call&, oci::image_index& index) { drop_entries(index, is_index); });
             }},
    rule{.name = "referrers-listed-twice",
         .requirement = "referrers.pages-disjoint",
         .summary = "The first referrer is listed twice",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call&, oci::image_index& index) {
                 if (index.manifests.empty()) return;
                 const auto first = index.manifests.front();
                 index.manifests.push_back(first);
               });
             }},
    rule{.name = "referrers-sha512-not-listed",
         .requirement = "referrers.complete",
         .summary = "The list of a sha512 digest is empty",
         .after =
             [](call& at, response& to) {
               if (!at.where.last.starts_with("sha512:")) return;
               change_index(at, to,
                            [](call&, oci::image_index& index) { index.manifests.clear(); });
             }},
    rule{.name = "referrers-size-wrong",
         .requirement = "referrers.descriptor-correct",
         .summary = "The size in an entry is one too large",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call&, oci::image_index& index) {
                 for (auto& one : index.manifests) ++one.size;
               });
             }},
    rule{.name = "referrers-index-as-manifest",
         .requirement = "referrers.descriptor-correct",
         .summary = "The media type of every entry is that of an image manifest",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call&, oci::image_index& index) {
                 for (auto& one : index.manifests) one.media_type = oci::media_type::image_manifest;
               });
             }},
    rule{.name = "referrers-without-type",
         .requirement = "referrers.artifacttype",
         .summary = "Entries have no artifactType",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call&, oci::image_index& index) {
                 for (auto& one : index.manifests) one.artifact_type.clear();
               });
             }},
    rule{.name = "referrers-index-without-type",
         .requirement = "referrers.artifacttype",
         .summary = "The entry of an index has no artifactType",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call&, oci::image_index& index) {
                 for (auto& one : index.manifests) {
                   if (is_index(one)) one.artifact_type.clear();
                 }
               });
             }},
    rule{.name = "referrers-no-config-type",
         .requirement = "referrers.artifacttype-config-fallback",
         .summary = "An entry does not have its config's type where it has no other",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call& of, oci::image_index& index) {
                 for (auto& one : index.manifests) {
                   const auto found = of.kept.manifest(of.where.repository, one.digest);
                   const auto read = found ? oci::parse_image_manifest(*found->bytes)
                                           : oci::parse_image_manifest("");
                   if (read && read->artifact_type.empty()) one.artifact_type.clear();
                 }
               });
             }},
    rule{.name = "referrers-index-empty-type",
         .requirement = "referrers.artifacttype-index-omitted",
         .summary = "The entry of an index without artifactType has an empty one",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call&, oci::image_index& index) {
                 for (auto& one : index.manifests) {
                   if (is_index(one) && one.artifact_type.empty()) {
                     one.unknown = R"({"artifactType":""})";
                   }
                 }
               });
             }},
    rule{.name = "referrers-index-made-up-type",
         .requirement = "referrers.artifacttype-index-omitted",
         .summary = "The entry of an index without artifactType has its media type for one",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call&, oci::image_index& index) {
                 for (auto& one : index.manifests) {
                   if (is_index(one) && one.artifact_type.empty()) {
                     one.artifact_type = one.media_type;
                   }
                 }
               });
             }},
    rule{.name = "referrers-without-annotations",
         .requirement = "referrers.annotations",
         .summary = "Entries have no annotations",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call&, oci::image_index& index) {
                 for (auto& one : index.manifests) one.annotations.clear();
               });
             }},
    rule{.name = "referrers-empty-annotations-lost",
         .requirement = "referrers.annotations",
         .summary = "Annotations with an empty value are missing in entries",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call&, oci::image_index& index) {
                 for (auto& one : index.manifests) {
                   std::erase_if(one.annotations, [](const auto& it) { return it.second.empty(); });
                 }
               });
             }},
    rule{.name = "referrers-none-is-null",
         .requirement = "referrers.empty-list",
         .summary = "The manifests of an empty list are null",
         .after =
             [](call& at, response& to) {
               if (!lists_referrers(at, to)) return;
               const auto index = oci::parse_image_index(to.payload());
               if (!index || !index->manifests.empty()) return;
               to.replace_body(R"({"schemaVersion":2,"manifests":null})");
             }},
    rule{.name = "referrers-missing-subject-hidden",
         .requirement = "referrers.missing-subject-listed",
         .summary = "Nothing is listed while the subject is not there",
         .after = [](call& at, response& to) { change_index(at, to, hide_without_subject); }},
    rule{.name = "referrers-deleted-stay",
         .requirement = "referrers.deleted-referrer-gone",
         .summary = "A deleted referrer stays in the list",
         .before = remember_deleted,
         .after = [](call& at, response& to) { change_index(at, to, add_deleted); }},
    rule{.name = "referrers-cut-without-link",
         .requirement = "referrers.link-required",
         .summary = "A list that is too long for one answer is cut",
         .after =
             [](call& at, response& to) {
               if (lists_referrers(at, to)) to.remove_header("Link");
             }},
    rule{.name = "referrers-link-bare-url",
         .requirement = "referrers.link-format",
         .summary = "The Link of a list of referrers is a URL alone",
         .after =
             [](call& at, response& to) {
               if (lists_referrers(at, to) && to.find_header("Link")) {
                 to.set_header("Link", "/v2/?page=2");
               }
             }},
    rule{.name = "referrers-page-again",
         .requirement = "referrers.pages-disjoint",
         .summary = "The second page of referrers is the first one again",
         .before = first_page_again},
};

}  // namespace

void change_index(call& at, response& to, void (*change)(call&, oci::image_index&)) {
  if (!lists_referrers(at, to)) return;
  auto index = oci::parse_image_index(to.payload());
  if (!index) return;
  change(at, *index);
  to.replace_body(oci::to_json(*index));
}

bool is_index(const oci::descriptor& one) {
  return one.media_type == oci::media_type::image_index;
}

std::span<const rule> referrer_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
