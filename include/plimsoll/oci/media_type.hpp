#pragma once

#include <string_view>

/// The media types of image-spec 1.1.1, "OCI Image Media Types", and Docker's of
/// the same role.
namespace plimsoll::oci::media_type {

inline constexpr std::string_view image_manifest = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view image_index = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view image_config = "application/vnd.oci.image.config.v1+json";
inline constexpr std::string_view empty = "application/vnd.oci.empty.v1+json";
inline constexpr std::string_view layer_tar = "application/vnd.oci.image.layer.v1.tar";
inline constexpr std::string_view layer_gzip = "application/vnd.oci.image.layer.v1.tar+gzip";
inline constexpr std::string_view layer_zstd = "application/vnd.oci.image.layer.v1.tar+zstd";
inline constexpr std::string_view layer_nondistributable_tar =
    "application/vnd.oci.image.layer.nondistributable.v1.tar";
inline constexpr std::string_view layer_nondistributable_gzip =
    "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
inline constexpr std::string_view layer_nondistributable_zstd =
    "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd";
inline constexpr std::string_view docker_manifest =
    "application/vnd.docker.distribution.manifest.v2+json";
inline constexpr std::string_view docker_manifest_list =
    "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view octet_stream = "application/octet-stream";
inline constexpr std::string_view json = "application/json";

/// `type/subtype` without parameters and surrounding spaces, as it stands.
[[nodiscard]] std::string_view without_parameters(std::string_view content_type) noexcept;

/// Whether the text is a media type as RFC 6838, 4.2 restricts names.
[[nodiscard]] bool is_valid(std::string_view text) noexcept;

/// Image indexes and Docker's manifest lists.
[[nodiscard]] bool is_index(std::string_view type) noexcept;

}  // namespace plimsoll::oci::media_type
