#include <algorithm>
#include <array>
#include <string>

#include <nlohmann/json.hpp>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

bool is_put(const call& at) {
  return at.where.kind == endpoint::manifest && at.asked.method == "PUT";
}

bool is_index(const call& at) {
  return oci::media_type::is_index(at.asked.header("Content-Type").value_or(""));
}

/// A registry that refuses the image manifests for which this holds.
template <bool (*is_refused)(const call&, const oci::image_manifest&)>
std::optional<response> refuse_images(call& at) {
  if (!is_put(at) || is_index(at)) return std::nullopt;
  const auto image = oci::parse_image_manifest(at.asked.body);
  if (!image || !is_refused(at, *image)) return std::nullopt;
  return failure(400, "MANIFEST_INVALID", "this registry does not take it");
}

/// The same of indexes.
template <bool (*is_refused)(const oci::image_index&)>
std::optional<response> refuse_indexes(call& at) {
  if (!is_put(at) || !is_index(at)) return std::nullopt;
  const auto index = oci::parse_image_index(at.asked.body);
  if (!index || !is_refused(*index)) return std::nullopt;
  return failure(400, "MANIFEST_INVALID", "this registry does not take it");
}

bool any_layer(const oci::image_manifest& image, bool (*holds)(const oci::descriptor&)) {
  return std::any_of(image.layers.begin(), image.layers.end(), holds);
}

bool is_nondistributable(const oci::descriptor& one) {
  return one.media_type.find(".nondistributable.") != std::string::npos;
}

bool is_zstd(const oci::descriptor& one) {
  return one.media_type == oci::media_type::layer_zstd;
}

bool is_known_config(std::string_view type) {
  return type == oci::media_type::image_config || type == oci::media_type::empty;
}

/// The config's bytes; empty where they are not there.
std::string config_of(const call& at, const oci::image_manifest& image) {
  const auto found = at.kept.blob(at.where.repository, image.config.digest);
  return found.bytes ? *found.bytes : std::string();
}

bool has_unknown_artifact_type(const call& /*at*/, const oci::image_manifest& image) {
  return !image.artifact_type.empty() && image.artifact_type != "application/vnd.plimsoll.test.v1";
}

bool has_unknown_config(const call& /*at*/, const oci::image_manifest& image) {
  return !is_known_config(image.config.media_type);
}

bool has_config_that_is_no_json(const call& at, const oci::image_manifest& image) {
  return !nlohmann::json::accept(config_of(at, image));
}

bool has_image_config(const call& /*at*/, const oci::image_manifest& image) {
  return image.config.media_type == oci::media_type::image_config;
}

bool has_no_layers(const call& /*at*/, const oci::image_manifest& image) {
  return image.layers.empty();
}

bool has_plain_tar(const call& /*at*/, const oci::image_manifest& image) {
  return any_layer(image,
                   [](const auto& one) { return one.media_type == oci::media_type::layer_tar; });
}

bool has_nondistributable(const call& /*at*/, const oci::image_manifest& image) {
  return any_layer(image, is_nondistributable);
}

bool has_nondistributable_elsewhere(const call& at, const oci::image_manifest& image) {
  return std::any_of(image.layers.begin(), image.layers.end(), [&](const auto& one) {
    return is_nondistributable(one) && !at.kept.blob(at.where.repository, one.digest);
  });
}

bool has_zstd(const call& /*at*/, const oci::image_manifest& image) {
  return any_layer(image, is_zstd);
}

bool has_unknown_layer(const call& /*at*/, const oci::image_manifest& image) {
  return any_layer(image, [](const auto& one) {
    return one.media_type.find("vnd.plimsoll.layer") != std::string::npos;
  });
}

bool is_all_empty(const call& /*at*/, const oci::image_manifest& image) {
  return image.config.media_type == oci::media_type::empty && image.layers.size() == 1 &&
         image.layers[0].media_type == oci::media_type::empty;
}

bool is_legacy(const call& at, const oci::image_manifest& image) {
  return has_image_config(at, image) && config_of(at, image) == oci::empty_content;
}

bool has_extended_config(const call& at, const oci::image_manifest& image) {
  return config_of(at, image).find("org.example.extra") != std::string::npos;
}

bool has_data(const call& /*at*/, const oci::image_manifest& image) {
  return image.config.data.has_value() ||
         any_layer(image, [](const auto& one) { return one.data.has_value(); });
}

bool has_mixed_digests(const call& /*at*/, const oci::image_manifest& image) {
  return std::any_of(image.layers.begin(), image.layers.end(), [&](const auto& one) {
    return one.digest.algorithm() != image.config.digest.algorithm();
  });
}

bool has_unregistered_digest(const call& /*at*/, const oci::image_manifest& image) {
  return image.subject && !image.subject->digest.is_registered();
}

bool has_odd_annotation(const call& /*at*/, const oci::image_manifest& image) {
  return std::any_of(image.annotations.begin(), image.annotations.end(), [](const auto& one) {
    return one.first.find(' ') != std::string::npos || one.first.size() > 255;
  });
}

bool has_unknown_member(const call& /*at*/, const oci::image_manifest& image) {
  return !image.unknown.empty();
}

/// As a parser has it that decides by the version how to read on.
bool has_late_version(const call& at, const oci::image_manifest& /*image*/) {
  return at.asked.body.find(R"("schemaVersion")") > at.asked.body.find(R"("layers")");
}

bool has_images(const oci::image_index& index) {
  return std::any_of(index.manifests.begin(), index.manifests.end(), [](const auto& one) {
    return one.media_type == oci::media_type::image_manifest;
  });
}

bool has_indexes(const oci::image_index& index) {
  return std::any_of(index.manifests.begin(), index.manifests.end(),
                     [](const auto& one) { return oci::media_type::is_index(one.media_type); });
}

bool has_unknown_child(const oci::image_index& index) {
  return std::any_of(index.manifests.begin(), index.manifests.end(), [](const auto& one) {
    return one.media_type.find("never-heard-of") != std::string::npos;
  });
}

/// A pulled image manifest becomes another one.
template <void (*change)(oci::image_manifest&)>
void change_pulled(call& at, response& to) {
  if (at.where.kind != endpoint::manifest || to.status != 200) return;
  if (to.find_header("Content-Type") != oci::media_type::image_manifest) return;
  auto image = oci::parse_image_manifest(to.payload());
  if (!image) return;
  change(*image);
  to.replace_body(oci::to_json(*image));
}

void add_data(oci::image_manifest& image) {
  if (image.config.digest == oci::digest_of(oci::empty_content)) {
    image.config.data = std::string(oci::empty_content);
  }
}

void drop_unknown(oci::image_manifest& image) {
  image.unknown.clear();
}

bool is_blob_read(const call& at) {
  return at.where.kind == endpoint::blob && at.is_read();
}

constexpr std::array table{
    rule{.name = "artifact-type-unknown-400",
         .requirement = "image.manifest.unknown-artifacttype.registry",
         .summary = "An artifactType that is not on a list is refused",
         .before = refuse_images<has_unknown_artifact_type>},
    rule{.name = "config-type-unknown-400",
         .requirement = "image.manifest.unknown-config-type.registry",
         .summary = "A config whose type is not on a list is refused",
         .before = refuse_images<has_unknown_config>},
    rule{.name = "config-parsed-as-json",
         .requirement = "image.manifest.unknown-config-not-parsed.registry",
         .summary = "A config that is no JSON is refused, whatever its type",
         .before = refuse_images<has_config_that_is_no_json>},
    rule{.name = "config-of-images-400",
         .requirement = "image.manifest.config-type-supported.registry",
         .summary = "An image's config is refused",
         .before = refuse_images<has_image_config>},
    rule{.name = "config-extra-members-400",
         .requirement = "image.config.extra-fields.registry",
         .summary = "A member of a config that is not known is refused",
         .before = refuse_images<has_extended_config>},
    rule{.name = "layers-none-400",
         .requirement = "image.manifest.layers-empty-accepted.registry",
         .summary = "A manifest without layers is refused",
         .before = refuse_images<has_no_layers>},
    rule{.name = "layers-uncompressed-400",
         .requirement = "image.manifest.layer-types-supported.registry",
         .summary = "A layer that is not compressed is refused",
         .before = refuse_images<has_plain_tar>},
    rule{.name = "layers-nondistributable-400",
         .requirement = "image.manifest.layer-types-supported.registry",
         .summary = "A layer that may not be distributed is refused",
         .before = refuse_images<has_nondistributable>},
    rule{.name = "layers-nondistributable-gone",
         .requirement = "image.layer.nondist-existing-zstd.registry",
         .summary = "Layers that may not be distributed are refused, since they are deprecated",
         .before = refuse_images<has_nondistributable>},
    rule{.name = "layers-elsewhere-400",
         .requirement = "image.layer.nondist-missing-blob.registry",
         .summary = "A layer that may not be distributed has to be in the repository",
         .before = refuse_images<has_nondistributable_elsewhere>},
    rule{.name = "layers-zstd-400",
         .requirement = "image.manifest.layer-zstd.registry",
         .summary = "A zstd layer is refused",
         .before = refuse_images<has_zstd>},
    rule{.name = "layers-of-unknown-type-400",
         .requirement = "image.manifest.unknown-layer-type.registry",
         .summary = "A layer of a type that is not known is refused",
         .before = refuse_images<has_unknown_layer>},
    rule{.name = "artifact-all-empty-400",
         .requirement = "image.empty.registry",
         .summary = "An artifact of an empty config and an empty layer is refused",
         .before = refuse_images<is_all_empty>},
    rule{.name = "artifact-legacy-400",
         .requirement = "image.artifact.legacy-accepted",
         .summary = "An image's config that is {} is refused",
         .before = refuse_images<is_legacy>},
    rule{.name = "index-of-images-400",
         .requirement = "image.index.manifest-type-supported.registry",
         .summary = "An index of images is refused",
         .before = refuse_indexes<has_images>},
    rule{.name = "index-of-indexes-400",
         .requirement = "image.index.nested.registry",
         .summary = "An index of indexes is refused",
         .before = refuse_indexes<has_indexes>},
    rule{.name = "index-of-unknown-type-400",
         .requirement = "image.index.unknown-child-type.registry",
         .summary = "An index with an entry of a type that is not known is refused",
         .before = refuse_indexes<has_unknown_child>},
    rule{.name = "data-400",
         .requirement = "image.descriptor.data-registry-accepts",
         .summary = "A descriptor with data is refused",
         .before = refuse_images<has_data>},
    rule{.name = "data-added",
         .requirement = "image.data.registry-not-populate",
         .summary = "An empty config comes with data that was not pushed",
         .after = change_pulled<add_data>},
    rule{.name = "digests-mixed-400",
         .requirement = "image.descriptor.independent",
         .summary = "A manifest with digests of different algorithms is refused",
         .before = refuse_images<has_mixed_digests>},
    rule{.name = "digest-algorithm-unknown-400",
         .requirement = "image.digest.unknown-algorithm.registry",
         .summary = "A subject whose digest is of an unregistered algorithm is refused",
         .before = refuse_images<has_unregistered_digest>},
    rule{.name = "digest-algorithm-folds-case",
         .requirement = "image.digest.case-folded.registry",
         .summary = "Capitals in a digest's algorithm are taken for small letters",
         .before = [](call& at) -> std::optional<response> {
           if (is_blob_read(at) && at.where.last.substr(0, 7) == "SHA256:") {
             at.where.last = to_lower(at.where.last);
           }
           return std::nullopt;
         }},
    rule{.name = "digest-without-algorithm",
         .requirement = "image.digest.case-folded.registry",
         .summary = "Digits without an algorithm are taken for a sha256 digest",
         .before = [](call& at) -> std::optional<response> {
           if (is_blob_read(at) && at.where.last.size() == 64) at.where.last.insert(0, "sha256:");
           return std::nullopt;
         }},
    rule{.name = "digest-digits-fold-case",
         .requirement = "image.digest.case-folded.registry",
         .summary = "Capitals in a digest's digits are taken for small letters",
         .before = [](call& at) -> std::optional<response> {
           if (is_blob_read(at)) at.where.last = to_lower(at.where.last);
           return std::nullopt;
         }},
    rule{.name = "digest-digits-cut",
         .requirement = "image.digest.sha256-no-uppercase.registry",
         .summary = "What follows the 64 digits of a digest is not looked at",
         .before = [](call& at) -> std::optional<response> {
           if (is_blob_read(at) && at.where.last.size() == 72) at.where.last.pop_back();
           return std::nullopt;
         }},
    rule{.name = "annotations-odd-400",
         .requirement = "image.annotations.unknown-key.registry",
         .summary = "Annotations whose keys are long or have spaces are refused",
         .before = refuse_images<has_odd_annotation>},
    rule{.name = "members-unknown-400",
         .requirement = "image.extensibility.unknown-property.registry",
         .summary = "A member of a manifest that is not known is refused",
         .before = refuse_images<has_unknown_member>},
    rule{.name = "members-unknown-dropped",
         .requirement = "image.extensibility.no-modify.registry",
         .summary = "Members of a manifest that are not known are left out when it is pulled",
         .after = change_pulled<drop_unknown>},
    rule{.name = "members-in-one-order",
         .requirement = "image.json.order",
         .summary = "A manifest whose schemaVersion does not come first is refused",
         .before = refuse_images<has_late_version>},
};

}  // namespace

std::span<const rule> image_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
