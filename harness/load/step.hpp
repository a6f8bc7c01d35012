#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace plimsoll::load {

/// One request of an operation, including its redirects and its retry with a new token. Each kind
/// has a histogram of its own.
enum class step : std::uint8_t {
  token,
  head_blob,
  get_blob,
  get_blob_range,
  start_upload,
  push_chunk,
  finish_upload,
  push_blob_at_once,
  mount_blob,
  head_manifest,
  get_index,
  get_manifest,
  get_config,
  get_layer,
  push_manifest,
  list_tags,
  list_referrers,
  list_repositories,
  delete_manifest,
  delete_tag,
  delete_blob
};

inline constexpr std::size_t step_kinds = 21;

/// The name in results, for example "get-blob".
[[nodiscard]] std::string_view to_string(step kind) noexcept;

}  // namespace plimsoll::load
