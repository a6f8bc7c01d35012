#include <array>
#include <string>

#include "plimsoll/oci/chunk_range.hpp"
#include "rules/rule.hpp"
#include "rules/upload_steps.hpp"

namespace plimsoll::reference {
namespace {

bool is_taken_chunk(const call& at, const response& to) {
  return is_chunk(at) && to.status == 202;
}

bool is_closed(const call& at, const response& to) {
  return is_close_of_chunks(at) && to.status == 201;
}

std::optional<oci::chunk_range> range_of(const call& at) {
  return oci::parse_chunk_range(at.asked.header("Content-Range").value_or(""));
}

/// Takes a chunk, wherever it says that it starts.
void take_anywhere(call& at) {
  at.asked.remove_header("Content-Range");
}

std::string end_at(std::uint64_t last) {
  return oci::to_string(oci::chunk_range{0, last});
}

constexpr std::array table{
    rule{.name = "chunk-answers-204",
         .requirement = "push.chunk.202",
         .summary = "A chunk is answered with 204",
         .after =
             [](call& at, response& to) {
               if (is_taken_chunk(at, to)) to.status = 204;
             }},
    rule{.name = "chunk-of-a-byte-400",
         .requirement = "push.chunk.202",
         .summary = "A chunk of one byte is refused, also where it is the last",
         .before = [](call& at) -> std::optional<response> {
           if (!is_chunk(at) || at.asked.body.size() != 1) return std::nullopt;
           return failure(400, "SIZE_INVALID", "the chunk is too short");
         }},
    rule{.name = "chunk-without-location",
         .requirement = "push.chunk.location",
         .summary = "A chunk is answered without Location",
         .after =
             [](call& at, response& to) {
               if (is_chunk(at)) to.remove_header("Location");
             }},
    rule{.name = "chunk-without-range",
         .requirement = "push.chunk.range-header",
         .summary = "A chunk is answered without Range",
         .after =
             [](call& at, response& to) {
               if (is_chunk(at)) to.remove_header("Range");
             }},
    rule{.name = "chunk-range-with-unit",
         .requirement = "push.chunk.range-header",
         .summary = "The Range of a chunk's answer begins with bytes=",
         .after =
             [](call& at, response& to) {
               if (is_taken_chunk(at, to)) {
                 to.set_header("Range", "bytes=" + end_at(session_bytes(at) - 1));
               }
             }},
    rule{.name = "chunk-range-of-the-chunk",
         .requirement = "push.chunk.range-header",
         .summary = "The Range of a chunk's answer begins where the chunk does",
         .after =
             [](call& at, response& to) {
               const auto range = range_of(at);
               if (is_taken_chunk(at, to) && range) to.set_header("Range", oci::to_string(*range));
             }},
    rule{.name = "chunk-range-one-too-far",
         .requirement = "push.chunk.range-value",
         .summary = "The Range of a chunk's answer ends behind the last byte",
         .after =
             [](call& at, response& to) {
               if (is_taken_chunk(at, to)) to.set_header("Range", end_at(session_bytes(at)));
             }},
    rule{.name = "chunk-range-counts-the-chunk",
         .requirement = "push.chunk.range-value",
         .summary = "The Range of a chunk's answer counts the bytes of that chunk alone",
         .after =
             [](call& at, response& to) {
               if (is_taken_chunk(at, to)) {
                 to.set_header("Range", end_at(at.asked.body.size() - 1));
               }
             }},
    rule{.name = "chunk-behind-gap-202",
         .requirement = "push.chunk.out-of-order-416.gap",
         .summary = "A chunk that leaves a gap is taken",
         .before = [](call& at) -> std::optional<response> {
           const auto range = range_of(at);
           if (is_chunk(at) && range && session_bytes(at) != 0 &&
               range->first > session_bytes(at)) {
             take_anywhere(at);
           }
           return std::nullopt;
         }},
    rule{.name = "chunk-out-of-order-400",
         .requirement = "push.chunk.out-of-order-416.gap",
         .summary = "A chunk out of order is answered with 400",
         .after =
             [](call& at, response& to) {
               if (is_chunk(at) && to.status == 416) to.status = 400;
             }},
    rule{.name = "chunk-repeated-202",
         .requirement = "push.chunk.out-of-order-416.overlap",
         .summary = "A chunk that comes again is taken",
         .before = [](call& at) -> std::optional<response> {
           const auto range = range_of(at);
           if (is_chunk(at) && range && range->next() == session_bytes(at)) take_anywhere(at);
           return std::nullopt;
         }},
    rule{.name = "chunk-overlapping-202",
         .requirement = "push.chunk.out-of-order-416.overlap",
         .summary = "A chunk that overlaps the one before is taken",
         .before = [](call& at) -> std::optional<response> {
           const auto range = range_of(at);
           if (is_chunk(at) && range && range->first < session_bytes(at) &&
               range->next() > session_bytes(at)) {
             take_anywhere(at);
           }
           return std::nullopt;
         }},
    rule{.name = "chunk-not-from-0-202",
         .requirement = "push.chunk.out-of-order-416.first",
         .summary = "A first chunk may start anywhere",
         .before = [](call& at) -> std::optional<response> {
           if (is_chunk(at) && session_bytes(at) == 0) take_anywhere(at);
           return std::nullopt;
         }},
    rule{.name = "chunk-out-of-order-ends-the-session",
         .requirement = "push.chunk.out-of-order-recoverable",
         .summary = "A session ends with a chunk out of order",
         .after =
             [](call& at, response& to) {
               if (is_chunk(at) && to.status == 416) {
                 at.kept.close_upload(at.where.repository, at.where.last);
               }
             }},
    rule{.name = "chunk-out-of-order-locks-the-session",
         .requirement = "push.chunk.out-of-order-recoverable",
         .summary = "A session takes no chunk any more after one out of order",
         .before = [](call& at) -> std::optional<response> {
           if (!is_chunk(at) || !at.remembered.notes.contains(at.where.last)) return std::nullopt;
           return failure(400, "BLOB_UPLOAD_INVALID", "a chunk was out of order");
         },
         .after =
             [](call& at, response& to) {
               if (is_chunk(at) && to.status == 416) at.remembered.notes[at.where.last] = "locked";
             }},
    rule{.name = "chunk-out-of-order-is-counted",
         .requirement = "push.status.range-value",
         .summary = "The status of a session counts a chunk that was refused",
         .after =
             [](call& at, response& to) {
               auto& refused = at.remembered.notes[at.where.last];
               const auto range = range_of(at);
               if (is_chunk(at) && to.status == 416 && range) refused = end_at(range->last);
               if (is_status(at) && !refused.empty()) to.set_header("Range", refused);
             }},
    rule{.name = "upload-visible-before-its-close",
         .requirement = "push.chunk.unclosed-not-visible",
         .summary = "A chunk can be pulled as a blob before the session is closed",
         .after =
             [](call& at, response& to) {
               if (is_taken_chunk(at, to)) {
                 keep_blob(at, oci::digest_of(at.asked.body), at.asked.body);
               }
             }},
    rule{.name = "chunk-minimum-unannounced",
         .requirement = "push.chunk.min-length-header",
         .summary = "Chunks have to be of 1 KiB, which no header says",
         .configure = [](options& how) { how.chunk_min_length = 1024; },
         .after = [](call&, response& to) { to.remove_header("OCI-Chunk-Min-Length"); }},
    rule{.name = "chunk-minimum-with-unit",
         .requirement = "push.chunk.min-length-header",
         .summary = "OCI-Chunk-Min-Length has a unit",
         .after =
             [](call& at, response& to) {
               if (is_open(at)) to.set_header("OCI-Chunk-Min-Length", "1KiB");
             }},
    rule{.name = "close-answers-200",
         .requirement = "push.chunk.close-201",
         .summary = "The close of a chunked upload is answered with 200",
         .after =
             [](call& at, response& to) {
               if (is_closed(at, to)) to.status = 200;
             }},
    rule{.name = "close-with-chunk-400",
         .requirement = "push.chunk.close-201",
         .summary = "A close that brings the last chunk is refused",
         .before = [](call& at) -> std::optional<response> {
           if (!is_close_of_chunks(at) || at.asked.body.empty()) return std::nullopt;
           return failure(400, "BLOB_UPLOAD_INVALID", "a close has no body");
         }},
    rule{.name = "close-without-location",
         .requirement = "push.chunk.close-location",
         .summary = "The close of a chunked upload is answered without Location",
         .after =
             [](call& at, response& to) {
               if (is_close_of_chunks(at)) to.remove_header("Location");
             }},
    rule{.name = "close-location-leads-nowhere",
         .requirement = "push.chunk.close-location-pullable",
         .summary = "The Location of a closed upload is that of a blob that is not there",
         .after =
             [](call& at, response& to) {
               if (is_closed(at, to)) to.set_header("Location", absent_blob(at));
             }},
    rule{.name = "close-loses-its-chunk",
         .requirement = "pull.blob.get-body",
         .summary = "Of a chunked upload the chunk that comes with the close is not kept",
         .after =
             [](call& at, response& to) {
               const auto digest = asked_digest(at);
               if (!is_closed(at, to) || at.asked.body.empty() || !digest) return;
               const auto kept = at.kept.blob(at.where.repository, *digest);
               if (!kept.bytes) return;
               const auto length = kept.bytes->size() - at.asked.body.size();
               keep_blob(at, *digest, kept.bytes->substr(0, length));
             }},
    rule{.name = "last-chunk-out-of-order-400",
         .requirement = "push.chunk.final-put-out-of-order-416",
         .summary = "A close whose chunk is out of order is answered with 400",
         .after =
             [](call& at, response& to) {
               if (is_close(at) && to.status == 416) to.status = 400;
             }},
    rule{.name = "upload-invalid-as-manifest-invalid",
         .requirement = "errors.code.blob-upload-invalid",
         .summary = "A broken upload is reported as MANIFEST_INVALID",
         .after =
             [](call& at, response& to) {
               if (is_chunk(at)) replace_code(to, "BLOB_UPLOAD_INVALID", "MANIFEST_INVALID");
             }},
    rule{.name = "size-invalid-as-manifest-invalid",
         .requirement = "errors.code.size-invalid",
         .summary = "A chunk of another length than its range is reported as MANIFEST_INVALID",
         .after =
             [](call& at, response& to) {
               if (is_chunk(at)) replace_code(to, "SIZE_INVALID", "MANIFEST_INVALID");
             }},
    rule{.name = "digest-algorithm-ignored",
         .requirement = "push.chunk.digest-algorithm-param.registry",
         .summary = "A session opened for sha512 is closed by sha256 alone",
         .before = [](call& at) -> std::optional<response> {
           const auto digest = asked_digest(at);
           if (!is_close(at) || !digest || digest->algorithm() != "sha512") return std::nullopt;
           return failure(400, "DIGEST_INVALID", "the digest is not by sha256");
         }},
    rule{.name = "digest-algorithm-answers-201",
         .requirement = "table.end-4c.success-202",
         .summary = "A session is opened for an algorithm with 201",
         .after =
             [](call& at, response& to) {
               if (is_open(at) && at.where.parameter("digest-algorithm") && to.status == 202) {
                 to.status = 201;
               }
             }},
    rule{.name = "digest-algorithm-answers-200",
         .requirement = "table.end-4c.success",
         .summary = "A session is opened for an algorithm with 200",
         .after =
             [](call& at, response& to) {
               if (is_open(at) && at.where.parameter("digest-algorithm") && to.status == 202) {
                 to.status = 200;
               }
             }},
    rule{.name = "digest-algorithm-unknown-422",
         .requirement = "table.end-4c.failure",
         .summary = "A session for an unknown algorithm is answered with 422",
         .after =
             [](call& at, response& to) {
               if (is_open(at) && to.status == 400) to.status = 422;
             }},
    rule{.name = "digest-algorithm-unknown-500",
         .requirement = "push.chunk.digest-algorithm-unsupported",
         .summary = "A session for an unknown algorithm is answered with 500",
         .after =
             [](call& at, response& to) {
               if (is_open(at) && to.status == 400) to.status = 500;
             }},
};

}  // namespace

std::span<const rule> chunk_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
