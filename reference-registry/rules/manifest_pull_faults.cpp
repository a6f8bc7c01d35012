#include <array>
#include <string>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

bool is_manifest(const call& at, std::string_view method) {
  return at.where.kind == endpoint::manifest && at.asked.method == method;
}

bool is_found(const call& at, const response& to, std::string_view method) {
  return is_manifest(at, method) && to.status == 200;
}

/// Whether the first Accept of the request, where there is one, names the type first.
bool accepts_first(const request& asked, std::string_view type) {
  const auto accept = asked.header("Accept");
  return !accept || accept->substr(0, type.size()) == type;
}

constexpr std::array table{
    rule{.name = "manifest-get-202",
         .requirement = "pull.manifest.get-200",
         .summary = "GET of a manifest is answered with 202",
         .after =
             [](call& at, response& to) {
               if (is_found(at, to, "GET")) to.status = 202;
             }},
    rule{.name = "manifest-only-by-the-first-accept",
         .requirement = "pull.manifest.get-200",
         .summary = "A manifest is not found where the first Accept does not name its type",
         .after =
             [](call& at, response& to) {
               if (!is_found(at, to, "GET")) return;
               const std::string type(to.find_header("Content-Type").value_or(""));
               if (!accepts_first(at.asked, type)) {
                 to = failure(404, "MANIFEST_UNKNOWN", "not of an accepted type");
               }
             }},
    rule{.name = "manifest-get-other-bytes",
         .requirement = "pull.manifest.get-body",
         .summary = "GET of a manifest by tag has one space more",
         .after =
             [](call& at, response& to) {
               if (!is_found(at, to, "GET") || !oci::is_tag(at.where.last)) return;
               to.replace_body(std::string(to.payload()) + ' ');
             }},
    rule{.name = "manifest-tag-stays",
         .requirement = "pull.manifest.get-body",
         .summary = "A tag stays with the manifest that was pushed under it first",
         .before = [](call& at) -> std::optional<response> {
           if (!is_manifest(at, "PUT") || !oci::is_tag(at.where.last)) return std::nullopt;
           if (!at.kept.tagged(at.where.repository, at.where.last)) return std::nullopt;
           at.where.last = oci::digest_of(at.asked.body).str();
           return std::nullopt;
         }},
    rule{.name = "manifest-get-untyped",
         .requirement = "pull.manifest.content-type-present",
         .summary = "GET of a manifest has no Content-Type",
         .after =
             [](call& at, response& to) {
               if (is_found(at, to, "GET")) to.remove_header("Content-Type");
             }},
    rule{.name = "manifest-type-with-charset",
         .requirement = "pull.manifest.content-type-no-params",
         .summary = "The Content-Type of a manifest has a parameter",
         .after =
             [](call& at, response& to) {
               if (!is_found(at, to, "GET")) return;
               const std::string type(to.find_header("Content-Type").value_or(""));
               to.set_header("Content-Type", type + "; charset=utf-8");
             }},
    rule{.name = "manifest-typed-as-json",
         .requirement = "pull.manifest.content-type-as-pushed",
         .summary = "Each manifest has the Content-Type application/json",
         .after =
             [](call& at, response& to) {
               if (is_found(at, to, "GET")) to.set_header("Content-Type", "application/json");
             }},
    rule{.name = "manifest-index-typed-as-image",
         .requirement = "pull.manifest.content-type-as-pushed",
         .summary = "An index has the Content-Type of an image manifest",
         .after =
             [](call& at, response& to) {
               if (!is_found(at, to, "GET")) return;
               if (oci::media_type::is_index(to.find_header("Content-Type").value_or(""))) {
                 to.set_header("Content-Type", std::string(oci::media_type::image_manifest));
               }
             }},
    rule{.name = "manifest-get-without-digest",
         .requirement = "pull.manifest.docker-content-digest",
         .summary = "GET of a manifest has no Docker-Content-Digest",
         .after =
             [](call& at, response& to) {
               if (is_found(at, to, "GET")) to.remove_header("Docker-Content-Digest");
             }},
    rule{.name = "manifest-get-other-digest",
         .requirement = "pull.manifest.dcd-value",
         .summary = "Docker-Content-Digest of a manifest is the digest of something else",
         .after =
             [](call& at, response& to) {
               if (!is_found(at, to, "GET")) return;
               to.set_header("Docker-Content-Digest", oci::digest_of("something else").str());
             }},
    rule{.name = "manifest-get-absent-200",
         .requirement = "pull.manifest.404",
         .summary = "GET of a manifest that is not there is answered with 200 and no bytes",
         .after =
             [](call& at, response& to) {
               if (!is_manifest(at, "GET") || to.status != 404) return;
               to.status = 200;
               to.replace_body("");
             }},
    rule{.name = "manifest-get-absent-tag-400",
         .requirement = "pull.manifest.404",
         .summary = "GET of a tag that is not there is answered with 400",
         .after =
             [](call& at, response& to) {
               if (is_manifest(at, "GET") && to.status == 404 && oci::is_tag(at.where.last)) {
                 to.status = 400;
               }
             }},
    rule{.name = "manifest-found-in-any-repository",
         .requirement = "pull.manifest.404-repository-scoped",
         .summary = "GET finds a manifest that only another repository holds",
         .after =
             [](call& at, response& to) {
               if (is_manifest(at, "PUT") && to.status == 201) {
                 const std::string name(to.find_header("Docker-Content-Digest").value_or(""));
                 at.remembered.notes[name] = at.where.repository;
               }
               const auto known = at.remembered.notes.find(at.where.last);
               if (!is_manifest(at, "GET") || to.status != 404) return;
               const auto digest = oci::digest::parse(at.where.last);
               if (!digest || known == at.remembered.notes.end()) return;
               const auto found = at.kept.manifest(known->second, *digest);
               if (!found) return;
               to = response();
               to.shared = found->bytes;
               to.header("Content-Type", found->media_type);
             }},
    rule{.name = "manifest-head-204",
         .requirement = "pull.head.manifest-200",
         .summary = "HEAD of a manifest is answered with 204",
         .after =
             [](call& at, response& to) {
               if (is_found(at, to, "HEAD")) to.status = 204;
             }},
    rule{.name = "manifest-head-only-by-digest",
         .requirement = "pull.head.manifest-200",
         .summary = "HEAD of a tag is answered with 404",
         .after =
             [](call& at, response& to) {
               if (is_found(at, to, "HEAD") && oci::is_tag(at.where.last)) to.status = 404;
             }},
    rule{.name = "manifest-head-absent-200",
         .requirement = "pull.head.manifest-404",
         .summary = "HEAD of a manifest that is not there is answered with 200",
         .after =
             [](call& at, response& to) {
               if (is_manifest(at, "HEAD") && to.status == 404) to.status = 200;
             }},
    rule{.name = "manifest-head-without-digest",
         .requirement = "pull.head.manifest-docker-content-digest",
         .summary = "HEAD of a manifest has no Docker-Content-Digest",
         .after =
             [](call& at, response& to) {
               if (is_found(at, to, "HEAD")) to.remove_header("Docker-Content-Digest");
             }},
    rule{.name = "manifest-head-without-length",
         .requirement = "pull.head.manifest-content-length",
         .summary = "HEAD of a manifest has no Content-Length",
         .after =
             [](call& at, response& to) {
               if (is_found(at, to, "HEAD")) to.wire.without_length = true;
             }},
    rule{.name = "manifest-by-tag-and-digest-in-one",
         .requirement = "pull.manifest.reference-malformed-status",
         .summary = "GET of tag@digest finds the manifest with that digest",
         .before = [](call& at) -> std::optional<response> {
           const auto sign = at.where.last.find('@');
           if (is_manifest(at, "GET") && sign != std::string::npos)
             at.where.last.erase(0, sign + 1);
           return std::nullopt;
         }},
    rule{.name = "manifest-malformed-reference-500",
         .requirement = "pull.manifest.reference-malformed-status",
         .summary = "GET of a digest that is none is answered with 500",
         .after =
             [](call& at, response& to) {
               if (is_manifest(at, "GET") && at.where.last == "sha256:xyz") to.status = 500;
             }},
    rule{.name = "manifest-no-repository-400",
         .requirement = "push.manifest.nonexistent-repo-404",
         .summary = "GET of a manifest of a repository that is not there is answered with 400",
         .after =
             [](call& at, response& to) {
               if (!is_manifest(at, "GET") || to.status != 404) return;
               if (!at.kept.has_repository(at.where.repository)) to.status = 400;
             }},
    rule{.name = "manifest-absent-called-a-blob",
         .requirement = "errors.code.manifest-unknown",
         .summary = "A manifest that is not there is called BLOB_UNKNOWN",
         .after =
             [](call& at, response& to) {
               if (!is_manifest(at, "GET") || to.status != 404) return;
               to.replace_body(R"({"errors":[{"code":"BLOB_UNKNOWN"}]})");
             }},
    rule{.name = "name-absent-called-a-manifest",
         .requirement = "errors.code.name-unknown",
         .summary = "The tags of a repository that is not there are called MANIFEST_UNKNOWN",
         .after =
             [](call& at, response& to) {
               if (at.where.kind != endpoint::tags || to.status != 404) return;
               to.replace_body(R"({"errors":[{"code":"MANIFEST_UNKNOWN"}]})");
             }},
};

}  // namespace

std::span<const rule> manifest_pull_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
