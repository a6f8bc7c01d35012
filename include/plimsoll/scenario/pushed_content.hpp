#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/http/message.hpp"

namespace plimsoll {

/// Something that a registry has acknowledged to hold, and that a run removes again.
struct pushed_content {
  enum class kind : std::uint8_t { tag, manifest, blob };

  kind what = kind::blob;
  std::string repository;
  std::string reference;  ///< The tag, or the digest.
  bool is_own = false;    ///< No other scenario pushes such content; see `own_content`.

  friend bool operator==(const pushed_content&, const pushed_content&) = default;
};

/// What the answer to this request acknowledges: nothing, a blob, or a manifest with its tag.
///
/// @param asked the request as it was sent
/// @param repository where a blob went whose Location does not tell
[[nodiscard]] std::vector<pushed_content> acknowledged(const http::request& asked,
                                                       const http::exchange& answer,
                                                       std::string_view repository);

/// What a GET or HEAD asks for, a tag as a tag; nothing for other requests.
///
/// @param asked with a path, or with an absolute URL
[[nodiscard]] std::optional<pushed_content> content_read_by(const http::request& asked);

}  // namespace plimsoll
