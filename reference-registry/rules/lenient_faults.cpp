// Registries that take one name for another, or that keep and tell less or more of an upload than
// was sent.

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/chunk_range.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "rules/rule.hpp"
#include "rules/upload_steps.hpp"
#include "service/incoming_blob.hpp"

namespace plimsoll::reference {
namespace {

bool is_manifest_read(const call& at) {
  return at.where.kind == endpoint::manifest && at.is_read();
}

bool is_tag_call(const call& at) {
  return at.where.kind == endpoint::manifest && oci::is_tag(at.where.last);
}

bool is_blob_read(const call& at) {
  return at.where.kind == endpoint::blob && at.is_read();
}

/// The digest of something in the repository that begins with the text.
std::string known_digest(const call& at, std::string_view text) {
  const auto note = at.remembered.notes.lower_bound(text);
  if (note == at.remembered.notes.end() || !note->first.starts_with(text)) return "";
  return note->first;
}

/// Remembers each digest that a push was answered with.
void remember_digests(call& at, response& to) {
  const auto digest = to.find_header("Docker-Content-Digest");
  if (to.status == 201 && digest) at.remembered.notes[std::string(*digest)] = "";
}

std::optional<response> find_short(call& at) {
  if (!at.where.last.starts_with("sha256:") || oci::digest::parse(at.where.last)) {
    return std::nullopt;
  }
  auto whole = at.where.last.size() < 12 ? "" : known_digest(at, at.where.last);
  if (!whole.empty()) at.where.last = std::move(whole);
  return std::nullopt;
}

std::string end_at(std::uint64_t last) {
  return oci::to_string(oci::chunk_range{0, last});
}

/// Keeps the first half of a chunk, and no more.
std::optional<response> keep_half(call& at) {
  const auto range = oci::parse_chunk_range(at.asked.header("Content-Range").value_or(""));
  if (!is_chunk(at) || !range || at.asked.body.size() < 2) return std::nullopt;
  at.asked.remove_header("Content-Range");
  at.asked.body.resize(at.asked.body.size() / 2);
  return std::nullopt;
}

constexpr std::array table{
    rule{.name = "tags-fold-signs",
         .requirement = "tag.regexp.registry-accepts",
         .summary = "Dots and underscores in a tag are taken for dashes",
         .before = [](call& at) -> std::optional<response> {
           if (!is_tag_call(at)) return std::nullopt;
           for (char& sign : at.where.last) {
             if (sign == '.' || sign == '_') sign = '-';
           }
           if (!oci::is_tag(at.where.last)) at.where.last.insert(0, "x");
           return std::nullopt;
         }},
    rule{.name = "tags-cut-at-64-characters",
         .requirement = "tag.regexp.registry-accepts",
         .summary = "A tag is told apart by its first 64 characters",
         .before = [](call& at) -> std::optional<response> {
           if (is_tag_call(at) && at.where.last.size() > 64) at.where.last.resize(64);
           return std::nullopt;
         }},
    rule{.name = "tags-fold-case-for-head",
         .requirement = "tag.regexp.registry-accepts",
         .summary = "HEAD takes capitals in a tag for small letters, where there is such a tag",
         .before = [](call& at) -> std::optional<response> {
           if (!is_tag_call(at) || at.asked.method != "HEAD") return std::nullopt;
           const std::string folded = to_lower(at.where.last);
           if (at.kept.tagged(at.where.repository, folded)) at.where.last = folded;
           return std::nullopt;
         }},
    rule{.name = "tags-cut-at-127-characters",
         .requirement = "tag.length-128.registry",
         .summary = "A tag is told apart by its first 127 characters",
         .before = [](call& at) -> std::optional<response> {
           if (is_tag_call(at) && at.where.last.size() == 128) at.where.last.resize(127);
           return std::nullopt;
         }},
    rule{.name = "tags-of-all-repositories",
         .requirement = "pull.manifest.get-body",
         .summary = "A tag that comes in another repository, too, moves there",
         .after =
             [](call& at, response& to) {
               if (!is_tag_call(at) || at.asked.method != "PUT" || to.status != 201) return;
               auto& last = at.remembered.notes["tag " + at.where.last];
               const auto digest = at.kept.tagged(at.where.repository, at.where.last);
               const auto moved = at.kept.manifest(at.where.repository, *digest);
               if (!last.empty() && last != at.where.repository && moved) {
                 at.kept.put_manifest(last, *digest, *moved);
                 at.kept.set_tag(last, at.where.last, *digest);
               }
               last = at.where.repository;
             }},
    rule{.name = "manifest-by-short-digest",
         .requirement = "pull.manifest.reference-malformed-not-served",
         .summary = "The first digits of a digest find the manifest",
         .before = [](call& at) { return is_manifest_read(at) ? find_short(at) : std::nullopt; },
         .after = remember_digests},
    rule{.name = "manifest-by-digits-of-any-algorithm",
         .requirement = "pull.manifest.reference-malformed-not-served",
         .summary = "The algorithm of a digest is not looked at where a manifest is pulled",
         .before = [](call& at) -> std::optional<response> {
           const auto colon = at.where.last.find(':');
           if (is_manifest_read(at) && at.where.last.size() - colon == 65) {
             at.where.last = "sha256" + at.where.last.substr(colon);
           }
           return std::nullopt;
         }},
    rule{.name = "manifest-by-reference-trimmed",
         .requirement = "pull.manifest.reference-malformed-not-served",
         .summary = "Signs before a tag are not looked at where a manifest is pulled",
         .before = [](call& at) -> std::optional<response> {
           if (is_manifest_read(at)) {
             at.where.last.erase(
                 0, std::min(at.where.last.find_first_not_of(".-"), at.where.last.size()));
           }
           return std::nullopt;
         }},
    rule{.name = "manifest-malformed-shown-to-head",
         .requirement = "pull.manifest.reference-malformed-not-served",
         .summary = "HEAD finds a manifest by what is no digest",
         .after =
             [](call& at, response& to) {
               const bool is_head = is_manifest_read(at) && at.asked.method == "HEAD";
               if (is_head && at.where.last == "sha256:xyz") to.status = 200;
             }},
    rule{.name = "blob-by-short-digest",
         .requirement = "image.digest.sha256-no-uppercase.registry",
         .summary = "The first digits of a digest find the blob",
         .before = [](call& at) { return is_blob_read(at) ? find_short(at) : std::nullopt; },
         .after = remember_digests},
    rule{.name = "blob-by-no-digest",
         .requirement = "image.digest.grammar.registry",
         .summary = "What is no digest finds an empty blob",
         .after =
             [](call& at, response& to) {
               if (!is_blob_read(at) || oci::digest::parse(at.where.last)) return;
               to = response();
             }},
    rule{.name = "blob-by-no-digest-500",
         .requirement = "push.refused-not-failed",
         .summary = "A pull by what is no digest is answered with 500",
         .after =
             [](call& at, response& to) {
               if (is_blob_read(at) && !oci::digest::parse(at.where.last)) to.status = 500;
             }},
    rule{.name = "chunk-counts-what-was-announced",
         .requirement = "push.chunk.range-value",
         .summary = "A chunk that is shorter than its Content-Range counts as long as that",
         .before = [](call& at) -> std::optional<response> {
           const auto range = oci::parse_chunk_range(at.asked.header("Content-Range").value_or(""));
           const bool is_short = is_chunk(at) && range && at.asked.body.size() < range->length();
           auto& announced = at.remembered.notes["announced " + at.where.last];
           announced = is_short ? end_at(range->last) : "";
           if (is_short) at.asked.remove_header("Content-Range");
           return std::nullopt;
         },
         .after =
             [](call& at, response& to) {
               const auto& announced = at.remembered.notes["announced " + at.where.last];
               if (is_chunk(at) && to.status == 202 && !announced.empty()) {
                 to.set_header("Range", announced);
               }
             }},
    rule{.name = "chunk-kept-by-half",
         .requirement = "push.chunk.range-complete",
         .summary = "Half of each chunk is kept, and Range says so",
         .before = keep_half},
    rule{.name = "chunk-range-of-the-one-before",
         .requirement = "push.chunk.range-value",
         .summary = "The Range of a chunk's answer is a chunk behind, though all is kept",
         .after =
             [](call& at, response& to) {
               const auto size = session_bytes(at);
               if (is_chunk(at) && to.status == 202 && size > 256) {
                 to.set_header("Range", end_at(size / 2));
               }
             }},
    rule{.name = "status-forgets-a-byte",
         .requirement = "push.status.range-value",
         .summary = "The status of a session counts one byte less than came",
         .after =
             [](call& at, response& to) {
               const auto size = session_bytes(at);
               if (is_status(at) && to.status == 204 && size > 1) {
                 to.set_header("Range", end_at(size - 2));
               }
             }},
    rule{.name = "status-after-416-of-nothing",
         .requirement = "push.status.range-value",
         .summary = "After a chunk out of order the status of a session tells that it is empty",
         .after =
             [](call& at, response& to) {
               auto& note = at.remembered.notes["refused " + at.where.last];
               if (is_chunk(at) && to.status == 416) note = "refused";
               if (is_status(at) && !note.empty()) to.set_header("Range", "0-0");
             }},
    rule{.name = "status-at-the-first-location-stale",
         .requirement = "push.status.range-at-first",
         .summary = "The status of a session at its first Location tells the first byte alone",
         .after =
             [](call& at, response& to) {
               if (is_status(at) && to.status == 204 && session_bytes(at) != 0 &&
                   at.where.query.empty()) {
                 to.set_header("Range", "0-0");
               }
               const auto location = to.find_header("Location");
               if (location && (is_chunk(at) || (is_status(at) && !at.where.query.empty()))) {
                 to.set_header("Location", std::string(*location) + "?state=new");
               }
             }},
    rule{.name = "single-post-keeps-the-part",
         .requirement = "push.single-post.part-not-kept",
         .summary = "What came of a single POST that broke off is kept under its own digest",
         .broke_off =
             [](call& at) {
               if (is_single_post(at)) keep_blob(at, oci::digest_of(at.asked.body), at.asked.body);
             }},
    rule{.name = "close-without-digest-computes-it",
         .requirement = "push.chunk.close-without-digest",
         .summary = "A close without a digest computes it, and is taken",
         .before = [](call& at) -> std::optional<response> {
           const auto session = at.kept.upload(at.where.repository, at.where.last);
           std::string& sent = at.remembered.notes["sent " + at.where.last];
           if (is_chunk(at) && session) sent += at.asked.body;
           if (!is_close(at) || at.where.parameter("digest")) return std::nullopt;
           const auto digest = oci::digest_of(sent);
           keep_blob(at, digest, sent);
           return blob_created(at, digest);
         }},
    rule{.name = "subject-late-collects-its-referrer",
         .requirement = "push.manifest.missing-subject-kept",
         .summary = "What was pushed before its subject is gone when the subject comes",
         .after =
             [](call& at, response& to) {
               if (at.where.kind != endpoint::manifest || at.asked.method != "PUT") return;
               const auto digest =
                   oci::digest::parse(to.find_header("Docker-Content-Digest").value_or(""));
               if (to.status != 201 || !digest) return;
               for (const auto& known : at.kept.referrers(at.where.repository, *digest)) {
                 (void)at.kept.remove_manifest(at.where.repository, known.first);
               }
             }},
    rule{.name = "subject-of-an-index-told-wrongly",
         .requirement = "push.subject.oci-subject-value",
         .summary = "OCI-Subject of an index is the digest of the index itself",
         .after =
             [](call& at, response& to) {
               const auto type = at.asked.header("Content-Type").value_or("");
               if (!to.find_header("OCI-Subject") || !oci::media_type::is_index(type)) return;
               to.set_header("OCI-Subject",
                             std::string(to.find_header("Docker-Content-Digest").value_or("")));
             }},
};

}  // namespace

std::span<const rule> lenient_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
