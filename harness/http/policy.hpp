#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/http/client.hpp"
#include "plimsoll/http/message.hpp"
#include "plimsoll/http/rate_limit.hpp"

namespace plimsoll::http {

/// RFC 9110, 9.2.2.
[[nodiscard]] bool is_idempotent(std::string_view method) noexcept;

/// Whether an answer to a repeated request may only say that it was done the first time: what was
/// deleted and the session of a closed upload are gone, a tag is taken, a chunk is there already.
[[nodiscard]] bool may_be_of_the_first(std::string_view method, int status) noexcept;

[[nodiscard]] bool is_redirect(int status) noexcept;

/// The method that follows a redirect of `status` (RFC 9110, 15.4): GET behind a 303; else the
/// same one.
[[nodiscard]] std::string method_after(int status, const std::string& method);

/// Whether clients follow the redirect with another request than the one that was redirected:
/// behind 301 and 302 most send GET in place of anything that writes (RFC 9110, 15.4.2).
[[nodiscard]] bool loses_the_method(int status, std::string_view method) noexcept;

/// Whether a request that may have been done may be sent once more: one that is idempotent, or the
/// POST of an upload, which opens another session or stores the same content.
[[nodiscard]] bool is_repeatable(std::string_view method, std::string_view target) noexcept;

/// What an answer says of the host rather than of the request: 429, 502, 503 and 504; nothing for
/// any other.
/// @param now what a date in Retry-After is compared with
[[nodiscard]] std::optional<setback> setback_of(const response& answer,
                                                std::chrono::system_clock::time_point now);

/// Requests that a registry treats alike: the method and the end-point.
[[nodiscard]] std::string kind_of_request(std::string_view method, std::string_view target);

}  // namespace plimsoll::http
