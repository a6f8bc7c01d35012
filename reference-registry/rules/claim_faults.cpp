// Registries whose 201 is not true: nothing is there, something else is, or its header fields are
// false.

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "rules/rule.hpp"
#include "rules/upload_steps.hpp"
#include "service/incoming_blob.hpp"

namespace plimsoll::reference {
namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20U;

bool is_blob(const call& at, std::string_view method) {
  return at.where.kind == endpoint::blob && at.asked.method == method;
}

bool is_manifest(const call& at, std::string_view method) {
  return at.where.kind == endpoint::manifest && at.asked.method == method;
}

void forget_blob(const call& at) {
  const auto digest = asked_digest(at);
  if (digest) (void)at.kept.remove_blob(at.where.repository, *digest);
}

std::string other_digest() {
  return oci::digest_of("something else").str();
}

std::optional<oci::digest> mounted_digest(const call& at) {
  auto digest = oci::digest::parse(at.where.parameter("mount").value_or(""));
  if (!is_mount(at) || !digest) return std::nullopt;
  return *digest;
}

/// Puts other bytes in the place of the mounted blob.
void replace_mounted(const call& at, std::string bytes) {
  if (const auto digest = mounted_digest(at)) keep_blob(at, *digest, std::move(bytes));
}

bool is_index_type(const response& to) {
  return oci::media_type::is_index(to.find_header("Content-Type").value_or(""));
}

bool is_found_manifest(const call& at, const response& to) {
  return at.where.kind == endpoint::manifest && at.is_read() && to.status == 200;
}

/// The digest that the answer to a push has.
std::string pushed_digest(const response& to) {
  return std::string(to.find_header("Docker-Content-Digest").value_or(""));
}

/// Whether a later answer is about a blob that was mounted into the repository.
std::string mount_note(const call& at, std::string_view digest) {
  return fmt::format("mounted {} {}", at.where.repository, digest);
}

constexpr std::array table{
    rule{.name = "put-keeps-nothing",
         .requirement = "pull.blob.get-200",
         .summary = "A PUT of a whole blob is answered with 201, and nothing is kept",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && to.status == 201) forget_blob(at);
             }},
    rule{.name = "put-of-over-a-mebibyte-keeps-nothing",
         .requirement = "pull.blob.get-200",
         .summary = "A PUT of more than 1 MiB is answered with 201, and nothing is kept",
         .after =
             [](call& at, response& to) {
               const bool is_large = at.asked.body.size() > mebibyte;
               if (is_whole_put(at) && to.status == 201 && is_large) forget_blob(at);
             }},
    rule{.name = "single-post-keeps-nothing",
         .requirement = "pull.blob.get-200",
         .summary = "A single POST is answered with 201, and nothing is kept",
         .after =
             [](call& at, response& to) {
               if (is_single_post(at) && to.status == 201) forget_blob(at);
             }},
    rule{.name = "close-of-chunks-keeps-nothing",
         .requirement = "pull.blob.get-200",
         .summary = "The close of a chunked upload is answered with 201, and nothing is kept",
         .after =
             [](call& at, response& to) {
               if (is_close_of_chunks(at) && to.status == 201) forget_blob(at);
             }},
    rule{.name = "close-with-a-chunk-keeps-nothing",
         .requirement = "pull.blob.get-200",
         .summary = "A close that brings the last chunk is answered with 201, and nothing is kept",
         .after =
             [](call& at, response& to) {
               const bool has_chunk = is_close(at) && at.asked.header("Content-Range");
               if (has_chunk && to.status == 201) forget_blob(at);
             }},
    rule{.name = "chunks-keep-the-first-mebibyte",
         .requirement = "pull.blob.get-body",
         .summary = "Of a blob that comes in chunks the first MiB is kept",
         .after =
             [](call& at, response& to) {
               const auto digest = asked_digest(at);
               if (!is_close_of_chunks(at) || to.status != 201 || !digest) return;
               const auto kept = at.kept.blob(at.where.repository, *digest);
               if (!kept.bytes || kept.bytes->size() <= mebibyte) return;
               keep_blob(at, *digest, kept.bytes->substr(0, mebibyte));
             }},
    rule{.name = "put-in-chunked-coding-loses-a-byte",
         .requirement = "pull.blob.get-body",
         .summary = "Of a PUT in chunked transfer coding the last byte is not kept",
         .after =
             [](call& at, response& to) {
               const auto digest = asked_digest(at);
               const bool is_coded = at.asked.header("Transfer-Encoding").has_value();
               if (!is_whole_put(at) || to.status != 201 || !digest || !is_coded) return;
               keep_blob(at, *digest, at.asked.body.substr(0, at.asked.body.size() - 1));
             }},
    rule{.name = "sha512-blob-not-found",
         .requirement = "pull.blob.get-200",
         .summary = "A blob that was pushed by its sha512 digest is not found by it",
         .before = [](call& at) -> std::optional<response> {
           if (!is_blob(at, "GET") || !at.where.last.starts_with("sha512:")) return std::nullopt;
           return failure(404, "BLOB_UNKNOWN", "no such blob");
         }},
    rule{.name = "blob-second-pull-cut",
         .requirement = "pull.blob.get-body",
         .summary = "A blob that is pulled again lacks its last byte",
         .after =
             [](call& at, response& to) {
               if (!is_blob(at, "GET") || to.status != 200 || to.payload().empty()) return;
               const std::string note = "pulled " + at.where.last;
               if (at.remembered.notes.emplace(note, "").second) return;
               const auto bytes = to.payload();
               to.replace_body(std::string(bytes.substr(0, bytes.size() - 1)));
             }},
    rule{.name = "blob-json-rewritten",
         .requirement = "pull.blob.get-body",
         .summary = "A blob that is a JSON object is answered with its members sorted",
         .after =
             [](call& at, response& to) {
               if (!is_blob(at, "GET") || to.status != 200) return;
               const auto document = nlohmann::json::parse(to.payload(), nullptr, false);
               if (document.is_object() && !document.empty()) to.replace_body(document.dump());
             }},
    rule{.name = "put-told-another-digest",
         .requirement = "push.blob.dcd-value",
         .summary = "Docker-Content-Digest of a pushed blob is the digest of something else",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && to.status == 201) {
                 to.set_header("Docker-Content-Digest", other_digest());
               }
             }},
    rule{.name = "close-told-another-digest",
         .requirement = "push.blob.dcd-value",
         .summary = "Docker-Content-Digest of a blob in chunks is the digest of something else",
         .after =
             [](call& at, response& to) {
               if (is_close_of_chunks(at) && to.status == 201) {
                 to.set_header("Docker-Content-Digest", other_digest());
               }
             }},
    rule{.name = "single-post-told-another-digest",
         .requirement = "push.blob.dcd-value",
         .summary = "Docker-Content-Digest of a single POST is the digest of something else",
         .after =
             [](call& at, response& to) {
               if (is_single_post(at) && to.status == 201) {
                 to.set_header("Docker-Content-Digest", other_digest());
               }
             }},
    rule{.name = "mount-told-another-digest",
         .requirement = "push.blob.dcd-value",
         .summary = "Docker-Content-Digest of a mounted blob is the digest of something else",
         .after =
             [](call& at, response& to) {
               if (is_mount(at) && to.status == 201) {
                 to.set_header("Docker-Content-Digest", other_digest());
               }
             }},
    rule{.name = "mount-brings-other-bytes",
         .requirement = "push.mount.location-pullable",
         .summary = "A mounted blob has other bytes than the one it was mounted from",
         .after =
             [](call& at, response& to) {
               if (is_mount(at) && to.status == 201) replace_mounted(at, "other bytes");
             }},
    rule{.name = "mount-of-over-a-mebibyte-does-nothing",
         .requirement = "push.mount.location-pullable",
         .summary = "A mount of more than 1 MiB is answered with 201, and the blob is not there",
         .after =
             [](call& at, response& to) {
               const auto digest = mounted_digest(at);
               if (!digest || to.status != 201) return;
               const auto kept = at.kept.blob(at.where.repository, *digest);
               if (kept.bytes && kept.bytes->size() > mebibyte) {
                 (void)at.kept.remove_blob(at.where.repository, *digest);
               }
             }},
    rule{.name = "mount-without-from-does-nothing",
         .requirement = "push.mount.location-pullable",
         .summary = "A mount without from is answered with 201, and the blob is not there",
         .before = [](call& at) -> std::optional<response> {
           const auto digest = mounted_digest(at);
           if (!digest || at.where.parameter("from")) return std::nullopt;
           return blob_created(at, *digest);
         }},
    rule{.name = "mount-by-sha512-does-nothing",
         .requirement = "push.mount.location-pullable",
         .summary = "A mount by a sha512 digest is answered with 201, and the blob is not there",
         .before = [](call& at) -> std::optional<response> {
           const auto digest = mounted_digest(at);
           if (!digest || digest->algorithm() != "sha512") return std::nullopt;
           return blob_created(at, *digest);
         }},
    rule{.name = "mount-not-shown-to-head",
         .requirement = "push.mount.location-pullable",
         .summary = "HEAD does not find a blob that was mounted",
         .after =
             [](call& at, response& to) {
               if (is_mount(at) && to.status == 201) {
                 at.remembered.notes[mount_note(at, at.where.parameter("mount").value_or(""))] = "";
               }
               const bool is_mounted = at.remembered.notes.contains(mount_note(at, at.where.last));
               if (is_blob(at, "HEAD") && is_mounted) to.status = 404;
             }},
    rule{.name = "mount-202-takes-no-blob",
         .requirement = "push.mount.fallback-location",
         .summary = "A session that a mount opened refuses the blob",
         .before = [](call& at) -> std::optional<response> {
           if (!is_close(at) || !at.remembered.notes.contains("session " + at.where.last)) {
             return std::nullopt;
           }
           return failure(400, "BLOB_UPLOAD_INVALID", "this session takes nothing");
         },
         .after =
             [](call& at, response& to) {
               if (!is_mount(at) || to.status != 202) return;
               const std::string location(to.find_header("Location").value_or(""));
               at.remembered.notes["session " + location.substr(location.rfind('/') + 1)] = "";
             }},
    rule{.name = "manifest-put-by-tag-keeps-nothing",
         .requirement = "pull.manifest.get-200",
         .summary = "A push of a manifest by tag is answered with 201, and the tag is not there",
         .after =
             [](call& at, response& to) {
               if (!is_manifest(at, "PUT") || to.status != 201 || !oci::is_tag(at.where.last))
                 return;
               (void)at.kept.remove_tag(at.where.repository, at.where.last);
             }},
    rule{.name = "manifest-of-a-tag-not-found-by-digest",
         .requirement = "push.manifest.by-tag-and-digest",
         .summary = "A manifest that was pushed by tag is not found by its digest",
         .after =
             [](call& at, response& to) {
               if (is_manifest(at, "PUT") && to.status == 201 && oci::is_tag(at.where.last)) {
                 at.remembered.notes[at.where.repository + ' ' + pushed_digest(to)] = "";
               }
               const bool is_known =
                   at.remembered.notes.contains(at.where.repository + ' ' + at.where.last);
               if (is_found_manifest(at, to) && is_known) {
                 to = failure(404, "MANIFEST_UNKNOWN", "not by its digest");
               }
             }},
    rule{.name = "manifest-index-location-leads-nowhere",
         .requirement = "push.manifest.location-pullable",
         .summary = "The Location of a pushed index has nothing behind it",
         .after =
             [](call& at, response& to) {
               const auto type = at.asked.header("Content-Type").value_or("");
               if (!is_manifest(at, "PUT") || to.status != 201) return;
               if (!oci::media_type::is_index(type)) return;
               to.set_header("Location", "/v2/" + at.where.repository + "/manifests/not-here");
             }},
    rule{.name = "manifest-put-by-tag-other-digest",
         .requirement = "pull.manifest.dcd-value",
         .summary = "The answer to a push by tag has the digest of something else",
         .after =
             [](call& at, response& to) {
               if (!is_manifest(at, "PUT") || to.status != 201 || !oci::is_tag(at.where.last))
                 return;
               to.set_header("Docker-Content-Digest", other_digest());
             }},
    rule{.name = "manifest-head-other-digest",
         .requirement = "pull.manifest.dcd-value",
         .summary = "HEAD of a manifest tells the digest of something else",
         .after =
             [](call& at, response& to) {
               if (is_manifest(at, "HEAD") && to.status == 200) {
                 to.set_header("Docker-Content-Digest", other_digest());
               }
             }},
    rule{.name = "manifest-index-other-digest",
         .requirement = "pull.manifest.dcd-value",
         .summary = "Docker-Content-Digest of an index is the digest of something else",
         .after =
             [](call& at, response& to) {
               if (is_found_manifest(at, to) && is_index_type(to)) {
                 to.set_header("Docker-Content-Digest", other_digest());
               }
             }},
    rule{.name = "manifest-sha512-other-digest",
         .requirement = "pull.manifest.dcd-value",
         .summary = "A manifest that is pulled by a sha512 digest tells that of something else",
         .after =
             [](call& at, response& to) {
               if (is_found_manifest(at, to) && at.where.last.starts_with("sha512:")) {
                 to.set_header("Docker-Content-Digest", other_digest());
               }
             }},
    rule{.name = "manifest-typed-as-octets",
         .requirement = "pull.manifest.content-type-present",
         .summary = "Each manifest has the Content-Type application/octet-stream",
         .after =
             [](call& at, response& to) {
               if (is_found_manifest(at, to)) {
                 to.set_header("Content-Type", std::string(oci::media_type::octet_stream));
               }
             }},
    rule{.name = "manifest-typed-as-docker",
         .requirement = "pull.manifest.content-type-present",
         .summary = "An OCI image has Docker's Content-Type",
         .after =
             [](call& at, response& to) {
               if (!is_found_manifest(at, to)) return;
               if (to.find_header("Content-Type") == oci::media_type::image_manifest) {
                 to.set_header("Content-Type", std::string(oci::media_type::docker_manifest));
               }
             }},
    rule{.name = "manifest-images-typed-as-index",
         .requirement = "pull.manifest.content-type-present",
         .summary = "A manifest that does not tell its type has that of an index",
         .after =
             [](call& at, response& to) {
               const bool tells =
                   to.payload().find("\"mediaType\":\"application/vnd.oci.image.m") !=
                   std::string_view::npos;
               if (is_found_manifest(at, to) && !tells) {
                 to.set_header("Content-Type", std::string(oci::media_type::image_index));
               }
             }},
    rule{.name = "manifest-head-untyped",
         .requirement = "pull.manifest.content-type-head",
         .summary = "HEAD of a manifest has no Content-Type",
         .after =
             [](call& at, response& to) {
               if (is_manifest(at, "HEAD") && to.status == 200) to.remove_header("Content-Type");
             }},
};

}  // namespace

std::span<const rule> claim_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
