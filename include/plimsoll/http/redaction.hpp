#pragma once

#include <string>
#include <string_view>

#include "plimsoll/http/message.hpp"

namespace plimsoll::http {

/// What stands in place of a secret.
inline constexpr std::string_view redacted = "[redacted]";

/// The fields with secrets taken out: Authorization, Proxy-Authorization, Cookie, Set-Cookie,
/// X-*-Auth, X-*-Token, X-*-Key and their like; URLs in Location and Link as `redact_url` has it.
[[nodiscard]] header_fields redact(const header_fields& fields);

/// The URL without userinfo, and with the values of query parameters that authorize
/// (signatures, tokens, credentials, keys of signed URLs) taken out.
[[nodiscard]] std::string redact_url(std::string_view url);

/// A body as a transcript may keep it: secrets in JSON (`token`, `access_token`, `refresh_token`,
/// `password`, ...) and form fields taken out, cut to `limit` bytes; empty for what is not text.
[[nodiscard]] std::string redact_body(std::string_view body, std::string_view content_type,
                                      std::size_t limit);

}  // namespace plimsoll::http
