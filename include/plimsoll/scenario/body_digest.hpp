#pragma once

#include "plimsoll/http/message.hpp"
#include "plimsoll/oci/digest.hpp"

namespace plimsoll::api {

/// The sha256 of a body that is made while it is sent.
[[nodiscard]] oci::digest digest_of(const http::body_source& content);

}  // namespace plimsoll::api
