#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "rules/deletion_steps.hpp"

namespace plimsoll::reference {
namespace {

using test = bool (*)(const call&);

template <test is_it, int status>
void answer_deletion_with(call& at, response& to) {
  if (is_it(at) && to.status == 202) to.status = status;
}

/// What is there is answered as if the endpoint was not.
template <test is_it, int status>
std::optional<response> turn_away(call& at) {
  if (!is_it(at) || !is_kept(at)) return std::nullopt;
  return failure(status, "UNSUPPORTED", "there is no deletion");
}

/// What is there is said to be deleted, and stays. It is remembered.
template <test is_it>
std::optional<response> pretend(call& at) {
  if (!is_it(at) || !is_kept(at)) return std::nullopt;
  at.remembered.notes[place_of(at)] = "deleted";
  return accepted_deletion();
}

bool was_deleted(const call& at) {
  return at.remembered.notes.contains(place_of(at));
}

bool pulls_manifest(const call& at) {
  return at.is_read() && at.where.kind == endpoint::manifest;
}

response unknown_manifest() {
  return failure(404, "MANIFEST_UNKNOWN", "the repository has no such manifest");
}

template <test is_it>
std::optional<response> accept_absent(call& at) {
  if (!is_it(at) || is_kept(at) || !at.kept.has_repository(at.where.repository)) {
    return std::nullopt;
  }
  return accepted_deletion();
}

template <test is_it>
std::optional<response> accept_again(call& at) {
  if (!is_it(at)) return std::nullopt;
  if (is_kept(at)) {
    at.remembered.notes[place_of(at)] = "deleted";
    return std::nullopt;
  }
  if (!was_deleted(at)) return std::nullopt;
  return accepted_deletion();
}

/// What the manifest lists, as long as it is there.
std::vector<oci::digest> listed_by(const call& at) {
  std::vector<oci::digest> all;
  const auto digest = oci::digest::parse(at.where.last);
  if (!digest) return all;
  const auto found = at.kept.manifest(at.where.repository, *digest);
  if (!found) return all;
  const auto summary = oci::summarize(*found->bytes, found->media_type);
  if (!summary) return all;
  for (const auto& one : summary->references) all.push_back(one.digest);
  return all;
}

/// Remembers what an index lists that is pushed.
void note_children(call& at) {
  const auto index = oci::parse_image_index(at.asked.body);
  if (!index) return;
  for (const auto& one : index->manifests) {
    at.remembered.notes["child " + at.where.repository + ' ' + one.digest.str()] = "";
  }
}

constexpr std::array tags{
    rule{.name = "delete-tag-200",
         .requirement = "delete.tag.202",
         .summary = "The deletion of a tag is answered with 200",
         .after = answer_deletion_with<deletes_tag, 200>},
    rule{.name = "delete-tag-off-404",
         .requirement = "delete.tag.disabled",
         .summary = "The deletion of tags is off, and answered with 404",
         .before = turn_away<deletes_tag, 404>},
    rule{.name = "delete-tag-off-501",
         .requirement = "delete.tag.disabled",
         .summary = "The deletion of tags is off, and answered with 501",
         .before = turn_away<deletes_tag, 501>},
    rule{.name = "delete-tag-stays",
         .requirement = "delete.tag.get-404",
         .summary = "A deleted tag stays",
         .before = pretend<deletes_tag>},
    rule{.name = "delete-tag-stays-listed",
         .requirement = "delete.tag.unlisted",
         .summary = "A deleted tag stays in the list of tags",
         .before = [](call& at) -> std::optional<response> {
           if (pulls_manifest(at) && was_deleted(at)) return unknown_manifest();
           return pretend<deletes_tag>(at);
         }},
    rule{.name = "delete-tag-takes-manifest",
         .requirement = "delete.tag.keeps-manifest",
         .summary = "With a tag its manifest is deleted, and the other tags of that",
         .before = [](call& at) -> std::optional<response> {
           if (!deletes_tag(at) || !is_kept(at)) return std::nullopt;
           const auto digest = at.kept.tagged(at.where.repository, at.where.last);
           (void)at.kept.remove_manifest(at.where.repository, *digest);
           return accepted_deletion();
         }},
    rule{.name = "delete-absent-tag-202",
         .requirement = "table.end-9.failure-404",
         .summary = "The deletion of a tag that is not there is answered with 202",
         .before = accept_absent<deletes_tag>},
    rule{.name = "delete-tag-for-ever",
         .requirement = "push.manifest.201",
         .summary = "A tag that was deleted is refused when it is pushed again",
         .before = [](call& at) -> std::optional<response> {
           if (deletes_tag(at)) at.remembered.notes[place_of(at)] = "deleted";
           if (at.asked.method != "PUT" || !was_deleted(at)) return std::nullopt;
           return failure(400, "MANIFEST_INVALID", "this tag was deleted");
         }},
};

constexpr std::array manifests{
    rule{.name = "delete-manifest-200",
         .requirement = "delete.manifest.202",
         .summary = "The deletion of a manifest is answered with 200",
         .after = answer_deletion_with<deletes_manifest, 200>},
    rule{.name = "delete-manifest-off-404",
         .requirement = "delete.manifest.disabled",
         .summary = "The deletion of manifests is off, and answered with 404",
         .before = turn_away<deletes_manifest, 404>},
    rule{.name = "delete-manifest-off-501",
         .requirement = "delete.manifest.disabled",
         .summary = "The deletion of manifests is off, and answered with 501",
         .before = turn_away<deletes_manifest, 501>},
    rule{.name = "delete-manifest-stays",
         .requirement = "delete.manifest.get-404",
         .summary = "A deleted manifest stays",
         .before = pretend<deletes_manifest>},
    rule{.name = "delete-manifest-stays-for-head",
         .requirement = "delete.manifest.get-404",
         .summary = "HEAD still finds a deleted manifest",
         .before = [](call& at) -> std::optional<response> {
           const bool is_get = pulls_manifest(at) && at.asked.method == "GET";
           if (is_get && was_deleted(at)) return unknown_manifest();
           return pretend<deletes_manifest>(at);
         }},
    rule{.name = "delete-manifest-stays-without-tags",
         .requirement = "delete.manifest.get-404",
         .summary = "A deleted manifest stays where it has no tag",
         .before = [](call& at) -> std::optional<response> {
           const auto kept = at.kept.tags(at.where.repository);
           const bool has_tag = std::any_of(kept.begin(), kept.end(), [&](const std::string& tag) {
             const auto digest = at.kept.tagged(at.where.repository, tag);
             return digest && digest->str() == at.where.last;
           });
           return has_tag ? std::nullopt : pretend<deletes_manifest>(at);
         }},
    rule{.name = "delete-manifest-tags-stay",
         .requirement = "delete.manifest.tags-404",
         .summary = "The tags of a deleted manifest still lead to it",
         .before = [](call& at) -> std::optional<response> {
           if (pulls_manifest(at) && was_deleted(at)) return unknown_manifest();
           return pretend<deletes_manifest>(at);
         }},
    rule{.name = "delete-manifest-tags-go-on",
         .requirement = "delete.manifest.tags-404",
         .summary = "A deleted manifest is still served by its tags",
         .before = [](call& at) -> std::optional<response> {
           if (pulls_manifest(at) && was_deleted(at)) return unknown_manifest();
           return pretend<deletes_manifest>(at);
         }},
    rule{.name = "delete-manifest-stays-in-index",
         .requirement = "delete.manifest.child-404",
         .summary = "A deleted manifest that an index lists stays",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind == endpoint::manifest && at.asked.method == "PUT") note_children(at);
           const bool is_child = at.remembered.notes.contains("child " + place_of(at));
           return is_child ? pretend<deletes_manifest>(at) : std::nullopt;
         }},
    rule{.name = "delete-manifest-tags-stay-listed",
         .requirement = "delete.manifest.tags-unlisted",
         .summary = "The tags of a deleted manifest stay in the list of tags",
         .before = [](call& at) -> std::optional<response> {
           if (pulls_manifest(at)) {
             const auto tagged = at.kept.tagged(at.where.repository, at.where.last);
             const std::string of = tagged ? tagged->str() : at.where.last;
             if (at.remembered.notes.contains(at.where.repository + ' ' + of)) {
               return unknown_manifest();
             }
           }
           return pretend<deletes_manifest>(at);
         }},
    rule{.name = "delete-in-unknown-repository-202",
         .requirement = "delete.manifest.unknown-repo-404",
         .summary = "A deletion in a repository that does not exist is answered with 202",
         .before = [](call& at) -> std::optional<response> {
           if (!deletes_manifest(at) || at.kept.has_repository(at.where.repository)) {
             return std::nullopt;
           }
           return accepted_deletion();
         }},
    rule{.name = "delete-in-unknown-repository-400",
         .requirement = "delete.manifest.unknown-repo-404",
         .summary = "A deletion in a repository that does not exist is answered with 400",
         .before = [](call& at) -> std::optional<response> {
           if (!deletes_manifest(at) || at.kept.has_repository(at.where.repository)) {
             return std::nullopt;
           }
           return failure(400, "NAME_UNKNOWN", "no such repository");
         }},
    rule{.name = "delete-absent-manifest-202",
         .requirement = "table.end-9.failure-404",
         .summary = "The deletion of a manifest that is not there is answered with 202",
         .before = accept_absent<deletes_manifest>},
    rule{.name = "delete-manifest-again-202",
         .requirement = "table.end-9.failure-404",
         .summary = "A manifest can be deleted again and again",
         .before = accept_again<deletes_manifest>},
    rule{.name = "delete-manifest-everywhere",
         .requirement = "pull.manifest.get-200",
         .summary = "A deleted manifest goes from all repositories",
         .before = [](call& at) -> std::optional<response> {
           if (!deletes_manifest(at) || !is_kept(at)) return std::nullopt;
           const auto digest = oci::digest::parse(at.where.last);
           for (const auto& one : at.kept.repositories()) {
             (void)at.kept.remove_manifest(one, *digest);
           }
           return accepted_deletion();
         }},
    rule{.name = "delete-manifest-takes-blobs",
         .requirement = "pull.blob.get-200",
         .summary = "With a manifest its blobs are deleted, also those that others need",
         .before = [](call& at) -> std::optional<response> {
           if (!deletes_manifest(at)) return std::nullopt;
           for (const auto& one : listed_by(at)) {
             (void)at.kept.remove_blob(at.where.repository, one);
           }
           return std::nullopt;
         }},
    rule{.name = "delete-index-takes-images",
         .requirement = "pull.manifest.get-200",
         .summary = "With an index the images that it lists are deleted",
         .before = [](call& at) -> std::optional<response> {
           if (!deletes_manifest(at)) return std::nullopt;
           for (const auto& one : listed_by(at)) {
             (void)at.kept.remove_manifest(at.where.repository, one);
           }
           return std::nullopt;
         }},
    rule{.name = "delete-manifest-for-ever",
         .requirement = "pull.manifest.get-body",
         .summary = "A deleted manifest can be pushed again, but is not found",
         .before = [](call& at) -> std::optional<response> {
           if (deletes_manifest(at)) at.remembered.notes[place_of(at)] = "deleted";
           if (!pulls_manifest(at) || !was_deleted(at)) return std::nullopt;
           return unknown_manifest();
         }},
    rule{.name = "delete-subject-hides-referrers",
         .requirement = "referrers.missing-subject-listed",
         .summary = "The referrers of a deleted manifest are no longer listed",
         .before = [](call& at) -> std::optional<response> {
           if (deletes_manifest(at)) at.remembered.notes[place_of(at)] = "deleted";
           // Of another digest, nothing refers to it.
           if (at.where.kind == endpoint::referrers && was_deleted(at)) {
             at.where.last = oci::digest_of("nothing").str();
           }
           return std::nullopt;
         }},
};

constexpr std::array blobs{
    rule{.name = "delete-blob-204",
         .requirement = "delete.blob.202",
         .summary = "The deletion of a blob is answered with 204",
         .after = answer_deletion_with<deletes_blob, 204>},
    rule{.name = "delete-blob-off-404",
         .requirement = "delete.blob.disabled",
         .summary = "The deletion of blobs is off, and answered with 404",
         .before = turn_away<deletes_blob, 404>},
    rule{.name = "delete-blob-off-501",
         .requirement = "delete.blob.disabled",
         .summary = "The deletion of blobs is off, and answered with 501",
         .before = turn_away<deletes_blob, 501>},
    rule{.name = "delete-blob-409",
         .requirement = "table.end-10.failure-400",
         .summary = "The deletion of a blob is refused with 409",
         .before = turn_away<deletes_blob, 409>},
    rule{.name = "delete-blob-stays",
         .requirement = "delete.blob.get-404",
         .summary = "A deleted blob stays",
         .before = pretend<deletes_blob>},
    rule{.name = "delete-blob-stays-for-head",
         .requirement = "delete.blob.get-404",
         .summary = "HEAD still finds a deleted blob",
         .before = [](call& at) -> std::optional<response> {
           const bool is_get = at.asked.method == "GET" && at.where.kind == endpoint::blob;
           if (is_get && was_deleted(at)) {
             return failure(404, "BLOB_UNKNOWN", "the repository has no such blob");
           }
           return pretend<deletes_blob>(at);
         }},
    rule{.name = "delete-absent-blob-202",
         .requirement = "delete.blob.404",
         .summary = "The deletion of a blob that is not there is answered with 202",
         .before = accept_absent<deletes_blob>},
    rule{.name = "delete-blob-again-202",
         .requirement = "delete.blob.404",
         .summary = "A blob can be deleted again and again",
         .before = accept_again<deletes_blob>},
    rule{.name = "delete-blob-everywhere",
         .requirement = "pull.blob.get-200",
         .summary = "A deleted blob goes from all repositories",
         .before = [](call& at) -> std::optional<response> {
           if (!deletes_blob(at) || !is_kept(at)) return std::nullopt;
           const auto digest = oci::digest::parse(at.where.last);
           for (const auto& one : at.kept.repositories()) (void)at.kept.remove_blob(one, *digest);
           return accepted_deletion();
         }},
    rule{.name = "delete-blob-for-ever",
         .requirement = "pull.blob.get-body",
         .summary = "A deleted blob can be pushed again, but is not found",
         .before = [](call& at) -> std::optional<response> {
           if (deletes_blob(at)) at.remembered.notes[place_of(at)] = "deleted";
           const bool is_pull = at.is_read() && at.where.kind == endpoint::blob;
           if (!is_pull || !was_deleted(at)) return std::nullopt;
           return failure(404, "BLOB_UNKNOWN", "the repository has no such blob");
         }},
    rule{.name = "delete-nothing",
         .requirement = "category.management.support",
         .summary = "There is no deletion, and what is there is answered with 404",
         .before = turn_away<deletes_content, 404>},
};

}  // namespace

std::span<const rule> tag_deletion_faults() noexcept {
  return tags;
}

std::span<const rule> manifest_deletion_faults() noexcept {
  return manifests;
}

std::span<const rule> blob_deletion_faults() noexcept {
  return blobs;
}

}  // namespace plimsoll::reference
