#pragma once

#include <string>

#include "plimsoll/http/message.hpp"

namespace plimsoll::http {

/// The ETag of a response as If-Match takes it; empty where there is none, or a weak one, which
/// matches nothing there (RFC 9110, 13.1.1).
[[nodiscard]] std::string strong_etag(const response& from);

}  // namespace plimsoll::http
