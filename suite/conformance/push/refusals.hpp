#pragma once

#include <vector>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"

namespace plimsoll::suite {

/// A push that had to be refused was: no 2XX says that it is stored. 5XX refuses too, and warns by
/// push.refused-not-failed, which the scenario judges beside `rule`. 202 opens a session.
void expect_refusal(context& ctx, const http::exchange& answer, requirement_id rule);

/// The answers to blobs that do not have the digests with which they came: refusals, and neither
/// GET nor HEAD finds anything under those digests then. Judges push.blob.digest-mismatch-rejected
/// and push.refused-not-failed.
boost::asio::awaitable<void> expect_not_stored(context& ctx, std::vector<http::exchange> answers,
                                               std::vector<oci::digest> digests);

/// The same of one.
boost::asio::awaitable<void> expect_not_stored(context& ctx, http::exchange answer,
                                               oci::digest digest);

}  // namespace plimsoll::suite
