#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "content.hpp"
#include "plimsoll/load_values/sampler.hpp"
#include "prepared_content.hpp"

/// Builds the documents of planned images.
namespace plimsoll::load {

/// The name of a repository of the run: "<prefix>/r12".
[[nodiscard]] std::string repository_name(std::string_view prefix, std::uint64_t index);

[[nodiscard]] inline blob layer_of(const planned_blob& plan) noexcept {
  return {plan.bytes, plan.id};
}

/// An image-spec configuration of that size, or of the least that such a document has; the same
/// id gives the same text.
[[nodiscard]] std::string config_text(const planned_blob& config);

/// A manifest of the config and the layers.
[[nodiscard]] stored_manifest make_manifest(content_source& content, const planned_image& image);
/// An index of one platform with that manifest.
[[nodiscard]] stored_manifest make_index(const stored_manifest& manifest);
/// A manifest without content that has `subject` as its subject; `serial` makes it another one.
[[nodiscard]] stored_manifest make_referrer(const stored_manifest& subject, std::uint64_t serial);
/// What the spec asks a registry to take of a manifest; a log may say more.
inline constexpr std::uint64_t largest_manifest_bytes = std::uint64_t{4} << 20u;
/// A manifest of so many bytes that refers to the empty config alone; of more where that takes
/// more, and of `largest_manifest_bytes` at the most.
[[nodiscard]] stored_manifest make_padded_manifest(std::uint64_t bytes, std::uint64_t serial);
/// A new manifest of the same config and layers.
[[nodiscard]] stored_manifest make_variant(const stored_manifest& original, std::uint64_t serial);

/// The descriptors and documents of an image that this run pushed to `repository`.
[[nodiscard]] stored_image make_image(content_source& content, const planned_image& plan,
                                      bool with_index, const std::string& repository,
                                      std::string tag);

}  // namespace plimsoll::load
