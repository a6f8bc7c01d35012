#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "content.hpp"
#include "kept_bytes.hpp"

namespace plimsoll::load {

/// A blob in the registry.
struct stored_blob {
  std::string target;  ///< "/v2/<repository>/blobs/<digest>"
  std::string digest;
  std::uint64_t size = 0;
  std::optional<blob> ours;                ///< What it holds, where this run pushed it;
  std::shared_ptr<const kept_bytes> kept;  ///< or was seen before the clock started.
};

/// A manifest in the registry.
struct stored_manifest {
  std::string digest;
  std::string media_type;
  std::string text;
};

/// An image, or a single blob without a manifest.
struct stored_image {
  std::string repository;
  std::string tag;                       ///< Empty: none.
  std::optional<stored_manifest> index;  ///< What the tag refers to, where there is one.
  std::optional<stored_manifest> manifest;
  std::vector<stored_blob> parts;      ///< The config first, where there is a manifest.
  std::vector<std::string> referrers;  ///< Digests of manifests that have it as their subject.

  /// What the tag refers to.
  [[nodiscard]] const stored_manifest* top() const noexcept {
    if (index) return &*index;
    return manifest ? &*manifest : nullptr;
  }
};

/// The registry's content while the clock runs; only read then.
struct prepared_content {
  std::vector<std::vector<stored_image>> repositories;  ///< The images of each, oldest first.
};

}  // namespace plimsoll::load
