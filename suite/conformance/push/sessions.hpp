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
  bool went_back = false;         ///< A Range counted less than was sent, and the rest was resent.
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

/// The Range of the answer to a chunk, by push.chunk.range-header, push.chunk.range-value and
/// push.chunk.range-complete: it does not count more than was sent; where it counts less, the
/// client has to send the rest again.
/// @param sent how many bytes the session was sent, from its beginning
/// @return where the next chunk starts: at `sent`, or where a smaller Range says
[[nodiscard]] std::uint64_t expect_progress(context& ctx, const http::exchange& taken,
                                            std::uint64_t sent);

/// Sends the content from `offset` on in chunks, each from where the answer before it says, and
/// judges the answers; judges push.chunk.202, push.chunk.location and what expect_progress does.
/// @return whether the session took all of it
[[nodiscard]] boost::asio::awaitable<bool> send_chunks(context& ctx, upload& session,
                                                       std::string content, std::uint64_t offset);

/// Closes a session that was given all chunks. Where it is not closed after a Range by which bytes
/// were sent again, that Range was false; judges push.chunk.close-201 and push.chunk.range-value.
[[nodiscard]] boost::asio::awaitable<http::exchange> close_chunks(context& ctx, upload session,
                                                                  oci::digest digest);

/// The status of the session at its Location: its Range ends at `last`, by `form` and `value`.
/// Where it ends before that, it is asked for again: a copy of the registry may lag.
/// @return the last answer
[[nodiscard]] boost::asio::awaitable<http::exchange> expect_status(context& ctx, upload session,
                                                                   requirement_id form,
                                                                   std::uint64_t last);

/// Whether the answer refuses what was asked for, and the registry did not fail.
[[nodiscard]] bool is_refused(const http::exchange& answer) noexcept;

}  // namespace plimsoll::suite
