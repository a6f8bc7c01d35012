#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/oci/digest.hpp"

namespace plimsoll::oci {

using annotations = std::map<std::string, std::string>;

/// Image-spec 1.1.1, "Image Index", `platform`.
struct platform {
  std::string architecture;
  std::string os;
  std::string os_version;
  std::vector<std::string> os_features;
  std::string variant;
  friend bool operator==(const platform&, const platform&) = default;
};

/// Image-spec 1.1.1, "OCI Content Descriptors". Members that are empty are left out
/// of the JSON; `unknown` keeps members that the spec does not name, as a JSON object's text.
struct descriptor {
  std::string media_type;
  oci::digest digest;
  std::uint64_t size = 0;  ///< Bytes of the raw content.
  std::vector<std::string> urls;
  oci::annotations annotations;
  std::optional<std::string> data;  ///< The embedded content itself, not its base64.
  std::string artifact_type;
  std::optional<oci::platform> platform;
  std::string unknown;  ///< `{"name": value, ...}`, or empty.
  friend bool operator==(const descriptor&, const descriptor&) = default;
};

/// The descriptor of `content`, sha256.
[[nodiscard]] descriptor describe(std::string_view media_type, std::string_view content);
[[nodiscard]] descriptor describe(hash_algorithm algorithm, std::string_view media_type,
                                  std::string_view content);

/// Image-spec 1.1.1, "Guidance for an Empty Descriptor": `{}`, 2 bytes. Without `data`.
[[nodiscard]] descriptor empty_descriptor();
inline constexpr std::string_view empty_content = "{}";

/// Image-spec 1.1.1, "Image Manifest".
struct image_manifest {
  std::string media_type;  ///< Empty: left out.
  std::string artifact_type;
  descriptor config;
  std::vector<descriptor> layers;
  std::optional<descriptor> subject;
  oci::annotations annotations;
  std::string unknown;
};

/// Image-spec 1.1.1, "Image Index".
struct image_index {
  std::string media_type;
  std::string artifact_type;
  std::vector<descriptor> manifests;
  std::optional<descriptor> subject;
  oci::annotations annotations;
  std::string unknown;
};

/// The JSON to push, without insignificant space; members in the spec's order, unknown
/// ones last and sorted. Invalid UTF-8 becomes U+FFFD.
[[nodiscard]] std::string to_json(const image_manifest& manifest);
[[nodiscard]] std::string to_json(const image_index& index);
[[nodiscard]] std::string to_json(const descriptor& one);

/// Reads foreign JSON: bounded depth, no exception, wrong types named with their place
/// ("layers[2].size: expected an unsigned number, found a string").
[[nodiscard]] result<image_manifest> parse_image_manifest(std::string_view json);
[[nodiscard]] result<image_index> parse_image_index(std::string_view json);
[[nodiscard]] result<descriptor> parse_descriptor(std::string_view json);

/// What a registry has to know of a manifest, whichever kind it is.
struct manifest_summary {
  std::string media_type;  ///< As the document says; empty where it does not.
  std::string artifact_type;
  std::string config_media_type;  ///< Empty for an index.
  std::optional<descriptor> subject;
  oci::annotations annotations;
  std::vector<descriptor> references;  ///< config and layers, or manifests; not the subject.
  bool is_index = false;
};

/// @param content_type decides the kind where the document has no mediaType of its own
[[nodiscard]] result<manifest_summary> summarize(std::string_view json,
                                                 std::string_view content_type);

/// RFC 4648 base64 with padding, as `data` fields use it.
[[nodiscard]] std::string base64_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace plimsoll::oci
