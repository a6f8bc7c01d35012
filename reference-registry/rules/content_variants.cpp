#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/byte_range.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

bool is_manifest_read(const call& at) {
  return at.where.kind == endpoint::manifest && at.is_read();
}

bool is_manifest_put(const call& at) {
  return at.where.kind == endpoint::manifest && at.asked.method == "PUT";
}

bool is_blob_get(const call& at) {
  return at.where.kind == endpoint::blob && at.asked.method == "GET";
}

std::string own_path(const call& at, std::string_view reference) {
  return "/v2/" + at.where.repository + "/manifests/" + std::string(reference);
}

/// RFC 9110, 14.6.
std::string multipart(std::string_view content, const std::vector<oci::byte_range>& ranges) {
  std::string body;
  for (const auto& one : ranges) {
    oci::content_range place;
    place.span = oci::resolve(one, content.size());
    place.complete_length = content.size();
    if (!place.span) continue;
    body += "\r\n--plimsoll-part\r\nContent-Type: application/octet-stream\r\nContent-Range: " +
            oci::to_string(place) + "\r\n\r\n";
    body += content.substr(place.span->first, place.span->length());
  }
  return body + "\r\n--plimsoll-part--\r\n";
}

/// Whether Accept leaves the type out and takes no type at all.
bool declines(const request& asked, std::string_view type) {
  bool has_accept = false;
  for (const auto& one : asked.headers) {
    if (!equal_ignoring_case(one.first, "Accept")) continue;
    has_accept = true;
    if (one.second.find(type) != std::string::npos) return false;
    if (one.second.find("*/*") != std::string::npos) return false;
  }
  return has_accept;
}

/// Whether data of a layer is not what its descriptor says.
bool has_wrong_data(const oci::image_manifest& image) {
  return std::any_of(image.layers.begin(), image.layers.end(), [](const auto& one) {
    return one.data && (one.data->size() != one.size || oci::digest_of(*one.data) != one.digest);
  });
}

/// Whether it is an index that lists nothing, and refers to nothing.
bool is_idle_index(const call& at) {
  if (!oci::media_type::is_index(at.asked.header("Content-Type").value_or(""))) return false;
  const auto index = oci::parse_image_index(at.asked.body);
  return index && index->manifests.empty() && !index->subject;
}

bool lacks_manifests(const call& at) {
  if (!oci::media_type::is_index(at.asked.header("Content-Type").value_or(""))) return false;
  const auto index = oci::parse_image_index(at.asked.body);
  return index &&
         std::any_of(index->manifests.begin(), index->manifests.end(), [&](const auto& one) {
           return !at.kept.manifest(at.where.repository, one.digest);
         });
}

constexpr std::array table{
    rule{.name = "manifest-types-capitalized",
         .summary = "The media type in a manifest's Content-Type has other capitals",
         .after =
             [](call& at, response& to) {
               if (!is_manifest_read(at) || to.status != 200) return;
               std::string type(to.find_header("Content-Type").value_or(""));
               if (!type.empty()) type[0] = 'A';
               to.set_header("Content-Type", type);
             }},
    rule{.name = "manifest-tags-redirect",
         .summary = "A tag redirects to the manifest's digest, with each status that may",
         .after =
             [](call& at, response& to) {
               const auto digest = to.find_header("Docker-Content-Digest");
               if (!is_manifest_read(at) || to.status != 200 || !digest) return;
               if (!oci::is_tag(at.where.last)) return;
               constexpr std::array statuses{301, 302, 303, 307, 308};
               response made;
               made.status = statuses.at(at.remembered.count++ % statuses.size());
               made.header("Location", own_path(at, *digest));
               to = std::move(made);
             }},
    rule{.name = "manifest-location-absolute",
         .summary = "The Location of a pushed manifest is an absolute URL",
         .after =
             [](call& at, response& to) {
               const auto location = to.find_header("Location");
               if (!is_manifest_put(at) || !location) return;
               const std::string host(at.asked.header("Host").value_or(""));
               to.set_header("Location", "http://" + host + std::string(*location));
             }},
    rule{.name = "manifest-location-by-tag",
         .summary = "The Location of a manifest that was pushed by tag has the tag",
         .after =
             [](call& at, response& to) {
               if (!is_manifest_put(at) || to.status != 201) return;
               to.set_header("Location", own_path(at, at.where.last));
             }},
    rule{.name = "entity-tags",
         .summary = "Blobs and manifests have an ETag and may be cached",
         .after =
             [](call& at, response& to) {
               const auto digest = to.find_header("Docker-Content-Digest");
               if (!at.is_read() || to.status / 100 != 2 || !digest) return;
               const std::string tag = '"' + std::string(*digest) + '"';
               to.header("ETag", tag).header("Cache-Control", "max-age=31536000");
             }},
    rule{.name = "entity-tags-compared",
         .summary = "If-Range with the blob's own ETag gets a part",
         .before = [](call& at) -> std::optional<response> {
           if (!is_blob_get(at)) return std::nullopt;
           if (at.asked.header("If-Range") == '"' + at.where.last + '"') {
             at.asked.remove_header("If-Range");
           }
           return std::nullopt;
         },
         .after =
             [](call& at, response& to) {
               if (is_blob_get(at) && to.status / 100 == 2) {
                 to.header("ETag", '"' + at.where.last + '"');
               }
             }},
    rule{.name = "ranges-multipart",
         .summary = "Several ranges are answered in a multipart body",
         .after =
             [](call& at, response& to) {
               const auto value = at.asked.header("Range");
               if (!is_blob_get(at) || to.status != 200 || !value) return;
               const auto ranges = oci::parse_byte_ranges(*value);
               if (!ranges || ranges->size() < 2) return;
               to.status = 206;
               to.replace_body(multipart(std::string(to.payload()), *ranges));
               to.set_header("Content-Type", "multipart/byteranges; boundary=plimsoll-part");
             }},
    rule{.name = "ranges-first-only",
         .summary = "Of several ranges the first is answered, and told",
         .before = [](call& at) -> std::optional<response> {
           const std::string value(at.asked.header("Range").value_or(""));
           const auto comma = value.find(',');
           if (!is_blob_get(at) || comma == std::string::npos) return std::nullopt;
           at.asked.remove_header("Range");
           at.asked.headers.emplace_back("Range", value.substr(0, comma));
           return std::nullopt;
         }},
    rule{.name = "ranges-coalesced",
         .summary = "Of several ranges the first two are answered as one, as they lie close by",
         .before = [](call& at) -> std::optional<response> {
           if (!is_blob_get(at) || at.asked.header("Range") != "bytes=0-9,100-199,-8") {
             return std::nullopt;
           }
           at.asked.remove_header("Range");
           at.asked.headers.emplace_back("Range", "bytes=0-199");
           return std::nullopt;
         }},
    rule{.name = "range-malformed-400",
         .summary = "A range that is none is answered with 400",
         .before = [](call& at) -> std::optional<response> {
           const auto value = at.asked.header("Range").value_or("");
           if (!is_blob_get(at) || value.substr(0, 5) != "bytes") return std::nullopt;
           if (oci::parse_byte_ranges(value)) return std::nullopt;
           return failure(400, "UNSUPPORTED", "this is no range");
         }},
    rule{.name = "range-behind-the-end-untold",
         .summary = "A 416 has no Content-Range",
         .after =
             [](call&, response& to) {
               if (to.status == 416) to.remove_header("Content-Range");
             }},
    rule{.name = "manifest-limit-8-mib",
         .summary = "A manifest may have 8 MiB",
         .configure =
             [](options& how) { how.manifest_limit_bytes = std::uint64_t{8} * 1024 * 1024; }},
    rule{.name = "manifest-limit-4-mb",
         .summary = "A manifest may have 4,000,000 bytes",
         .configure = [](options& how) { how.manifest_limit_bytes = 4'000'000; }},
    rule{.name = "manifest-lacks-blob-400",
         .summary = "A manifest that lacks a blob is refused with 400",
         .after =
             [](call& at, response& to) {
               if (is_manifest_put(at) && to.status == 404) to.status = 400;
             }},
    rule{.name = "manifest-lacks-blob-201",
         .summary = "A manifest that lacks a blob is taken",
         .configure = [](options& how) { how.sparse = true; }},
    rule{.name = "index-lacks-manifest-404",
         .summary = "An index that lacks a manifest is refused",
         .before = [](call& at) -> std::optional<response> {
           if (!is_manifest_put(at) || !lacks_manifests(at)) return std::nullopt;
           return failure(404, "MANIFEST_BLOB_UNKNOWN", "the repository lacks a manifest");
         }},
    rule{.name = "index-empty-400",
         .summary = "An index that lists nothing and has no subject is refused",
         .before = [](call& at) -> std::optional<response> {
           if (!is_manifest_put(at) || !is_idle_index(at)) return std::nullopt;
           return failure(400, "MANIFEST_INVALID", "the index is empty");
         }},
    rule{.name = "manifest-sha512-400",
         .summary = "A manifest cannot be pushed or pulled by a sha512 digest",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind != endpoint::manifest) return std::nullopt;
           if (at.where.last.substr(0, 7) != "sha512:") return std::nullopt;
           return failure(at.bad_syntax_status(), "DIGEST_INVALID", "sha256 alone is known");
         }},
    rule{.name = "manifest-types-of-oci-only",
         .summary = "Docker's types of manifests are refused, and those that do not tell theirs",
         .before = [](call& at) -> std::optional<response> {
           if (!is_manifest_put(at)) return std::nullopt;
           const auto type = at.asked.header("Content-Type").value_or("");
           const bool is_docker = type.find("vnd.docker") != std::string_view::npos;
           if (!is_docker && at.asked.body.find(R"("mediaType":"application/vnd.oci.image.)") !=
                                 std::string::npos) {
             return std::nullopt;
           }
           return failure(400, "MANIFEST_INVALID", "not of a type of the OCI's");
         }},
    rule{.name = "manifest-accept-406",
         .summary = "A manifest whose type Accept leaves out is answered with 406",
         .after =
             [](call& at, response& to) {
               if (!is_manifest_read(at) || to.status != 200) return;
               const std::string type(to.find_header("Content-Type").value_or(""));
               if (declines(at.asked, type)) to = failure(406, "MANIFEST_UNKNOWN", "not accepted");
             }},
    rule{.name = "references-malformed-400",
         .summary = "A read of what is neither tag nor digest is answered with 400",
         .before = [](call& at) -> std::optional<response> {
           const bool is_named =
               at.where.kind == endpoint::manifest || at.where.kind == endpoint::blob;
           if (!is_named || !at.is_read() || oci::digest::parse(at.where.last)) return std::nullopt;
           if (at.where.kind == endpoint::manifest && oci::is_tag(at.where.last))
             return std::nullopt;
           return failure(400, "DIGEST_INVALID", "this is no digest");
         }},
    rule{.name = "tags-by-policy",
         .summary = "A tag that begins with an underscore is forbidden with 403",
         .before = [](call& at) -> std::optional<response> {
           const bool is_tag = is_manifest_put(at) && oci::is_tag(at.where.last);
           if (!is_tag || at.where.last.front() != '_') return std::nullopt;
           return failure(403, "DENIED", "no such tags here");
         }},
    rule{.name = "artifacts-with-gzip-layers-400",
         .summary = "An artifact with an image's gzip layer is refused as invalid",
         .before = [](call& at) -> std::optional<response> {
           if (!is_manifest_put(at)) return std::nullopt;
           const auto image = oci::parse_image_manifest(at.asked.body);
           if (!image || image->artifact_type.empty()) return std::nullopt;
           const bool has_gzip = std::any_of(
               image->layers.begin(), image->layers.end(),
               [](const auto& layer) { return layer.media_type == oci::media_type::layer_gzip; });
           if (!has_gzip) return std::nullopt;
           return failure(400, "MANIFEST_INVALID", "an artifact has no such layers");
         }},
    rule{.name = "names-malformed-404",
         .summary = "A push to what is no repository's name is answered with 404",
         .after =
             [](call& at, response& to) {
               if (at.is_read() || to.status != 400) return;
               if (!oci::is_repository_name(at.where.repository)) to.status = 404;
             }},
    rule{.name = "names-by-policy",
         .summary = "Repositories below the second level of a user's are forbidden with 403",
         .before = [](call& at) -> std::optional<response> {
           if (at.is_read() || split(at.where.repository, '/').size() < 4) return std::nullopt;
           return failure(403, "DENIED", "no such deep names here");
         }},
    rule{.name = "data-verified",
         .summary = "Data that is not what its descriptor says is refused",
         .before = [](call& at) -> std::optional<response> {
           if (!is_manifest_put(at)) return std::nullopt;
           const auto image = oci::parse_image_manifest(at.asked.body);
           if (!image || !has_wrong_data(*image)) return std::nullopt;
           return failure(400, "MANIFEST_INVALID", "data is not what it says");
         }},
    rule{.name = "untagged-collected",
         .summary = "A manifest whose only tag moves away is deleted",
         .before = [](call& at) -> std::optional<response> {
           if (!is_manifest_put(at) || !oci::is_tag(at.where.last)) return std::nullopt;
           const auto before = at.kept.tagged(at.where.repository, at.where.last);
           if (before && *before != oci::digest_of(at.asked.body)) {
             at.remembered.notes[at.where.repository + ':' + at.where.last] = before->str();
           }
           return std::nullopt;
         },
         .after =
             [](call& at, response&) {
               const auto left =
                   at.remembered.notes.find(at.where.repository + ':' + at.where.last);
               if (!is_manifest_put(at) || left == at.remembered.notes.end()) return;
               const auto digest = oci::digest::parse(left->second);
               for (const auto& tag : at.kept.tags(at.where.repository)) {
                 if (at.kept.tagged(at.where.repository, tag) == *digest) return;
               }
               (void)at.kept.remove_manifest(at.where.repository, *digest);
               at.remembered.notes.erase(left);
             }},
};

}  // namespace

std::span<const rule> content_variants() noexcept {
  return table;
}

}  // namespace plimsoll::reference
