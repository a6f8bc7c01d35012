#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/http/message.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"

namespace plimsoll::suite {

/// Docker-Content-Digest of the answer, or of the last redirect on the way to it that has one:
/// a registry may lead to a storage that knows nothing of digests.
[[nodiscard]] std::optional<std::string_view> told_digest(const http::exchange& seen);

/// The answer, or a redirect to it, tells a digest.
void expect_a_digest(context& ctx, const http::exchange& seen, requirement_id rule);

/// Where a digest is told, it is one of `content`, by whichever algorithm. One of an algorithm
/// that cannot be computed here is let pass.
void expect_digest_of(context& ctx, const http::exchange& seen, requirement_id rule,
                      std::string_view content);

/// Whether the answer is a list of referrers that lacks this one: a list may lag behind the push.
[[nodiscard]] bool lacks_referrer(const http::exchange& seen, const oci::digest& digest);

/// Whether Content-Type is this one: its parameters are looked past, as a client does, and the
/// case of a media type does not matter (RFC 9110, 8.3.1).
[[nodiscard]] bool has_type(const http::exchange& seen, std::string_view wanted);

/// What Content-Type tells, for a finding.
[[nodiscard]] std::string told_type(const http::exchange& seen);

}  // namespace plimsoll::suite
