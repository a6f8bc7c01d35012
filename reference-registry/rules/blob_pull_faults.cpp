#include <array>
#include <string>

#include "plimsoll/oci/digest.hpp"
#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

bool is_blob(const call& at, std::string_view method) {
  return at.where.kind == endpoint::blob && at.asked.method == method;
}

/// A pull that found the blob, whole or a part.
bool is_found(const call& at, const response& to, std::string_view method) {
  return is_blob(at, method) && to.status / 100 == 2;
}

/// The range of a GET, where it is this one, becomes another; empty: it goes.
void replace_range(call& at, std::string_view from, std::string_view to) {
  if (!is_blob(at, "GET") || at.asked.header("Range") != from) return;
  at.asked.remove_header("Range");
  if (!to.empty()) at.asked.headers.emplace_back("Range", to);
}

/// Turns the request to a repository that has the blob.
void lead_to_holder(call& at, const oci::digest& digest) {
  for (const std::string& name : at.kept.repositories()) {
    if (!at.may_use(name) || !at.kept.blob(name, digest)) continue;
    at.where.repository = name;
    return;
  }
}

/// Removes the blob from all repositories but the one that is asked.
void remove_elsewhere(const call& at, const oci::digest& digest) {
  for (const std::string& name : at.kept.repositories()) {
    if (name != at.where.repository) (void)at.kept.remove_blob(name, digest);
  }
}

constexpr std::array table{
    rule{.name = "blob-get-flips-a-bit",
         .requirement = "pull.blob.get-body",
         .summary = "A blob is answered with one bit of it changed",
         .after =
             [](call& at, response& to) {
               if (!is_blob(at, "GET") || to.status != 200 || to.payload().empty()) return;
               std::string bytes(to.payload());
               bytes.back() = static_cast<char>(bytes.back() ^ 1);
               to.replace_body(std::move(bytes));
             }},
    rule{.name = "blob-get-cut-at-64-kib",
         .requirement = "pull.blob.get-body",
         .summary = "A blob is answered with no more than its first 64 KiB",
         .after =
             [](call& at, response& to) {
               if (!is_blob(at, "GET") || to.status != 200) return;
               to.replace_body(std::string(to.payload().substr(0, 65536)));
             }},
    rule{.name = "blob-get-absent-200",
         .requirement = "pull.blob.404",
         .summary = "GET of a blob that is not there is answered with 200 and no bytes",
         .after =
             [](call& at, response& to) {
               if (!is_blob(at, "GET") || to.status != 404) return;
               to.status = 200;
               to.replace_body("");
             }},
    rule{.name = "blob-get-absent-400",
         .requirement = "pull.blob.404",
         .summary = "GET of a blob that is not there is answered with 400",
         .after =
             [](call& at, response& to) {
               if (is_blob(at, "GET") && to.status == 404) to.status = 400;
             }},
    rule{.name = "blob-get-202",
         .requirement = "pull.blob.get-200",
         .summary = "GET of a blob is answered with 202",
         .after =
             [](call& at, response& to) {
               if (is_blob(at, "GET") && to.status == 200) to.status = 202;
             }},
    rule{.name = "blob-get-without-digest",
         .requirement = "pull.blob.docker-content-digest",
         .summary = "GET of a blob has no Docker-Content-Digest",
         .after =
             [](call& at, response& to) {
               if (is_found(at, to, "GET")) to.remove_header("Docker-Content-Digest");
             }},
    rule{.name = "blob-get-other-digest",
         .requirement = "pull.blob.dcd-matches-body",
         .summary = "Docker-Content-Digest of a blob is the digest of something else",
         .after =
             [](call& at, response& to) {
               if (!is_found(at, to, "GET")) return;
               to.set_header("Docker-Content-Digest", oci::digest_of("something else").str());
             }},
    rule{.name = "blob-found-in-any-repository",
         .requirement = "pull.blob.404-repository-scoped",
         .summary = "GET finds a blob that only another repository holds",
         .before = [](call& at) -> std::optional<response> {
           const auto digest = oci::digest::parse(at.where.last);
           if (!is_blob(at, "GET") || !digest) return std::nullopt;
           if (at.kept.blob(at.where.repository, *digest)) return std::nullopt;
           (void)mount_from_anywhere(at, *digest);
           return std::nullopt;
         }},
    rule{.name = "blob-head-204",
         .requirement = "pull.head.blob-200",
         .summary = "HEAD of a blob is answered with 204",
         .after =
             [](call& at, response& to) {
               if (is_blob(at, "HEAD") && to.status == 200) to.status = 204;
             }},
    rule{.name = "blob-head-absent-200",
         .requirement = "pull.head.blob-404",
         .summary = "HEAD of a blob that is not there is answered with 200",
         .after =
             [](call& at, response& to) {
               if (is_blob(at, "HEAD") && to.status == 404) to.status = 200;
             }},
    rule{.name = "blob-head-without-digest",
         .requirement = "pull.head.blob-docker-content-digest",
         .summary = "HEAD of a blob has no Docker-Content-Digest",
         .after =
             [](call& at, response& to) {
               if (is_found(at, to, "HEAD")) to.remove_header("Docker-Content-Digest");
             }},
    rule{.name = "blob-head-without-length",
         .requirement = "pull.head.blob-content-length",
         .summary = "HEAD of a blob has no Content-Length",
         .after =
             [](call& at, response& to) {
               if (is_found(at, to, "HEAD")) to.wire.without_length = true;
             }},
    rule{.name = "blob-head-length-0",
         .requirement = "pull.head.blob-content-length",
         .summary = "HEAD of a blob tells a Content-Length of 0",
         .after =
             [](call& at, response& to) {
               if (is_found(at, to, "HEAD")) to.wire.told_length = 0;
             }},
    rule{.name = "pull-without-head",
         .requirement = "category.pull.all-apis",
         .summary = "Blobs cannot be asked for with HEAD: 405",
         .before = [](call& at) -> std::optional<response> {
           if (!is_blob(at, "HEAD")) return std::nullopt;
           return wrong_method("GET");
         }},
    rule{.name = "range-ignored",
         .requirement = "pull.blob.range.single",
         .summary = "A range is answered with the whole blob",
         .before = [](call& at) -> std::optional<response> {
           if (is_blob(at, "GET")) at.asked.remove_header("Range");
           return std::nullopt;
         }},
    rule{.name = "blobs-in-one-store",
         .requirement = "pull.blob.404-repository-scoped",
         .summary = "All repositories share the blobs: any of them gives and deletes each one",
         .before = [](call& at) -> std::optional<response> {
           const auto digest = oci::digest::parse(at.where.last);
           const bool is_deletion = at.asked.method == "DELETE" && at.where.kind == endpoint::blob;
           if (!digest || !(is_deletion || is_blob(at, "GET") || is_blob(at, "HEAD"))) {
             return std::nullopt;
           }
           lead_to_holder(at, *digest);
           if (is_deletion) remove_elsewhere(at, *digest);
           return std::nullopt;
         }},
    rule{.name = "range-without-its-last-byte",
         .requirement = "pull.blob.range.single",
         .summary = "A part lacks the last byte of its range",
         .after =
             [](call& at, response& to) {
               if (!is_blob(at, "GET") || !to.part || to.part->length() < 2) return;
               --to.part->last;
             }},
    rule{.name = "range-untold",
         .requirement = "pull.blob.range.single",
         .summary = "A part has no Content-Range",
         .after =
             [](call& at, response& to) {
               if (is_blob(at, "GET") && to.status == 206) to.remove_header("Content-Range");
             }},
    rule{.name = "range-suffix-from-the-start",
         .requirement = "pull.blob.range.open-and-suffix",
         .summary = "The last bytes of a blob are asked for, and the first come",
         .before = [](call& at) -> std::optional<response> {
           replace_range(at, "bytes=-500", "bytes=0-499");
           return std::nullopt;
         }},
    rule{.name = "range-without-end-ignored",
         .requirement = "pull.blob.range.open-and-suffix",
         .summary = "A range without an end is answered with the whole blob",
         .before = [](call& at) -> std::optional<response> {
           replace_range(at, "bytes=500-", "");
           return std::nullopt;
         }},
    rule{.name = "range-behind-the-end-400",
         .requirement = "pull.blob.range.unsatisfiable-416",
         .summary = "A range behind the end of a blob is answered with 400",
         .after =
             [](call& at, response& to) {
               if (is_blob(at, "GET") && to.status == 416) to.status = 400;
             }},
    rule{.name = "range-behind-the-end-other-size",
         .requirement = "pull.blob.range.unsatisfiable-416",
         .summary = "The answer to a range behind the end of a blob tells a wrong size",
         .after =
             [](call& at, response& to) {
               if (is_blob(at, "GET") && to.status == 416) {
                 to.set_header("Content-Range", "bytes */1");
               }
             }},
    rule{.name = "range-of-any-unit",
         .requirement = "pull.blob.range.malformed-ignored",
         .summary = "A range of a unit that nobody knows is taken for one of bytes",
         .before = [](call& at) -> std::optional<response> {
           replace_range(at, "fathoms=0-1", "bytes=0-1");
           return std::nullopt;
         }},
    rule{.name = "range-backwards",
         .requirement = "pull.blob.range.malformed-ignored",
         .summary = "A range that ends before it begins is turned around",
         .before = [](call& at) -> std::optional<response> {
           replace_range(at, "bytes=9-5", "bytes=5-9");
           return std::nullopt;
         }},
    rule{.name = "ranges-without-places",
         .requirement = "pull.blob.range.several",
         .summary = "Several ranges are answered with 206 and bytes that tell no place",
         .after =
             [](call& at, response& to) {
               const auto range = at.asked.header("Range").value_or("");
               if (!is_blob(at, "GET") || range.find(',') == std::string_view::npos) return;
               to.status = 206;
             }},
    rule{.name = "ranges-all-in-one",
         .requirement = "pull.blob.range.several",
         .summary =
             "Several ranges are answered with one that has all between the first and the last",
         .before = [](call& at) -> std::optional<response> {
           replace_range(at, "bytes=0-9,100-199,-8", "bytes=0-");
           return std::nullopt;
         }},
    rule{.name = "range-despite-if-range",
         .requirement = "pull.blob.range.if-range",
         .summary = "A part comes although If-Range names other content",
         .before = [](call& at) -> std::optional<response> {
           if (is_blob(at, "GET")) at.asked.remove_header("If-Range");
           return std::nullopt;
         }},
    rule{.name = "range-on-head",
         .requirement = "pull.blob.range.get-only",
         .summary = "HEAD with a range is answered with 206",
         .after =
             [](call& at, response& to) {
               if (is_blob(at, "HEAD") && at.asked.header("Range") && to.status == 200) {
                 to.status = 206;
               }
             }},
};

}  // namespace

std::span<const rule> blob_pull_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
