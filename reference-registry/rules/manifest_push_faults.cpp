#include <algorithm>
#include <array>
#include <string>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

bool is_put(const call& at) {
  return at.where.kind == endpoint::manifest && at.asked.method == "PUT";
}

bool is_put_by_digest(const call& at) {
  return is_put(at) && !oci::is_tag(at.where.last);
}

bool is_taken(const call& at, const response& to) {
  return is_put(at) && to.status == 201;
}

/// Puts another code into the refusal of a manifest that has this one.
void replace_code(const call& at, response& to, std::string_view code, std::string_view other) {
  if (!is_put(at) || to.status / 100 != 4) return;
  if (to.payload().find(code) == std::string_view::npos) return;
  to.replace_body(R"({"errors":[{"code":")" + std::string(other) + R"("}]})");
}

constexpr std::array table{
    rule{.name = "manifest-put-200",
         .requirement = "push.manifest.201",
         .summary = "A push of a manifest is answered with 200",
         .after =
             [](call& at, response& to) {
               if (is_taken(at, to)) to.status = 200;
             }},
    rule{.name = "manifest-put-again-409",
         .requirement = "push.manifest.201",
         .summary = "A manifest that is there already is refused with 409",
         .before = [](call& at) -> std::optional<response> {
           if (!is_put(at)) return std::nullopt;
           if (!at.kept.manifest(at.where.repository, oci::digest_of(at.asked.body))) {
             return std::nullopt;
           }
           return failure(409, "DENIED", "the manifest is there already");
         }},
    rule{.name = "manifest-put-without-location",
         .requirement = "push.manifest.location",
         .summary = "The answer to a push of a manifest has no Location",
         .after =
             [](call& at, response& to) {
               if (is_taken(at, to)) to.remove_header("Location");
             }},
    rule{.name = "manifest-put-other-location",
         .requirement = "push.manifest.location-pullable",
         .summary = "The Location of a pushed manifest has nothing behind it",
         .after =
             [](call& at, response& to) {
               if (!is_taken(at, to)) return;
               to.set_header("Location", "/v2/" + at.where.repository + "/manifests/not-here");
             }},
    rule{.name = "manifest-put-without-digest",
         .requirement = "push.manifest.dcd-present",
         .summary = "The answer to a push of a manifest has no Docker-Content-Digest",
         .after =
             [](call& at, response& to) {
               if (is_taken(at, to)) to.remove_header("Docker-Content-Digest");
             }},
    rule{.name = "manifest-put-other-digest",
         .requirement = "push.manifest.dcd-equals-client-digest",
         .summary = "The answer to a push by digest has another one",
         .after =
             [](call& at, response& to) {
               if (!is_taken(at, to) || !is_put_by_digest(at)) return;
               to.set_header("Docker-Content-Digest", oci::digest_of("something else").str());
             }},
    rule{.name = "manifest-put-by-digest-not-kept",
         .requirement = "push.manifest.by-tag-and-digest",
         .summary = "A manifest without a tag is acknowledged, and not kept",
         .after =
             [](call& at, response& to) {
               const auto digest = oci::digest::parse(at.where.last);
               if (!is_taken(at, to) || !digest) return;
               (void)at.kept.remove_manifest(at.where.repository, *digest);
             }},
    rule{.name = "manifest-put-by-digest-makes-a-tag",
         .requirement = "push.manifest.by-digest-no-tag",
         .summary = "A push by digest makes a tag that is named after it",
         .after =
             [](call& at, response& to) {
               const auto digest = oci::digest::parse(at.where.last);
               if (!is_taken(at, to) || !digest) return;
               at.kept.set_tag(at.where.repository, std::string(digest->encoded()), *digest);
             }},
    rule{.name = "manifest-put-trims",
         .requirement = "push.manifest.exact-bytes",
         .summary = "Space around a manifest that is pushed by tag is not kept",
         .before = [](call& at) -> std::optional<response> {
           if (!is_put(at) || is_put_by_digest(at)) return std::nullopt;
           auto& body = at.asked.body;
           body.erase(0, body.find_first_not_of(" \t\r\n"));
           body.erase(body.find_last_not_of(" \t\r\n") + 1);
           return std::nullopt;
         }},
    rule{.name = "manifest-index-sorted",
         .requirement = "push.manifest.exact-bytes",
         .summary = "An index is answered with its entries sorted by digest",
         .after =
             [](call& at, response& to) {
               if (at.where.kind != endpoint::manifest || to.status != 200) return;
               if (!oci::media_type::is_index(to.find_header("Content-Type").value_or(""))) return;
               auto index = oci::parse_image_index(to.payload());
               if (!index) return;
               std::sort(index->manifests.begin(), index->manifests.end(),
                         [](const auto& a, const auto& b) { return a.digest < b.digest; });
               to.replace_body(oci::to_json(*index));
             }},
    rule{.name = "manifest-put-with-charset-415",
         .requirement = "push.manifest.registry-ignore-params",
         .summary = "A push whose Content-Type has a parameter is refused",
         .before = [](call& at) -> std::optional<response> {
           const auto type = at.asked.header("Content-Type").value_or("");
           if (!is_put(at) || type.find(';') == std::string_view::npos) return std::nullopt;
           return failure(415, "MANIFEST_INVALID", "not a known type");
         }},
    rule{.name = "manifest-put-keeps-charset",
         .requirement = "push.manifest.registry-ignore-params",
         .summary = "A push whose Content-Type has a parameter comes back as application/json",
         .after =
             [](call& at, response& to) {
               const auto type = at.asked.header("Content-Type").value_or("");
               const std::string place = at.where.repository + ':' + at.where.last;
               if (is_taken(at, to) && type.find(';') != std::string_view::npos) {
                 at.remembered.notes[place] = "";
               }
               if (at.is_read() && to.status == 200 && at.remembered.notes.contains(place)) {
                 to.set_header("Content-Type", "application/json");
               }
             }},
    rule{.name = "manifest-put-under-any-digest",
         .requirement = "push.manifest.digest-mismatch-rejected",
         .summary = "A manifest that is pushed under another's digest is kept under its own",
         .before = [](call& at) -> std::optional<response> {
           if (is_put_by_digest(at)) at.where.last = oci::digest_of(at.asked.body).str();
           return std::nullopt;
         }},
    rule{.name = "manifest-put-unverified",
         .requirement = "image.digest.sha256-verify.registry",
         .summary = "The digest of a push is not compared with the bytes",
         .before = [](call& at) -> std::optional<response> {
           if (is_put_by_digest(at)) at.where.last = oci::digest_of(at.asked.body).str();
           return std::nullopt;
         }},
    rule{.name = "manifest-malformed-called-a-digest",
         .requirement = "errors.code.manifest-invalid",
         .summary = "A manifest that is no JSON is called DIGEST_INVALID",
         .after = [](call& at,
                     response& to) { replace_code(at, to, "MANIFEST_INVALID", "DIGEST_INVALID"); }},
    rule{.name = "manifest-lacks-blob-called-invalid",
         .requirement = "push.manifest.missing-blob-code",
         .summary = "A manifest that lacks a blob is called MANIFEST_INVALID",
         .after =
             [](call& at, response& to) {
               replace_code(at, to, "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID");
             }},
    rule{.name = "manifest-lacks-blob-called-blob",
         .requirement = "push.manifest.missing-blob-code",
         .summary = "A manifest that lacks a blob is called BLOB_UNKNOWN, as 1.0 had it",
         .after =
             [](call& at, response& to) {
               replace_code(at, to, "MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN");
             }},
    rule{.name = "manifest-lacks-blob-409",
         .requirement = "table.end-7.failure-404",
         .summary = "A manifest that lacks a blob is refused with 409",
         .after =
             [](call& at, response& to) {
               if (is_put(at) && to.payload().find("MANIFEST_BLOB_UNKNOWN") != std::string::npos) {
                 to.status = 409;
               }
             }},
    rule{.name = "manifest-lacks-blob-500",
         .requirement = "table.end-7.failure-404",
         .summary = "A manifest that lacks a blob is answered with 500",
         .after =
             [](call& at, response& to) {
               if (is_put(at) && to.payload().find("MANIFEST_BLOB_UNKNOWN") != std::string::npos) {
                 to.status = 500;
               }
             }},
    rule{.name = "manifest-limit-1-mib",
         .requirement = "push.manifest.size-4mb.registry",
         .summary = "A manifest has 1 MiB at most",
         .configure = [](options& how) { how.manifest_limit_bytes = mebibyte; }},
    rule{.name = "manifest-without-limit",
         .requirement = "push.manifest.size-limit",
         .summary = "A manifest of any size is taken",
         .configure = [](options& how) { how.manifest_limit_bytes = 1024 * mebibyte; },
         .before = [](call& at) -> std::optional<response> {
           if (!is_put(at) || at.asked.body.size() < 5 * mebibyte) return std::nullopt;
           // Whether it can be read does not matter here, and takes long.
           response made;
           made.status = 201;
           return made;
         }},
    rule{.name = "manifest-too-large-400",
         .requirement = "push.manifest.size-413",
         .summary = "A manifest beyond the limit is refused with 400",
         .after =
             [](call& at, response& to) {
               if (is_put(at) && to.status == 413) to.status = 400;
             }},
};

}  // namespace

std::span<const rule> manifest_push_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
