// Registries that do not compare content with the digest under which it comes, in one way of
// pushing or for one kind of content.

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "rules/rule.hpp"
#include "rules/upload_steps.hpp"
#include "service/incoming_blob.hpp"

namespace plimsoll::reference {
namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20U;

/// Whether the content is refused for its digest, which is a digest by this algorithm.
bool is_mismatch(const call& at, const response& to, std::string_view algorithm = "sha256") {
  const auto digest = asked_digest(at);
  return to.status == 400 && digest && digest->algorithm() == algorithm;
}

void take_anyway(call& at, response& to) {
  const auto digest = asked_digest(at);
  if (!digest) return;
  keep_blob(at, *digest, at.asked.body);
  to = blob_created(at, *digest);
}

bool is_odd(const call& at) {
  return at.asked.body.size() % 2 == 1;
}

bool is_chunked_coding(const call& at) {
  return at.asked.header("Transfer-Encoding").has_value();
}

/// The digest of what the session had before the request.
std::string note_of_session(const call& at) {
  return "session " + at.where.last;
}

bool is_manifest_put(const call& at) {
  return at.where.kind == endpoint::manifest && at.asked.method == "PUT";
}

/// A manifest that is refused for its digest.
bool is_manifest_mismatch(const call& at, const response& to) {
  return is_manifest_put(at) && to.status == 400 && oci::digest::parse(at.where.last).has_value();
}

std::string type_of(const call& at) {
  return std::string(at.asked.header("Content-Type").value_or(""));
}

bool is_index(const call& at) {
  return oci::media_type::is_index(type_of(at));
}

void keep_manifest(const call& at, const oci::digest& digest, std::string bytes) {
  stored_manifest kept;
  kept.media_type = type_of(at);
  kept.bytes = std::make_shared<const std::string>(std::move(bytes));
  at.kept.put_manifest(at.where.repository, digest, std::move(kept));
}

void take_manifest_anyway(call& at, response& to) {
  const auto digest = oci::digest::parse(at.where.last);
  if (!digest) return;
  keep_manifest(at, *digest, at.asked.body);
  to = response();
  to.status = 201;
  to.header("Location", at.asked.target);
}

std::string_view trimmed(std::string_view text) {
  const auto end = text.find_last_not_of(" \t\r\n");
  return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

constexpr std::array table{
    rule{.name = "put-of-over-a-mebibyte-unverified",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "The digest of a PUT of more than 1 MiB is not compared",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && is_mismatch(at, to) && at.asked.body.size() > mebibyte) {
                 take_anyway(at, to);
               }
             }},
    rule{.name = "put-of-odd-length-unverified",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "The digest of a PUT is compared where its length is even",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && is_mismatch(at, to) && is_odd(at)) take_anyway(at, to);
             }},
    rule{.name = "put-of-nothing-unverified",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "A session without a byte is closed under any digest",
         .after =
             [](call& at, response& to) {
               if (is_close_of_chunks(at) && is_mismatch(at, to) && at.asked.body.empty() &&
                   session_bytes(at) == 0) {
                 take_anyway(at, to);
               }
             }},
    rule{.name = "put-in-chunked-coding-unverified",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "The digest of a PUT without Content-Length is not compared",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && is_mismatch(at, to) && is_chunked_coding(at)) {
                 take_anyway(at, to);
               }
             }},
    rule{.name = "put-refused-and-shown-to-head",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "A PUT with the digest of other bytes is refused, and HEAD finds a blob by it",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && is_mismatch(at, to)) {
                 at.remembered.notes[asked_digest(at)->str()] = "refused";
               }
               const bool is_head = at.where.kind == endpoint::blob && at.asked.method == "HEAD";
               if (is_head && at.remembered.notes.contains(at.where.last)) to.status = 200;
             }},
    rule{.name = "put-that-broke-off-kept",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "What came of a PUT that broke off is kept as the blob",
         .broke_off =
             [](call& at) {
               const auto digest = is_close(at) ? asked_digest(at) : std::nullopt;
               if (digest) keep_blob(at, *digest, at.asked.body);
             }},
    rule{.name = "put-overwrites-a-blob",
         .requirement = "pull.blob.get-body",
         .summary = "Bytes that are refused for their digest replace the blob that has it",
         .after =
             [](call& at, response& to) {
               const auto digest = asked_digest(at);
               if (!is_whole_put(at) || !is_mismatch(at, to)) return;
               if (at.kept.blob(at.where.repository, *digest)) {
                 keep_blob(at, *digest, at.asked.body);
               }
             }},
    rule{.name = "put-of-another-digest-500",
         .requirement = "push.refused-not-failed",
         .summary = "A PUT with the digest of other bytes is answered with 500",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && is_mismatch(at, to)) to.status = 500;
             }},
    rule{.name = "chunks-verified-before-the-last",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "A chunk that comes with the close is not part of what is compared",
         .before = [](call& at) -> std::optional<response> {
           std::string& sent = at.remembered.notes[note_of_session(at)];
           if (is_chunk(at) && at.asked.header("Content-Range")) sent += at.asked.body;
           return std::nullopt;
         },
         .after =
             [](call& at, response& to) {
               const std::string& sent = at.remembered.notes[note_of_session(at)];
               if (is_close_of_chunks(at) && is_mismatch(at, to) &&
                   asked_digest(at) == oci::digest_of(sent)) {
                 take_anyway(at, to);
               }
             }},
    rule{.name = "chunks-of-a-put-unverified",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "Nothing is compared where the last chunk comes with the close",
         .after =
             [](call& at, response& to) {
               const bool has_chunk = is_close(at) && at.asked.header("Content-Range");
               if (has_chunk && is_mismatch(at, to)) take_anyway(at, to);
             }},
    rule{.name = "single-post-of-odd-length-unverified",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "The digest of a single POST is compared where its length is even",
         .after =
             [](call& at, response& to) {
               if (is_single_post(at) && is_mismatch(at, to) && is_odd(at)) take_anyway(at, to);
             }},
    rule{.name = "sha512-put-unverified",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "The sha512 digest of a PUT is not compared",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && is_mismatch(at, to, "sha512")) take_anyway(at, to);
             }},
    rule{.name = "sha512-chunks-unverified",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "The sha512 digest of chunks is not compared",
         .after =
             [](call& at, response& to) {
               if (is_close_of_chunks(at) && is_mismatch(at, to, "sha512")) take_anyway(at, to);
             }},
    rule{.name = "sha512-single-post-unverified",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "The sha512 digest of a single POST is not compared",
         .after =
             [](call& at, response& to) {
               if (is_single_post(at) && is_mismatch(at, to, "sha512")) take_anyway(at, to);
             }},
    rule{.name = "foreign-digests-unverified",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "One content is taken under several digests of an algorithm nobody knows",
         .after =
             [](call& at, response& to) {
               const auto digest = asked_digest(at);
               if (is_close(at) && digest && !digest->is_registered()) take_anyway(at, to);
             }},
    rule{.name = "malformed-digest-201",
         .requirement = "image.digest.grammar.registry",
         .summary = "A PUT with what is no digest is taken",
         .after =
             [](call& at, response& to) {
               if (!is_whole_put(at) || to.status != 400 || asked_digest(at)) return;
               to = blob_created(at, oci::digest_of(at.asked.body));
             }},
    rule{.name = "manifest-index-unverified",
         .requirement = "push.manifest.digest-mismatch-rejected",
         .summary = "An index is taken under the digest of something else",
         .after =
             [](call& at, response& to) {
               if (is_manifest_mismatch(at, to) && is_index(at)) take_manifest_anyway(at, to);
             }},
    rule{.name = "manifest-large-unverified",
         .requirement = "push.manifest.digest-mismatch-rejected",
         .summary = "The digest of a manifest of over 64 KiB is not compared",
         .after =
             [](call& at, response& to) {
               if (is_manifest_mismatch(at, to) && at.asked.body.size() > 65536) {
                 take_manifest_anyway(at, to);
               }
             }},
    rule{.name = "manifest-compared-without-space",
         .requirement = "push.manifest.digest-mismatch-rejected",
         .summary = "The digest of a manifest is that of its bytes without the space behind them",
         .after =
             [](call& at, response& to) {
               if (is_manifest_mismatch(at, to) &&
                   oci::digest_of(trimmed(at.asked.body)).str() == at.where.last) {
                 take_manifest_anyway(at, to);
               }
             }},
    rule{.name = "manifest-with-subject-unverified",
         .requirement = "push.manifest.digest-mismatch-rejected",
         .summary = "A manifest with a subject is taken under the digest of something else",
         .after =
             [](call& at, response& to) {
               if (is_manifest_mismatch(at, to) &&
                   at.asked.body.find(R"("subject")") != std::string::npos) {
                 take_manifest_anyway(at, to);
               }
             }},
    rule{.name = "manifest-refused-and-kept",
         .requirement = "push.manifest.digest-mismatch-rejected",
         .summary = "A manifest is refused for its digest, and kept under it",
         .after =
             [](call& at, response& to) {
               const auto digest = oci::digest::parse(at.where.last);
               if (is_manifest_mismatch(at, to)) keep_manifest(at, *digest, at.asked.body);
             }},
    rule{.name = "manifest-overwritten",
         .requirement = "push.manifest.exact-bytes",
         .summary = "A manifest that is refused for its digest replaces the one that has it",
         .after =
             [](call& at, response& to) {
               const auto digest = oci::digest::parse(at.where.last);
               if (is_manifest_mismatch(at, to) && at.kept.manifest(at.where.repository, *digest)) {
                 keep_manifest(at, *digest, at.asked.body);
               }
             }},
    rule{.name = "manifest-that-broke-off-kept",
         .requirement = "push.manifest.digest-mismatch-rejected",
         .summary = "What came of a manifest that broke off is kept under its digest",
         .broke_off =
             [](call& at) {
               const auto digest = oci::digest::parse(at.where.last);
               if (is_manifest_put(at) && digest) keep_manifest(at, *digest, at.asked.body);
             }},
    rule{.name = "manifest-that-broke-off-tagged",
         .requirement = "push.manifest.exact-bytes",
         .summary = "What came of a manifest that broke off is kept under its tag",
         .broke_off =
             [](call& at) {
               if (!is_manifest_put(at) || !oci::is_tag(at.where.last)) return;
               const auto digest = oci::digest_of(at.asked.body);
               keep_manifest(at, digest, at.asked.body);
               at.kept.set_tag(at.where.repository, at.where.last, digest);
             }},
    rule{.name = "manifest-under-a-malformed-digest-201",
         .requirement = "image.digest.grammar.registry",
         .summary = "A manifest is taken under what is no digest",
         .before = [](call& at) -> std::optional<response> {
           if (is_manifest_put(at) && at.where.last.find(':') != std::string::npos &&
               !oci::digest::parse(at.where.last)) {
             at.where.last = oci::digest_of(at.asked.body).str();
           }
           return std::nullopt;
         }},
    rule{.name = "manifest-of-another-digest-500",
         .requirement = "push.refused-not-failed",
         .summary = "A manifest under the digest of something else is answered with 500",
         .after =
             [](call& at, response& to) {
               if (is_manifest_mismatch(at, to)) to.status = 500;
             }},
};

}  // namespace

std::span<const rule> unverified_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
