#pragma once

#include <boost/asio/awaitable.hpp>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"

namespace plimsoll::suite {

/// A push that had to be refused was: no 2XX says that it is stored. 5XX refuses too, and warns by
/// push.refused-not-failed, which the scenario judges beside `rule`. 202 opens a session.
void expect_refusal(context& ctx, const http::exchange& answer, requirement_id rule);

/// The answer to a blob that does not have the digest with which it came: a refusal, and neither
/// GET nor HEAD finds anything under that digest then.
/// Judges push.blob.digest-mismatch-rejected and push.refused-not-failed.
boost::asio::awaitable<void> expect_not_stored(context& ctx, http::exchange answer,
                                               oci::digest digest);

}  // namespace plimsoll::suite
