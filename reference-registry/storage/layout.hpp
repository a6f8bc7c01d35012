#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "plimsoll/base/error.hpp"
#include "plimsoll/oci/digest.hpp"

namespace plimsoll::reference {

/// What a repository lists in the index.json of its image layout (image-spec 1.1.1, "Image
/// Layout"): each manifest, and the tags as `org.opencontainers.image.ref.name`.
struct layout_index {
  struct entry {
    std::string media_type;
    std::uint64_t size = 0;
    std::string subject;       ///< Not in index.json, but in the manifest itself.
    bool is_blob_too = false;  ///< The same bytes were pushed as a blob.
    /// Another tool wrote it down: what it lists may be manifests that index.json does not name.
    bool is_of_others = false;
  };
  std::map<oci::digest, entry> manifests;
  std::map<std::string, oci::digest, std::less<>> tags;
};

[[nodiscard]] std::string to_json(const layout_index& index);
/// Annotations that are no tags, and descriptors without a registered digest, are left out.
[[nodiscard]] result<layout_index> parse_layout_index(std::string_view json);

inline constexpr std::string_view oci_layout_content = R"({"imageLayoutVersion":"1.0.0"})";

/// The folder of a repository below the store's: its components, but for those which a layout
/// uses itself (`blobs`, `index.json`, `oci-layout`), which get a `_` that no name may end in.
[[nodiscard]] std::string folder_of(std::string_view repository);
/// The component of a name that such a folder stands for.
[[nodiscard]] std::string component_of(std::string_view folder);

/// `/blobs/<algorithm>/<encoded>`.
[[nodiscard]] std::string path_of_blob(const oci::digest& digest);

}  // namespace plimsoll::reference
