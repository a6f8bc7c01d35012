#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include "catalog.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/sessions.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto in_chunks_judges = requirement_ids(
    "push.chunk.202", "push.chunk.location", "push.chunk.range-header", "push.chunk.range-value",
    "push.chunk.range-complete", "push.chunk.close-201", "push.chunk.close-location",
    "push.chunk.close-location-pullable", "push.blob.dcd-value", "pull.blob.get-200",
    "pull.blob.get-body", "pull.head.blob-200", "pull.blob.dcd-matches-body");

/// The content goes out in chunks, the answers say how far the upload is and where it goes on, and
/// the blob can be pulled once it is closed without a body.
boost::asio::awaitable<void> expect_blob_in_chunks(context& ctx, upload session,
                                                   std::string content) {
  const bool is_taken = co_await send_chunks(ctx, session, content, 0);
  if (!is_taken) co_return;
  const oci::digest digest = oci::digest_of(content);
  const auto closed = co_await close_chunks(ctx, session, digest);
  if (closed.response.status != 201) co_return;
  (void)expect_location(ctx, closed, "push.chunk.close-location");
  co_await expect_blob(ctx, closed, digest, content, "push.chunk.close-location-pullable");
}

boost::asio::awaitable<void> blob_in_chunks(context& ctx) {
  // The blob comes in two chunks as long as the registry asks for, and a last one of a single byte.
  const upload session = co_await given_upload(ctx);
  co_await expect_blob_in_chunks(ctx, session, ctx.bytes(2 * session.chunk_bytes + 1));
}

boost::asio::awaitable<void> blob_in_large_chunks(context& ctx) {
  // The blob comes in chunks of over half a megabyte, of which the last is shorter.
  constexpr std::uint64_t large_chunk = 600'000;
  upload session = co_await given_upload(ctx);
  session.chunk_bytes = std::max(session.chunk_bytes, large_chunk);
  co_await expect_blob_in_chunks(ctx, session, ctx.bytes(2 * session.chunk_bytes - 1));
}

constexpr auto last_in_put_judges = requirement_ids(
    "push.chunk.close-201", "push.chunk.close-location", "push.chunk.close-location-pullable",
    "push.blob.dcd-value", "pull.blob.get-200", "pull.blob.get-body", "pull.head.blob-200",
    "pull.blob.dcd-matches-body");

boost::asio::awaitable<void> last_chunk_in_put(context& ctx) {
  // All but the last byte of a blob was taken as a chunk.
  upload session = co_await given_upload(ctx);
  const std::string content = ctx.bytes(session.chunk_bytes + 1);
  co_await given_chunk(ctx, session, 0, content.substr(0, session.chunk_bytes));

  // The last byte comes with the close.
  const oci::digest digest = oci::digest_of(content);
  const oci::chunk_range last{session.chunk_bytes, session.chunk_bytes};
  const auto closed = co_await ctx.send(
      api::close_upload(session.location, digest, last, content.substr(session.chunk_bytes)));
  ctx.expect(closed, "push.chunk.close-201").status(201);
  if (closed.response.status != 201) co_return;
  (void)expect_location(ctx, closed, "push.chunk.close-location");
  co_await expect_blob(ctx, closed, digest, content, "push.chunk.close-location-pullable");
}

constexpr auto side_by_side_judges = requirement_ids(
    "push.chunk.202", "push.chunk.location", "push.chunk.range-header", "push.chunk.range-value",
    "push.chunk.range-complete", "push.chunk.close-201", "pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> uploads_side_by_side(context& ctx) {
  // Two sessions are open in one repository, and are given chunks in turn.
  upload left = co_await given_upload(ctx);
  upload right = co_await given_upload(ctx);
  const std::uint64_t length = left.chunk_bytes;
  const std::string first = ctx.bytes(2 * length);
  const std::string second = ctx.bytes(2 * length);
  co_await given_chunk(ctx, left, 0, first.substr(0, length));
  co_await given_chunk(ctx, right, 0, second.substr(0, length));
  co_await given_chunk(ctx, left, length, first.substr(length));

  // Each counts its own bytes alone.
  const bool is_taken = co_await send_chunks(ctx, right, second, length);
  if (!is_taken) co_return;

  // Each becomes the blob that went into it.
  const std::array both{std::pair(&left, &first), std::pair(&right, &second)};
  std::vector<expected_read> reads;
  for (const auto& [session, content] : both) {
    const oci::digest digest = oci::digest_of(*content);
    const auto closed = co_await close_chunks(ctx, *session, digest);
    if (closed.response.status != 201) continue;
    reads.push_back({api::get_blob(ctx.repository(), digest), *content, "pull.blob.get-200",
                     "pull.blob.get-body"});
  }
  co_await expect_reads(ctx, std::move(reads));
}

constexpr auto not_closed_judges =
    requirement_ids("push.chunk.unclosed-not-visible", "pull.blob.get-body");

boost::asio::awaitable<void> not_closed(context& ctx) {
  // All bytes of a blob were taken as a chunk. The session is not closed.
  upload session = co_await given_upload(ctx);
  const std::string content = ctx.bytes(session.chunk_bytes);
  co_await given_chunk(ctx, session, 0, content);

  // There is no such blob yet.
  const auto asked = co_await ctx.send(api::head_blob(ctx.repository(), oci::digest_of(content)));
  ctx.expect(asked, "push.chunk.unclosed-not-visible").status(404);

  // Nor is one whose second half has not come: a half is never given for the whole.
  const std::string whole = content + ctx.bytes(session.chunk_bytes);
  const auto got = co_await ctx.send(api::get_blob(ctx.repository(), oci::digest_of(whole)));
  if (got.response.status == 200) ctx.expect(got, "pull.blob.get-body").body(whole);
}

constexpr auto minimum_judges = requirement_ids("push.chunk.min-length-header");

/// Chunks of this length, one behind the other in a session of their own; the answer to the
/// first that was not taken, or to the last.
boost::asio::awaitable<http::exchange> try_chunks(context& ctx, std::uint64_t length) {
  upload session = co_await given_upload(ctx);
  http::exchange taken;
  for (std::uint64_t offset = 0; offset < 2 * length; offset += length) {
    const oci::chunk_range range{offset, offset + length - 1};
    taken = co_await ctx.send(api::upload_chunk(session.location, range, ctx.bytes(length)));
    if (taken.response.status != 202) break;
    session.location = session_of(taken, "push.chunk.location");
  }
  co_return taken;
}

boost::asio::awaitable<void> minimum(context& ctx) {
  // A session is open. Where a minimum is announced, it is a number of bytes.
  const auto opened = co_await ctx.send(api::start_upload(ctx.repository()));
  ctx.require_status(opened, 202, "push.post.202");
  const auto told = opened.response.header("OCI-Chunk-Min-Length");
  if (told) {
    std::uint64_t bytes = 0;
    const auto* const end = told->data() + told->size();
    const auto [stop, ec] = std::from_chars(told->data(), end, bytes);
    ctx.expect(opened, "push.chunk.min-length-header")
        .holds(ec == std::errc() && stop == end && bytes != 0, "a number of bytes",
               printable(*told));
    co_return;
  }

  // Where none is, short chunks are taken as long ones are.
  const auto brief = co_await try_chunks(ctx, 1);
  if (brief.response.status != 202) {
    constexpr std::uint64_t long_chunk = std::uint64_t{5} * 1024 * 1024;
    const auto lengthy = co_await try_chunks(ctx, long_chunk);
    ctx.require_status(lengthy, 202, "push.chunk.202");
  }
  ctx.expect(brief, "push.chunk.min-length-header")
      .holds(brief.response.status == 202,
             "OCI-Chunk-Min-Length, since chunks of 1 byte are not taken and long ones are",
             "no such header");
}

constexpr auto streamed_judges = requirement_ids("pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> streamed(context& ctx) {
  // Many clients send a blob in one PATCH without Content-Range, and without a length. The spec
  // has neither: a registry may refuse it.
  const upload session = co_await given_upload(ctx);
  const std::string content = ctx.bytes(session.chunk_bytes + 100);
  http::request stream("PATCH", session.location);
  stream.header("Content-Type", std::string(oci::media_type::octet_stream));
  stream.body(content).chunked();
  const auto taken = co_await ctx.try_send(std::move(stream));
  if (taken.response.status != 202) throw unsupported("a PATCH without Content-Range is refused");

  // What it becomes a blob of, if anything, is what was sent.
  const oci::digest digest = oci::digest_of(content);
  const auto next = api::location_of(taken);
  const std::string location =
      next.is_absent() ? session.location : location_of(taken, "push.chunk.location");
  const auto closed = co_await ctx.send(api::close_upload(location, digest, ""));
  if (closed.response.status != 201) throw unsupported("a streamed PATCH cannot be closed");
  std::vector<expected_read> reads;
  reads.push_back({api::get_blob(ctx.repository(), digest), content, "pull.blob.get-200",
                   "pull.blob.get-body"});
  co_await expect_reads(ctx, std::move(reads));
}

constexpr std::array scenarios{
    scenario{.id = "push/blob-in-chunks",
             .title = "A blob is pushed in chunks",
             .category = "push",
             .judges = in_chunks_judges,
             .body = blob_in_chunks},
    scenario{.id = "push/blob-in-large-chunks",
             .title = "A blob is pushed in chunks of over half a megabyte",
             .category = "push",
             .judges = in_chunks_judges,
             .body = blob_in_large_chunks},
    scenario{.id = "push/last-chunk-in-put",
             .title = "The last chunk comes with the PUT that closes the upload",
             .category = "push",
             .judges = last_in_put_judges,
             .body = last_chunk_in_put},
    scenario{.id = "push/uploads-side-by-side",
             .title = "Two uploads in chunks go on side by side",
             .category = "push",
             .judges = side_by_side_judges,
             .body = uploads_side_by_side},
    scenario{.id = "push/upload-not-closed",
             .title = "A blob is not there before its upload is closed",
             .category = "push",
             .judges = not_closed_judges,
             .body = not_closed},
    scenario{.id = "push/chunk-minimum",
             .title = "A registry that takes no short chunks says so",
             .category = "push",
             .judges = minimum_judges,
             .body = minimum},
    scenario{.id = "push/blob-streamed",
             .title = "A blob that is streamed in one PATCH without Content-Range arrives whole",
             .category = "push",
             .judges = streamed_judges,
             .body = streamed},
};

}  // namespace

std::span<const scenario> blobs_in_chunks() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
