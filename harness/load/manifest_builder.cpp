#include "manifest_builder.hpp"

#include <algorithm>

#include "plimsoll/base/random.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "requests.hpp"

namespace plimsoll::load {
namespace {

oci::descriptor describe(std::string_view type, const std::string& digest, std::uint64_t size) {
  oci::descriptor out;
  out.media_type = type;
  out.digest = *oci::digest::parse(digest);
  out.size = size;
  return out;
}

stored_manifest stored(std::string_view type, std::string text) {
  return {oci::digest_of(text).str(), std::string(type), std::move(text)};
}

stored_blob text_blob(const std::string& repository, const std::string& text) {
  auto kept = std::make_shared<kept_bytes>();
  kept->append(text);
  kept->close();
  const std::string digest = oci::digest_of(text).str();
  return {blob_target(repository, digest), digest, text.size(), {}, std::move(kept)};
}

}  // namespace

std::string repository_name(std::string_view prefix, std::uint64_t index) {
  return std::string(prefix).append("/r").append(std::to_string(index));
}

std::string config_text(const planned_blob& config) {
  std::string text =
      R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},)"
      R"("config":{"Labels":{"plimsoll":")";
  constexpr std::string_view end = R"("}}})";
  constexpr std::size_t least = 16;
  const std::size_t fixed = text.size() + end.size();
  const std::size_t padding = config.bytes > fixed + least ? config.bytes - fixed : least;
  return text.append(seeded_bytes(config.id).hex(padding)).append(end);
}

stored_manifest make_manifest(content_source& content, const planned_image& image) {
  oci::image_manifest manifest;
  manifest.media_type = manifest_type;
  const std::string config = config_text(image.config);
  manifest.config = oci::describe(config_type, config);
  for (const planned_blob& layer : image.layers) {
    manifest.layers.push_back(
        describe(layer_type, content.digest(layer_of(layer)).str(), layer.bytes));
  }
  return stored(manifest_type, oci::to_json(manifest));
}

stored_manifest make_index(const stored_manifest& manifest) {
  oci::image_index index;
  index.media_type = index_type;
  oci::descriptor& entry = index.manifests.emplace_back(
      describe(manifest.media_type, manifest.digest, manifest.text.size()));
  entry.platform.emplace();
  entry.platform->architecture = "amd64";
  entry.platform->os = "linux";
  return stored(index_type, oci::to_json(index));
}

stored_manifest make_referrer(const stored_manifest& subject, std::uint64_t serial) {
  oci::image_manifest manifest;
  manifest.media_type = manifest_type;
  manifest.artifact_type = "application/vnd.plimsoll.load";
  manifest.config = oci::empty_descriptor();
  manifest.layers.push_back(oci::empty_descriptor());
  manifest.subject = describe(subject.media_type, subject.digest, subject.text.size());
  manifest.annotations["plimsoll.serial"] = std::to_string(serial);
  return stored(manifest_type, oci::to_json(manifest));
}

stored_manifest make_padded_manifest(std::uint64_t bytes, std::uint64_t serial) {
  oci::image_manifest manifest;
  manifest.media_type = manifest_type;
  manifest.artifact_type = "application/vnd.plimsoll.load";
  manifest.config = oci::empty_descriptor();
  manifest.layers.push_back(oci::empty_descriptor());
  manifest.annotations["plimsoll.serial"] = std::to_string(serial);
  std::string& padding = manifest.annotations["plimsoll.padding"];
  const std::size_t least = oci::to_json(manifest).size();
  if (bytes > least) padding.assign(std::min(bytes, largest_manifest_bytes) - least, '.');
  return stored(manifest_type, oci::to_json(manifest));
}

stored_manifest make_variant(const stored_manifest& original, std::uint64_t serial) {
  auto variant = oci::parse_image_manifest(original.text);
  if (!variant) return original;
  variant->annotations["plimsoll.serial"] = std::to_string(serial);
  return stored(original.media_type, oci::to_json(*variant));
}

stored_image make_image(content_source& content, const planned_image& plan, bool with_index,
                        const std::string& repository, std::string tag) {
  stored_image out;
  out.repository = repository;
  out.tag = std::move(tag);
  out.manifest = make_manifest(content, plan);
  if (with_index) out.index = make_index(*out.manifest);
  out.parts.push_back(text_blob(repository, config_text(plan.config)));
  for (const planned_blob& layer : plan.layers) {
    const std::string digest = content.digest(layer_of(layer)).str();
    out.parts.push_back(
        {blob_target(repository, digest), digest, layer.bytes, layer_of(layer), {}});
  }
  return out;
}

}  // namespace plimsoll::load
