#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/http/client.hpp"
#include "plimsoll/http/message.hpp"

namespace plimsoll::http {

/// RFC 9110, 9.2.2.
[[nodiscard]] bool is_idempotent(std::string_view method) noexcept;

/// Whether an answer to a repeated request may only say that it was done the first time, which is
/// then gone: what was deleted, or the session of an upload that was closed.
[[nodiscard]] bool may_be_of_the_first(std::string_view method, int status) noexcept;

[[nodiscard]] bool is_redirect(int status) noexcept;

/// The method that follows a redirect of `status` (RFC 9110, 15.4): GET behind a 303, and
/// behind a 301 or 302 to a POST; else the same one.
[[nodiscard]] std::string method_after(int status, const std::string& method);

/// How long to wait before the `made`-th retry (from 0) of a request that was answered by
/// `answer`; nothing where the answer stands.
/// @param now what a date in Retry-After is compared with
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_delay(
    const response& answer, std::string_view method, unsigned made, const client_options& options,
    std::chrono::system_clock::time_point now);

}  // namespace plimsoll::http
