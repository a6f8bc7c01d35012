#include <array>
#include <string>

#include <fmt/format.h>

#include "plimsoll/oci/name.hpp"
#include "rules/rule.hpp"
#include "rules/upload_steps.hpp"

namespace plimsoll::reference {
namespace {

/// Counts sessions and blobs, so that a session can be told to be older than a blob.
std::string session_note(std::string_view location) {
  return fmt::format("session {}", location);
}

std::string blob_note(const call& at) {
  return fmt::format("blob {} {}", at.where.repository, at.where.parameter("digest").value_or(""));
}

bool is_older(const call& at, const std::string& session, const std::string& blob) {
  const auto opened = at.remembered.notes.find(session);
  const auto stored = at.remembered.notes.find(blob);
  return opened != at.remembered.notes.end() && stored != at.remembered.notes.end() &&
         std::stoull(opened->second) < std::stoull(stored->second);
}

constexpr std::array table{
    rule{.name = "push-of-blobs-404",
         .requirement = "category.push.support",
         .summary = "There is no end-point that opens an upload session",
         .before = [](call& at) -> std::optional<response> {
           if (!is_open(at)) return std::nullopt;
           return failure(404, "UNSUPPORTED", "no such endpoint");
         }},
    rule{.name = "push-of-manifests-405",
         .requirement = "category.push.support",
         .summary = "Manifests cannot be pushed",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind != endpoint::manifest || at.asked.method != "PUT") return std::nullopt;
           return wrong_method("GET, HEAD");
         }},
    rule{.name = "post-answers-200",
         .requirement = "push.post.202",
         .summary = "The POST that opens a session is answered with 200",
         .after =
             [](call& at, response& to) {
               if (is_open(at) && to.status == 202) to.status = 200;
             }},
    rule{.name = "post-answers-201",
         .requirement = "push.post.202",
         .summary = "The POST that opens a session is answered with 201",
         .after =
             [](call& at, response& to) {
               if (is_open(at) && to.status == 202) to.status = 201;
             }},
    rule{.name = "post-without-location",
         .requirement = "push.post.location",
         .summary = "The POST that opens a session is answered without Location",
         .after =
             [](call& at, response& to) {
               if (is_open(at)) to.remove_header("Location");
             }},
    rule{.name = "post-shares-sessions",
         .requirement = "push.post.location-uuid",
         .summary = "Each POST of a repository is answered with the same session",
         .after =
             [](call& at, response& to) {
               if (!is_open(at) || to.status != 202) return;
               auto& first = at.remembered.notes[at.where.repository];
               if (first.empty()) first = to.find_header("Location").value_or("");
               to.set_header("Location", first);
             }},
    rule{.name = "put-answers-200",
         .requirement = "push.put.201",
         .summary = "The PUT of a whole blob is answered with 200",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && to.status == 201) to.status = 200;
             }},
    rule{.name = "put-answers-204",
         .requirement = "push.put.201",
         .summary = "The PUT of a whole blob is answered with 204",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && to.status == 201) to.status = 204;
             }},
    rule{.name = "put-without-location",
         .requirement = "push.put.location",
         .summary = "The PUT of a whole blob is answered without Location",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at)) to.remove_header("Location");
             }},
    rule{.name = "put-location-leads-nowhere",
         .requirement = "push.put.location-pullable",
         .summary = "The Location of a pushed blob is that of one that is not there",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at) && to.status == 201) to.set_header("Location", absent_blob(at));
             }},
    rule{.name = "put-location-is-the-session",
         .requirement = "push.put.location-pullable",
         .summary = "The Location of a pushed blob is that of its upload session",
         .after =
             [](call& at, response& to) {
               if (!is_whole_put(at) || to.status != 201) return;
               to.set_header("Location", at.asked.target.substr(0, at.asked.target.find('?')));
             }},
    rule{.name = "put-keeps-the-first-mebibyte",
         .requirement = "pull.blob.get-body",
         .summary = "Of a blob that comes in one PUT the first MiB is kept",
         .after =
             [](call& at, response& to) {
               constexpr std::size_t mebibyte = std::size_t{1} << 20U;
               if (!is_whole_put(at) || to.status != 201) return;
               if (at.asked.body.size() <= mebibyte) return;
               const auto digest = asked_digest(at);
               if (digest) keep_blob(at, *digest, at.asked.body.substr(0, mebibyte));
             }},
    rule{.name = "put-of-known-blob-409",
         .requirement = "usecase.dedup.already-known",
         .summary = "A blob that is there cannot be pushed again",
         .before = [](call& at) -> std::optional<response> {
           const auto digest = is_close(at) ? asked_digest(at) : std::nullopt;
           if (!digest || !at.kept.blob(at.where.repository, *digest)) return std::nullopt;
           return failure(409, "DENIED", "the blob is there already");
         }},
    rule{.name = "put-fails-where-another-was-faster",
         .requirement = "usecase.dedup.concurrent-upload",
         .summary = "An upload fails where the same blob came by another one meanwhile",
         .before = [](call& at) -> std::optional<response> {
           const auto path = at.asked.target.substr(0, at.asked.target.find('?'));
           if (!is_close(at) || !is_older(at, session_note(path), blob_note(at))) {
             return std::nullopt;
           }
           return failure(409, "DENIED", "the blob came by another upload");
         },
         .after =
             [](call& at, response& to) {
               const auto now = std::to_string(++at.remembered.count);
               if (is_open(at) && to.status == 202) {
                 at.remembered.notes[session_note(to.find_header("Location").value_or(""))] = now;
               }
               if (is_close(at) && to.status == 201) at.remembered.notes[blob_note(at)] = now;
             }},
    rule{.name = "post-to-no-name-202",
         .requirement = "table.end-4a.failure-404",
         .summary = "A session is opened for what is no repository name",
         .after =
             [](call& at, response& to) {
               if (!is_open(at) || to.status != 400) return;
               to = response();
               to.status = 202;
               to.header("Location", absent_session(at));
             }},
    rule{.name = "single-post-to-no-name-500",
         .requirement = "table.end-4b.failure-404",
         .summary = "A single POST to what is no repository name is answered with 500",
         .after =
             [](call& at, response& to) {
               if (!is_single_post(at) || oci::is_repository_name(at.where.repository)) return;
               to = failure(500, "NAME_INVALID", "broken");
             }},
    rule{.name = "mount-to-no-name-500",
         .requirement = "table.end-11.failure-404",
         .summary = "A mount to what is no repository name is answered with 500",
         .after =
             [](call& at, response& to) {
               if (!is_mount(at) || oci::is_repository_name(at.where.repository)) return;
               to = failure(500, "NAME_INVALID", "broken");
             }},
    rule{.name = "blob-unknown-as-name-unknown",
         .requirement = "errors.code.blob-unknown",
         .summary = "A blob that is not there is reported as NAME_UNKNOWN",
         .after =
             [](call& at, response& to) {
               if (at.where.kind == endpoint::blob)
                 replace_code(to, "BLOB_UNKNOWN", "NAME_UNKNOWN");
             }},
};

}  // namespace

std::span<const rule> blob_push_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
