#include "storage/layout.hpp"

#include <algorithm>
#include <array>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"

namespace plimsoll::reference {
namespace {

constexpr const char* tag_annotation = "org.opencontainers.image.ref.name";
constexpr const char* blob_annotation = "plimsoll.is-blob-too";
constexpr const char* known_annotation = "plimsoll.lists-its-manifests";

bool is_taken(std::string_view component) {
  constexpr std::array<std::string_view, 3> names{"blobs", "index.json", "oci-layout"};
  return std::find(names.begin(), names.end(), component) != names.end();
}

oci::descriptor descriptor_of(const oci::digest& digest, const layout_index::entry& one) {
  oci::descriptor made;
  made.media_type = one.media_type;
  made.digest = digest;
  made.size = one.size;
  if (one.is_blob_too) made.annotations[blob_annotation] = "true";
  if (oci::media_type::is_index(one.media_type)) made.annotations[known_annotation] = "true";
  return made;
}

}  // namespace

std::string to_json(const layout_index& index) {
  oci::image_index made;
  made.media_type = oci::media_type::image_index;
  std::map<oci::digest, bool> is_tagged;
  for (const auto& [tag, digest] : index.tags) {
    auto one = descriptor_of(digest, index.manifests.at(digest));
    one.annotations[tag_annotation] = tag;
    made.manifests.push_back(std::move(one));
    is_tagged[digest] = true;
  }
  for (const auto& [digest, one] : index.manifests) {
    if (!is_tagged[digest]) made.manifests.push_back(descriptor_of(digest, one));
  }
  return oci::to_json(made);
}

result<layout_index> parse_layout_index(std::string_view json) {
  const auto parsed = oci::parse_image_index(json);
  if (!parsed) return parsed.error();
  layout_index made;
  for (const auto& one : parsed->manifests) {
    if (!one.digest.is_registered()) continue;
    layout_index::entry entry;
    entry.media_type = one.media_type;
    entry.size = one.size;
    entry.is_blob_too = one.annotations.contains(blob_annotation);
    entry.is_of_others = !one.annotations.contains(known_annotation);
    made.manifests[one.digest] = std::move(entry);
    const auto tag = one.annotations.find(tag_annotation);
    if (tag != one.annotations.end() && oci::is_tag(tag->second)) {
      made.tags[tag->second] = one.digest;
    }
  }
  return made;
}

std::string folder_of(std::string_view repository) {
  std::string made;
  for (const auto component : split(repository, '/')) {
    made.append(1, '/').append(component);
    if (is_taken(component)) made += '_';
  }
  return made;
}

std::string component_of(std::string_view folder) {
  if (!folder.empty() && folder.back() == '_') folder.remove_suffix(1);
  return std::string(folder);
}

std::string path_of_blob(const oci::digest& digest) {
  std::string made = "/blobs/";
  return made.append(digest.algorithm()).append(1, '/').append(digest.encoded());
}

}  // namespace plimsoll::reference
