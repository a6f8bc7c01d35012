#pragma once

#include <span>

#include "plimsoll/scenario/scenario.hpp"

/// The scenarios of each topic, in the spec's order: a file a topic, named after the heading.
namespace plimsoll::suite {

[[nodiscard]] std::span<const scenario> determining_support() noexcept;
[[nodiscard]] std::span<const scenario> pulling_blobs() noexcept;
[[nodiscard]] std::span<const scenario> blob_ranges() noexcept;
[[nodiscard]] std::span<const scenario> pulling_manifests() noexcept;
[[nodiscard]] std::span<const scenario> content_negotiation() noexcept;
[[nodiscard]] std::span<const scenario> content_codings() noexcept;
[[nodiscard]] std::span<const scenario> absent_content() noexcept;
[[nodiscard]] std::span<const scenario> pulling_given_content() noexcept;
[[nodiscard]] std::span<const scenario> blobs_monolithically() noexcept;
[[nodiscard]] std::span<const scenario> blobs_in_single_post() noexcept;
[[nodiscard]] std::span<const scenario> blobs_of_all_sizes() noexcept;
[[nodiscard]] std::span<const scenario> blobs_at_once() noexcept;
[[nodiscard]] std::span<const scenario> refused_blobs() noexcept;
[[nodiscard]] std::span<const scenario> malformed_digests() noexcept;
[[nodiscard]] std::span<const scenario> blobs_in_chunks() noexcept;
[[nodiscard]] std::span<const scenario> chunks_out_of_order() noexcept;
[[nodiscard]] std::span<const scenario> upload_status() noexcept;
[[nodiscard]] std::span<const scenario> ended_uploads() noexcept;
[[nodiscard]] std::span<const scenario> blobs_by_algorithm() noexcept;
[[nodiscard]] std::span<const scenario> mounting_blobs() noexcept;
[[nodiscard]] std::span<const scenario> unusable_repositories() noexcept;
[[nodiscard]] std::span<const scenario> repository_names() noexcept;
[[nodiscard]] std::span<const scenario> pushing_tags() noexcept;
[[nodiscard]] std::span<const scenario> pushing_manifests() noexcept;
[[nodiscard]] std::span<const scenario> refused_manifests() noexcept;
[[nodiscard]] std::span<const scenario> manifest_sizes() noexcept;
[[nodiscard]] std::span<const scenario> tag_parameters() noexcept;
[[nodiscard]] std::span<const scenario> manifests_with_subject() noexcept;
[[nodiscard]] std::span<const scenario> artifacts() noexcept;
[[nodiscard]] std::span<const scenario> layers() noexcept;
[[nodiscard]] std::span<const scenario> indexes() noexcept;
[[nodiscard]] std::span<const scenario> descriptors() noexcept;
[[nodiscard]] std::span<const scenario> extensibility() noexcept;
[[nodiscard]] std::span<const scenario> listing_tags() noexcept;
[[nodiscard]] std::span<const scenario> paging_tags() noexcept;
[[nodiscard]] std::span<const scenario> listing_referrers() noexcept;
[[nodiscard]] std::span<const scenario> listing_given_content() noexcept;
[[nodiscard]] std::span<const scenario> describing_referrers() noexcept;
[[nodiscard]] std::span<const scenario> selecting_referrers() noexcept;
[[nodiscard]] std::span<const scenario> referrers_tag() noexcept;
[[nodiscard]] std::span<const scenario> deleting_tags() noexcept;
[[nodiscard]] std::span<const scenario> deleting_manifests() noexcept;
[[nodiscard]] std::span<const scenario> deleting_blobs() noexcept;
[[nodiscard]] std::span<const scenario> discovering_extensions() noexcept;
[[nodiscard]] std::span<const scenario> listing_repositories() noexcept;
[[nodiscard]] std::span<const scenario> http_semantics() noexcept;
[[nodiscard]] std::span<const scenario> unknown_blobs() noexcept;

/// Rules for every answer of the run.
[[nodiscard]] std::span<const observer> error_documents() noexcept;
[[nodiscard]] std::span<const observer> http_rules() noexcept;
[[nodiscard]] std::span<const observer> coding_rules() noexcept;
[[nodiscard]] std::span<const observer> warnings() noexcept;
[[nodiscard]] std::span<const observer> acknowledged_content() noexcept;

}  // namespace plimsoll::suite
