#include <array>
#include <chrono>
#include <string>

#include "rules/rule.hpp"
#include "rules/upload_steps.hpp"
#include "service/incoming_blob.hpp"

namespace plimsoll::reference {
namespace {

/// Opens a session instead of what the POST asks for.
void open_instead(call& at) {
  at.where.remove_parameter("digest");
  at.where.remove_parameter("mount");
}

std::chrono::milliseconds now() {
  using std::chrono::steady_clock;
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      steady_clock::now().time_since_epoch());
}

/// Remembers when a chunk of the session broke off.
void note_break(call& at) {
  if (is_chunk(at)) at.remembered.notes[at.where.last] = std::to_string(now().count());
}

/// Whether a chunk of the session broke off a moment ago.
bool is_at_work(const call& at) {
  const auto note = at.remembered.notes.find(at.where.last);
  if (note == at.remembered.notes.end()) return false;
  return now() - std::chrono::milliseconds(std::stoll(note->second)) <
         std::chrono::milliseconds(100);
}

constexpr std::array table{
    rule{.name = "single-post-202",
         .summary = "A single POST opens a session",
         .before = [](call& at) -> std::optional<response> {
           if (is_single_post(at)) open_instead(at);
           return std::nullopt;
         }},
    rule{.name = "mount-202",
         .summary = "Each mount opens a session",
         .before = [](call& at) -> std::optional<response> {
           if (is_mount(at)) open_instead(at);
           return std::nullopt;
         }},
    rule{.name = "mount-needs-from",
         .summary = "A mount that does not say where from is refused with 400",
         .before = [](call& at) -> std::optional<response> {
           if (!is_mount(at) || at.where.parameter("from")) return std::nullopt;
           return failure(400, "BLOB_UPLOAD_INVALID", "where from?");
         }},
    rule{.name = "mount-from-anywhere",
         .summary = "A mount takes the blob from wherever it is",
         .before = [](call& at) -> std::optional<response> {
           if (is_mount(at)) at.where.remove_parameter("from");
           return std::nullopt;
         }},
    rule{.name = "sha512-400",
         .summary = "Blobs with sha512 digests are refused with 400",
         .before = [](call& at) -> std::optional<response> {
           const auto digest = asked_digest(at);
           if (!digest || digest->algorithm() != "sha512") return std::nullopt;
           return failure(400, "DIGEST_INVALID", "only sha256");
         }},
    rule{.name = "digest-algorithm-400",
         .summary = "A session cannot be asked for by digest-algorithm: 400",
         .before = [](call& at) -> std::optional<response> {
           if (!is_open(at) || !at.where.parameter("digest-algorithm")) return std::nullopt;
           return failure(400, "UNSUPPORTED", "unknown parameter digest-algorithm");
         }},
    rule{.name = "chunk-minimum-4-kib",
         .summary = "Chunks have to be of 4 KiB, but for the last",
         .configure = [](options& how) { how.chunk_min_length = 4096; }},
    rule{.name = "upload-range-0-0",
         .summary = "A session without a byte has the Range 0-0",
         .after =
             [](call& at, response& to) {
               const bool opens = is_open(at) && to.status == 202;
               const bool told = is_status(at) && to.status == 204;
               if ((opens || told) && !to.find_header("Range")) to.set_header("Range", "0-0");
             }},
    rule{.name = "chunk-keeps-what-came",
         .summary = "What came of a chunk that broke off is kept",
         .broke_off =
             [](call& at) {
               const auto session = at.kept.upload(at.where.repository, at.where.last);
               if (!is_chunk(at) || !session) return;
               auto hold = upload_hold::take(session);
               if (!hold) return;
               (*hold)->append(at.asked.body);
               (*hold)->keep();
             }},
    rule{.name = "session-lost-with-its-connection",
         .summary = "A session ends where the connection does in the middle of a chunk",
         .broke_off =
             [](call& at) {
               if (is_chunk(at)) at.kept.close_upload(at.where.repository, at.where.last);
             }},
    rule{.name = "chunk-broken-off-is-worked-on",
         .summary = "For a tenth of a second after a chunk broke off the session takes no other",
         .before = [](call& at) -> std::optional<response> {
           if (!is_chunk(at) || !is_at_work(at)) return std::nullopt;
           return failure(416, "BLOB_UPLOAD_INVALID", "another request is writing to the session");
         },
         .broke_off = note_break},
    rule{.name = "streamed-patch-400",
         .summary = "A PATCH without Content-Range is refused",
         .before = [](call& at) -> std::optional<response> {
           if (!is_chunk(at) || at.asked.header("Content-Range")) return std::nullopt;
           return failure(400, "BLOB_UPLOAD_INVALID", "Content-Range is missing");
         }},
    rule{.name = "empty-blob-400",
         .summary = "A blob of 0 bytes is refused",
         .before = [](call& at) -> std::optional<response> {
           if (!is_close(at) || asked_digest(at) != oci::digest_of("")) return std::nullopt;
           return failure(400, "SIZE_INVALID", "an empty blob");
         }},
    rule{.name = "large-blob-413",
         .summary = "A blob of over 4 MiB is too large",
         .before = [](call& at) -> std::optional<response> {
           constexpr std::size_t limit = std::size_t{4} << 20U;
           if (!is_close(at) || at.asked.body.size() <= limit) return std::nullopt;
           return failure(413, "SIZE_INVALID", "more than 4 MiB");
         }},
    rule{.name = "push-tells-another-digest",
         .summary = "Docker-Content-Digest of a pushed blob is by sha512",
         .after =
             [](call& at, response& to) {
               if (!is_whole_put(at) || to.status != 201) return;
               const auto digest = oci::digest_of(oci::hash_algorithm::sha512, at.asked.body);
               to.set_header("Docker-Content-Digest", digest.str());
             }},
    rule{.name = "put-of-known-blob-unread",
         .summary = "A PUT under the digest of a blob that is there is answered with 201, unread",
         .before = [](call& at) -> std::optional<response> {
           const auto digest = is_close(at) ? asked_digest(at) : std::nullopt;
           if (!digest || !at.kept.blob(at.where.repository, *digest)) return std::nullopt;
           return blob_created(at, *digest);
         }},
    rule{.name = "cancel-202",
         .summary = "A session of 1.1 can be cancelled, which is answered with 202",
         .before = [](call& at) -> std::optional<response> {
           if (!is_cancel(at)) return std::nullopt;
           at.kept.close_upload(at.where.repository, at.where.last);
           response made;
           made.status = 202;
           return made;
         }},
    rule{.name = "chunk-ranges-unread",
         .summary = "A Content-Range that is none is taken for a missing one",
         .before = [](call& at) -> std::optional<response> {
           const auto value = at.asked.header("Content-Range");
           if (is_chunk(at) && value && !oci::parse_chunk_range(*value)) {
             at.asked.remove_header("Content-Range");
           }
           return std::nullopt;
         }},
};

}  // namespace

std::span<const rule> push_variants() noexcept {
  return table;
}

}  // namespace plimsoll::reference
