#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/reference_registry/registry.hpp"
#include "service/service.hpp"

namespace plimsoll::reference {

/// One thing that a registry does otherwise than this one by itself: a fault breaks the one
/// requirement that it names, a variant makes a choice that the spec leaves open.
///
/// It stands around the service and is small: what it does not touch stays as it is.
struct rule {
  std::string_view name = {};             ///< `topic-what-it-does`; stable for ever.
  std::string_view requirement = {};      ///< The catalogue's id; empty for a variant.
  std::string_view summary = {};          ///< What the registry does, in the present tense.
  void (*configure)(options&) = nullptr;  ///< Once, before the registry starts.
  /// Before the service: may change the request and its route. A response that it returns is
  /// sent instead of the service's.
  std::optional<response> (*before)(call&) = nullptr;
  /// Behind the service, also where `before` or the head alone decided: may change the response.
  void (*after)(call&, response&) = nullptr;
  /// Where the connection ended before the body did: what came of it is in the request.
  void (*broke_off)(call&) = nullptr;
  /// Shows where clients used a registry without the referrers API before, and it was switched
  /// on over what they left.
  bool is_upgraded = false;
};

/// Whether a rule that refuses now and then refuses this request: every n-th, and none that it
/// has refused before, so that a client that tries again gets through.
[[nodiscard]] bool is_refused_once(call& at, std::uint64_t n);

/// The tables, a file a topic. `rules.cpp` lists them.
[[nodiscard]] std::span<const rule> blob_pull_faults() noexcept;
[[nodiscard]] std::span<const rule> blob_push_faults() noexcept;
[[nodiscard]] std::span<const rule> single_post_faults() noexcept;
[[nodiscard]] std::span<const rule> digest_faults() noexcept;
[[nodiscard]] std::span<const rule> unverified_faults() noexcept;
[[nodiscard]] std::span<const rule> claim_faults() noexcept;
[[nodiscard]] std::span<const rule> lenient_faults() noexcept;
[[nodiscard]] std::span<const rule> chunk_faults() noexcept;
[[nodiscard]] std::span<const rule> session_faults() noexcept;
[[nodiscard]] std::span<const rule> mount_faults() noexcept;
[[nodiscard]] std::span<const rule> location_faults() noexcept;
[[nodiscard]] std::span<const rule> manifest_pull_faults() noexcept;
[[nodiscard]] std::span<const rule> name_faults() noexcept;
[[nodiscard]] std::span<const rule> manifest_push_faults() noexcept;
[[nodiscard]] std::span<const rule> subject_faults() noexcept;
[[nodiscard]] std::span<const rule> tag_parameter_faults() noexcept;
[[nodiscard]] std::span<const rule> image_faults() noexcept;
[[nodiscard]] std::span<const rule> error_faults() noexcept;
[[nodiscard]] std::span<const rule> http_faults() noexcept;
[[nodiscard]] std::span<const rule> warning_faults() noexcept;
[[nodiscard]] std::span<const rule> tag_list_faults() noexcept;
[[nodiscard]] std::span<const rule> referrer_faults() noexcept;
[[nodiscard]] std::span<const rule> referrer_filter_faults() noexcept;
[[nodiscard]] std::span<const rule> tag_deletion_faults() noexcept;
[[nodiscard]] std::span<const rule> manifest_deletion_faults() noexcept;
[[nodiscard]] std::span<const rule> blob_deletion_faults() noexcept;
[[nodiscard]] std::span<const rule> upgrade_faults() noexcept;
[[nodiscard]] std::span<const rule> extension_faults() noexcept;
[[nodiscard]] std::span<const rule> coding_faults() noexcept;
[[nodiscard]] std::span<const rule> availability_faults() noexcept;
[[nodiscard]] std::span<const rule> lag_faults() noexcept;
[[nodiscard]] std::span<const rule> basic_variants() noexcept;
[[nodiscard]] std::span<const rule> coding_variants() noexcept;
[[nodiscard]] std::span<const rule> availability_variants() noexcept;
[[nodiscard]] std::span<const rule> tag_list_variants() noexcept;
[[nodiscard]] std::span<const rule> push_variants() noexcept;
[[nodiscard]] std::span<const rule> location_variants() noexcept;
[[nodiscard]] std::span<const rule> referrer_variants() noexcept;
[[nodiscard]] std::span<const rule> content_variants() noexcept;
[[nodiscard]] std::span<const rule> deletion_variants() noexcept;
[[nodiscard]] std::span<const rule> extension_variants() noexcept;
[[nodiscard]] std::span<const rule> policy_variants() noexcept;
[[nodiscard]] std::span<const rule> lag_variants() noexcept;

/// Null where there is no such fault or variant.
[[nodiscard]] const rule* find_fault(std::string_view name);
[[nodiscard]] const rule* find_variant(std::string_view name);

}  // namespace plimsoll::reference
