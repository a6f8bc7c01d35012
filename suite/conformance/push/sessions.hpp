#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"

/// Upload sessions that the scenarios about pushing blobs stand on. Each of these blocks the
/// scenario where the registry does not do it.
namespace plimsoll::suite {

/// An upload session, as its client knows it.
struct upload {
  std::string location;           ///< Where the next request goes.
  std::uint64_t chunk_bytes = 0;  ///< No chunk but the last may be shorter.
};

/// A session is open.
[[nodiscard]] boost::asio::awaitable<upload> given_upload(context& ctx);

/// The session is given a chunk that starts at `offset`, and has taken it.
[[nodiscard]] boost::asio::awaitable<void> given_chunk(context& ctx, upload& session,
                                                       std::uint64_t offset, std::string chunk);

/// A blob with these bytes is in the repository.
[[nodiscard]] boost::asio::awaitable<oci::digest> given_blob_in(context& ctx,
                                                                std::string repository,
                                                                std::string content);

/// The session of an answer with Location.
/// @throws blocked by `by` where there is no usable one
[[nodiscard]] std::string session_of(const http::exchange& answer, requirement_id by);

/// What OCI-Chunk-Min-Length of the answer asks for, 256 bytes where it asks for less.
/// @throws not_judged where it is more than these scenarios send
[[nodiscard]] std::uint64_t chunk_bytes_of(const http::exchange& opened);

/// The answer says in Range that the session has all bytes up to `last`: `form` has the header,
/// `value` what stands in it.
void expect_received(context& ctx, const http::exchange& answer, requirement_id form,
                     requirement_id value, std::uint64_t last);

/// Whether the answer refuses what was asked for, and the registry did not fail.
[[nodiscard]] bool is_refused(const http::exchange& answer) noexcept;

}  // namespace plimsoll::suite
