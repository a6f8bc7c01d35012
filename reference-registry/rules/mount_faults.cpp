#include <array>

#include "rules/rule.hpp"
#include "rules/upload_steps.hpp"
#include "service/incoming_blob.hpp"

namespace plimsoll::reference {
namespace {

bool is_mounted(const call& at, const response& to) {
  return is_mount(at) && to.status == 201;
}

bool is_opened_instead(const call& at, const response& to) {
  return is_mount(at) && to.status == 202;
}

std::optional<response> refused_with(int status, const call& at) {
  if (!is_mount(at)) return std::nullopt;
  return failure(status, "UNSUPPORTED", "blobs are not mounted");
}

/// What a mount is answered with where it worked.
response mounted(const call& at) {
  const auto digest = oci::digest::parse(at.where.parameter("mount").value_or(""));
  return blob_created(at, digest ? *digest : oci::digest_of(""));
}

/// Mounts from the repository that is another user's.
std::optional<response> mount_from_guarded(call& at, bool is_named) {
  const auto digest = oci::digest::parse(at.where.parameter("mount").value_or(""));
  const auto from = at.where.parameter("from");
  if (!is_mount(at) || !digest || from.has_value() != is_named) return std::nullopt;
  const std::string& guarded = at.how.guarded.name;
  if (is_named && from != guarded) return std::nullopt;
  if (!at.kept.mount_blob(at.where.repository, *digest, guarded)) return std::nullopt;
  return blob_created(at, *digest);
}

constexpr std::array table{
    rule{.name = "mount-answers-200",
         .requirement = "push.mount.201",
         .summary = "A mount is answered with 200",
         .after =
             [](call& at, response& to) {
               if (is_mounted(at, to)) to.status = 200;
             }},
    rule{.name = "mount-without-location",
         .requirement = "push.mount.location",
         .summary = "A mount is answered without Location",
         .after =
             [](call& at, response& to) {
               if (is_mounted(at, to)) to.remove_header("Location");
             }},
    rule{.name = "mount-location-leads-nowhere",
         .requirement = "push.mount.location-pullable",
         .summary = "The Location of a mounted blob is that of one that is not there",
         .after =
             [](call& at, response& to) {
               if (is_mounted(at, to)) to.set_header("Location", absent_blob(at));
             }},
    rule{.name = "mount-does-nothing",
         .requirement = "push.mount.location-pullable",
         .summary = "A mount is answered with 201, and the blob is not there",
         .before = [](call& at) -> std::optional<response> {
           if (!is_mount(at)) return std::nullopt;
           return mounted(at);
         }},
    rule{.name = "mount-of-absent-blob-201",
         .requirement = "push.mount.location-pullable",
         .summary = "The mount of a blob that is nowhere is answered with 201",
         .after =
             [](call& at, response& to) {
               if (is_opened_instead(at, to)) to = mounted(at);
             }},
    rule{.name = "mount-moves-the-blob",
         .requirement = "pull.blob.get-200",
         .summary = "A mount takes the blob away from where it was",
         .after =
             [](call& at, response& to) {
               const auto from = at.where.parameter("from");
               const auto digest = oci::digest::parse(at.where.parameter("mount").value_or(""));
               if (!is_mounted(at, to) || !from || !digest || *from == at.where.repository) return;
               (void)at.kept.remove_blob(*from, *digest);
             }},
    rule{.name = "mount-405",
         .requirement = "push.mount.fallback-202.unsupported",
         .summary = "Each mount is answered with 405",
         .before = [](call& at) { return refused_with(405, at); }},
    rule{.name = "mount-500",
         .requirement = "push.mount.fallback-202.unsupported",
         .summary = "Each mount is answered with 500",
         .before = [](call& at) { return refused_with(500, at); }},
    rule{.name = "mount-of-absent-blob-404",
         .requirement = "push.mount.fallback-202.unknown-blob",
         .summary = "The mount of a blob that is not there is answered with 404",
         .after =
             [](call& at, response& to) {
               if (is_opened_instead(at, to)) to = failure(404, "BLOB_UNKNOWN", "no such blob");
             }},
    rule{.name = "mount-202-without-location",
         .requirement = "push.mount.fallback-location",
         .summary = "A mount that opens a session is answered without Location",
         .after =
             [](call& at, response& to) {
               if (is_opened_instead(at, to)) to.remove_header("Location");
             }},
    rule{.name = "mount-202-without-session",
         .requirement = "push.mount.fallback-location",
         .summary = "A mount that opens a session has the Location of none",
         .after =
             [](call& at, response& to) {
               if (is_opened_instead(at, to)) to.set_header("Location", absent_session(at));
             }},
    rule{.name = "mount-from-unreadable-repository",
         .requirement = "push.mount.fallback-202.unknown-blob",
         .summary = "A blob is mounted from a repository that the user may not read",
         .before = [](call& at) { return mount_from_guarded(at, true); }},
    rule{.name = "mount-from-wherever-unreadable",
         .requirement = "push.mount.fallback-202.unknown-blob",
         .summary = "Without from, a blob is mounted from a repository that the user may not read",
         .before = [](call& at) { return mount_from_guarded(at, false); }},
    rule{.name = "mount-from-unreadable-repository-403",
         .requirement = "push.mount.fallback-202.unknown-blob",
         .summary = "A mount from a repository that the user may not read is answered with 403",
         .before = [](call& at) -> std::optional<response> {
           const auto from = at.where.parameter("from");
           if (!is_mount(at) || !from || at.may_use(*from)) return std::nullopt;
           return failure(403, "DENIED", "this repository is another user's");
         }},
};

}  // namespace

std::span<const rule> mount_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
