#pragma once

#include <string>
#include <string_view>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/message.hpp"
#include "plimsoll/oci/digest.hpp"

namespace plimsoll::artifacts {

/// What came in place of what was needed: request, status, and the codes of the error document.
[[nodiscard]] error unexpected(const http::exchange& answer, std::string_view expected);

/// The body, where it has that digest.
[[nodiscard]] result<std::string> body_with(const http::exchange& answer,
                                            const oci::digest& digest);

/// Like `digest_of`, by the algorithm of another digest.
[[nodiscard]] result<oci::digest> digest_like(const oci::digest& other, std::string_view bytes);

}  // namespace plimsoll::artifacts
