#include "switches.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll {
namespace {

using c = configuration;

template <auto Group, auto Member>
bool is_on(const configuration& from) {
  return from.*Group.*Member;
}

template <auto Member>
constexpr feature_switch api(std::string_view setting, std::string_view requirements) {
  return {setting, is_on<&c::apis, Member>, requirements};
}

template <auto Member>
constexpr feature_switch data(std::string_view setting, std::string_view requirements) {
  return {setting, is_on<&c::data, Member>, requirements};
}

using a = api_switches;
using d = data_switches;

// apis.push is not here: without it nothing is pushed, whatever is judged. Nor are data.image,
// data.index-list, data.artifact-list, data.subject-list, data.sparse and data.empty-blob: what
// they add is not told apart by a requirement.
constexpr std::array switches = {
    api<&a::ping>("apis.ping", "base. table.end-1."),
    api<&a::pull>("apis.pull", "pull. category.pull. negotiation. http.rfc9110.head-"),
    api<&a::blobs_atomic>("apis.blobs.atomic", "delete.blob.get-404"),
    api<&a::blobs_delete>("apis.blobs.delete", "delete.blob. table.end-10."),
    api<&a::blobs_digest_header>("apis.blobs.digest-header",
                                 "pull.blob.docker-content-digest "
                                 "pull.head.blob-docker-content-digest"),
    api<&a::blobs_mount_anonymous>("apis.blobs.mount-anonymous", "push.mount.from-optional"),
    api<&a::blobs_upload_cancel>("apis.blobs.upload-cancel", "push.cancel. table.end-14."),
    api<&a::manifests_atomic>("apis.manifests.atomic",
                              "delete.manifest.get-404 delete.manifest.child-404 "
                              "delete.manifest.tags-"),
    api<&a::manifests_delete>("apis.manifests.delete",
                              "delete.manifest. referrers.deleted-referrer-gone"),
    api<&a::manifests_digest_header>("apis.manifests.digest-header",
                                     "pull.manifest.docker-content-digest "
                                     "pull.head.manifest-docker-content-digest "
                                     "push.manifest.dcd-present"),
    api<&a::manifests_tag_param>("apis.manifests.tag-param",
                                 "push.manifest.tag-params. table.end-7b."),
    api<&a::tags_atomic>("apis.tags.atomic", "delete.tag.get-404 delete.tag.unlisted"),
    api<&a::tags_delete>("apis.tags.delete", "delete.tag"),
    api<&a::tags_list>("apis.tags.list", "tags. table.end-8a. table.end-8b."),
    api<&a::referrer>("apis.referrer",
                      "referrers. upgrade. push.subject.oci-subject table.end-12a. "
                      "table.end-12b. push.manifest.missing-subject-later-pushed"),
    data<&d::index>("data.index", "image.index."),
    data<&d::artifact>("data.artifact",
                       "image.artifact. image.manifest.artifacttype "
                       "image.manifest.unknown-artifacttype"),
    data<&d::subject>("data.subject", "push.subject. image.manifest.subject referrers. upgrade."),
    data<&d::subject_missing>("data.subject-missing",
                              "push.manifest.missing-subject referrers.missing-subject"),
    data<&d::data_field>("data.data-field", "image.data. image.descriptor.data-"),
    data<&d::nondistributable>("data.nondistributable", "image.layer.nondist-"),
    data<&d::custom_fields>("data.custom-fields",
                            "image.extensibility.unknown-property image.config.extra-fields"),
    data<&d::no_layers>("data.no-layers",
                        "image.manifest.layers-empty-accepted push.manifest.empty-blob-list"),
    data<&d::sha512>("data.sha512", "image.digest.sha512-"),
};

}  // namespace

std::span<const feature_switch> feature_switches() noexcept {
  return switches;
}

bool covers(const feature_switch& feature, std::string_view requirement) {
  const auto beginnings = split(feature.requirements, ' ');
  return std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view beginning) {
    return requirement.starts_with(beginning);
  });
}

std::optional<std::string> switched_off_by(const configuration& chosen,
                                           std::string_view requirement) {
  for (const feature_switch& one : switches) {
    const auto set = chosen.origins.find(one.setting);
    if (set == chosen.origins.end() || one.on(chosen)) continue;
    if (covers(one, requirement)) {
      return fmt::format("{} is off ({})", one.setting, set->second.where);
    }
  }
  return std::nullopt;
}

}  // namespace plimsoll
