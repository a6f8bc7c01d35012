#include <array>
#include <memory>
#include <string>
#include <utility>

#include "rules/rule.hpp"
#include "rules/upload_steps.hpp"
#include "service/incoming_blob.hpp"

namespace plimsoll::reference {
namespace {

/// Whether the content is refused for its digest, which is a digest.
bool is_mismatch(const call& at, const response& to) {
  const auto digest = asked_digest(at);
  return to.status == 400 && digest && digest->is_registered();
}

/// Whether the digest is refused for its text.
bool is_malformed(const call& at, const response& to) {
  return to.status == 400 && at.where.parameter("digest") && !asked_digest(at);
}

bool is_foreign(const call& at) {
  const auto digest = asked_digest(at);
  return digest && !digest->is_registered();
}

void take_anyway(call& at, response& to) {
  const auto digest = asked_digest(at);
  if (!digest) return;
  keep_blob(at, *digest, at.asked.body);
  to = blob_created(at, *digest);
}

void answer_with(int status, response& to) {
  to.status = status;
}

/// Whether a manifest is named by its sha512 digest.
bool is_sha512_manifest(const call& at) {
  return at.where.kind == endpoint::manifest && at.where.last.starts_with("sha512:");
}

/// Keeps what is pushed under a sha512 digest, whatever its own is.
void keep_unverified(call& at, response& to) {
  const auto digest = oci::digest::parse(at.where.last);
  if (!is_sha512_manifest(at) || at.asked.method != "PUT" || to.status != 400 || !digest) return;
  stored_manifest made;
  made.media_type = std::string(at.asked.header("Content-Type").value_or(""));
  made.bytes = std::make_shared<const std::string>(at.asked.body);
  at.kept.put_manifest(at.where.repository, *digest, std::move(made));
  to = response();
  to.status = 201;
  to.header("Location", at.asked.target);
}

constexpr std::array table{
    rule{.name = "put-of-another-digest-201",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "A PUT with the digest of other bytes is taken",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && is_mismatch(at, to)) take_anyway(at, to);
             }},
    rule{.name = "chunks-of-another-digest-201",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "Chunks that are closed with the digest of other bytes are taken",
         .after =
             [](call& at, response& to) {
               if (is_close_of_chunks(at) && is_mismatch(at, to)) take_anyway(at, to);
             }},
    rule{.name = "single-post-of-another-digest-201",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "A single POST with the digest of other bytes is taken",
         .after =
             [](call& at, response& to) {
               if (is_single_post(at) && is_mismatch(at, to)) take_anyway(at, to);
             }},
    rule{.name = "put-of-another-digest-kept",
         .requirement = "push.blob.digest-mismatch-rejected",
         .summary = "A PUT with the digest of other bytes is refused, and kept all the same",
         .after =
             [](call& at, response& to) {
               const auto digest = asked_digest(at);
               if (is_whole_put(at) && is_mismatch(at, to)) keep_blob(at, *digest, at.asked.body);
             }},
    rule{.name = "put-of-another-digest-404",
         .requirement = "table.end-6.failure-400",
         .summary = "A PUT with the digest of other bytes is answered with 404",
         .after =
             [](call& at, response& to) {
               if (is_close(at) && is_mismatch(at, to)) answer_with(404, to);
             }},
    rule{.name = "single-post-of-another-digest-422",
         .requirement = "table.end-4b.failure-400",
         .summary = "A single POST with the digest of other bytes is answered with 422",
         .after =
             [](call& at, response& to) {
               if (is_single_post(at) && is_mismatch(at, to)) answer_with(422, to);
             }},
    rule{.name = "digest-invalid-as-size-invalid",
         .requirement = "errors.code.digest-invalid",
         .summary = "A digest that does not fit the content is reported as SIZE_INVALID",
         .after =
             [](call& at, response& to) {
               if (is_close(at) || is_single_post(at)) {
                 replace_code(to, "DIGEST_INVALID", "SIZE_INVALID");
               }
             }},
    rule{.name = "put-with-malformed-digest-422",
         .requirement = "push.blob.invalid-digest-400.put",
         .summary = "A PUT with what is no digest is answered with 422",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && is_malformed(at, to)) answer_with(422, to);
             }},
    rule{.name = "put-with-malformed-digest-500",
         .requirement = "push.blob.invalid-digest-400.put",
         .summary = "A PUT with what is no digest is answered with 500",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && is_malformed(at, to)) answer_with(500, to);
             }},
    rule{.name = "chunks-with-malformed-digest-404",
         .requirement = "push.blob.invalid-digest-400.chunked",
         .summary = "Chunks that are closed with what is no digest are answered with 404",
         .after =
             [](call& at, response& to) {
               if (is_close_of_chunks(at) && is_malformed(at, to)) answer_with(404, to);
             }},
    rule{.name = "single-post-with-malformed-digest-404",
         .requirement = "push.blob.invalid-digest-400.single-post",
         .summary = "A single POST with what is no digest is answered with 404",
         .after =
             [](call& at, response& to) {
               if (is_single_post(at) && is_malformed(at, to)) answer_with(404, to);
             }},
    rule{.name = "foreign-algorithm-201",
         .requirement = "push.blob.unsupported-algorithm-400",
         .summary = "A digest of any algorithm is taken, and not compared",
         .after =
             [](call& at, response& to) {
               if (is_close(at) && is_foreign(at)) take_anyway(at, to);
             }},
    rule{.name = "foreign-algorithm-500",
         .requirement = "push.blob.unsupported-algorithm-400",
         .summary = "A digest of an algorithm that is not there is answered with 500",
         .after =
             [](call& at, response& to) {
               if ((is_close(at) || is_single_post(at)) && is_foreign(at)) answer_with(500, to);
             }},
    rule{.name = "close-without-digest-201",
         .requirement = "push.chunk.close-missing-digest-rejected",
         .summary = "A close without a digest is taken",
         .after =
             [](call& at, response& to) {
               if (is_close(at) && !at.where.parameter("digest") && to.status == 400) {
                 to = blob_created(at, oci::digest_of(""));
               }
             }},
    rule{.name = "close-compares-the-last-chunk",
         .requirement = "push.chunk.close-missing-digest-rejected",
         .summary = "A close with the digest of the last chunk alone is taken",
         .after =
             [](call& at, response& to) {
               auto& last = at.remembered.notes[at.where.last];
               if (is_chunk(at)) last = oci::digest_of(at.asked.body).str();
               if (is_close_of_chunks(at) && at.where.parameter("digest") == last) {
                 take_anyway(at, to);
               }
             }},
    rule{.name = "manifest-sha512-unverified",
         .requirement = "push.manifest.digest-mismatch-rejected",
         .summary = "A manifest is taken under the sha512 digest of something else",
         .after = keep_unverified},
    rule{.name = "manifest-sha512-lost",
         .requirement = "push.manifest.by-tag-and-digest",
         .summary = "A manifest that was pushed by its sha512 digest is not found by it",
         .before = [](call& at) -> std::optional<response> {
           if (!is_sha512_manifest(at) || !at.is_read()) return std::nullopt;
           return failure(404, "MANIFEST_UNKNOWN", "no such manifest");
         }},
    rule{.name = "manifest-sha512-other-bytes",
         .requirement = "push.manifest.exact-bytes",
         .summary = "A manifest that is pulled by its sha512 digest has one byte more",
         .after =
             [](call& at, response& to) {
               if (!is_sha512_manifest(at) || !at.is_read() || to.status != 200) return;
               to.replace_body(std::string(to.payload()) + '\n');
             }},
    rule{.name = "close-without-digest-404",
         .requirement = "table.end-6.failure-400",
         .summary = "A close without a digest is answered with 404",
         .after =
             [](call& at, response& to) {
               if (is_close(at) && !at.where.parameter("digest")) answer_with(404, to);
             }},
};

}  // namespace

std::span<const rule> digest_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
