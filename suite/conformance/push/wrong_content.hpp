#pragma once

#include <boost/asio/awaitable.hpp>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"

/// Pushes of blobs that do not have the digest with which they come, in each way in which a blob
/// can be pushed: all other bytes, the last byte changed, the end missing, a byte too many,
/// nothing. Each is refused, and nothing is found under that digest. All judge
/// push.blob.digest-mismatch-rejected, push.refused-not-failed and errors.code.digest-invalid.
namespace plimsoll::suite {

/// By a POST and a PUT that brings all bytes; also judges table.end-6.failure-400.
boost::asio::awaitable<void> expect_wrong_puts(context& ctx, oci::hash_algorithm algorithm);

/// By chunks, the last of them in a PATCH or in the PUT; also judges table.end-6.failure-400.
boost::asio::awaitable<void> expect_wrong_chunks(context& ctx, oci::hash_algorithm algorithm);

/// By a single POST, where the registry takes those; also judges table.end-4b.failure-400.
/// @throws unsupported where it opens a session instead
boost::asio::awaitable<void> expect_wrong_posts(context& ctx, oci::hash_algorithm algorithm);

}  // namespace plimsoll::suite
