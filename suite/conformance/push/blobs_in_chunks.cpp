#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <span>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

constexpr std::uint64_t largest_minimum = 16 * 1024 * 1024;

/// OCI-Chunk-Min-Length of the answer, between 256 and 16 MiB.
std::uint64_t chunk_length(const http::exchange& opened) {
  const auto told = opened.response.header("OCI-Chunk-Min-Length");
  std::uint64_t minimum = 0;
  if (told) std::from_chars(told->data(), told->data() + told->size(), minimum);
  if (minimum > largest_minimum) {
    throw not_judged("the registry asks for chunks of over 16 MiB, more than this scenario sends");
  }
  return std::max<std::uint64_t>(minimum, 256);
}

constexpr auto blob_in_chunks_judges = requirement_ids(
    "push.chunk.202", "push.chunk.location", "push.chunk.range-header", "push.chunk.range-value",
    "push.status.204", "push.status.location", "push.status.range",
    "push.chunk.out-of-order-416.overlap", "push.chunk.out-of-order-recoverable",
    "push.chunk.close-201", "push.chunk.close-location", "pull.blob.get-body");

boost::asio::awaitable<void> blob_in_chunks(context& ctx) {
  // An upload session is open. Chunks are no shorter than the registry asks for.
  const auto opened = co_await ctx.send(api::start_upload(ctx.repository()));
  ctx.require_status(opened, 202, "push.post.202");
  const std::uint64_t length = chunk_length(opened);
  const std::string content = ctx.bytes(2 * length);
  const oci::chunk_range first{0, length - 1};
  const oci::chunk_range second{length, 2 * length - 1};

  // The first chunk is taken.
  const auto begun = co_await ctx.send(
      api::upload_chunk(api::location_of(opened), first, content.substr(0, length)));
  ctx.expect(begun, "push.chunk.202").status(202);
  ctx.expect(begun, "push.chunk.location").has_header("Location");
  ctx.expect(begun, "push.chunk.range-header").has_header("Range");
  ctx.expect(begun, "push.chunk.range-value").header("Range", to_string(first));
  std::string session = api::location_of(begun);
  if (session.empty()) throw blocked("push.chunk.location", "the answer has no usable Location");

  // The session says where it stands.
  const auto asked = co_await ctx.send(api::upload_status(session));
  ctx.expect(asked, "push.status.204").status(204);
  if (asked.response.status == 204) {
    ctx.expect(asked, "push.status.location").has_header("Location");
    ctx.expect(asked, "push.status.range").header("Range", to_string(first));
    const std::string told = api::location_of(asked);
    if (!told.empty()) session = told;
  }

  // The first chunk comes again, and is refused as out of order.
  const auto repeated =
      co_await ctx.send(api::upload_chunk(session, first, content.substr(0, length)));
  ctx.expect(repeated, "push.chunk.out-of-order-416.overlap").status(416);
  if (repeated.response.status != 416) {
    throw blocked("push.chunk.out-of-order-416.overlap",
                  "what the session holds after a chunk that had to be refused is not known");
  }

  // The second chunk follows, and the session is closed.
  const auto resumed =
      co_await ctx.send(api::upload_chunk(session, second, content.substr(length)));
  ctx.expect(resumed, "push.chunk.out-of-order-recoverable").status(202);
  const std::string last = api::location_of(resumed);
  if (last.empty()) throw blocked("push.chunk.location", "the answer has no usable Location");
  const oci::digest digest = oci::digest_of(content);
  const auto closed = co_await ctx.send(api::close_upload(last, digest, ""));
  ctx.expect(closed, "push.chunk.close-201").status(201);
  ctx.expect(closed, "push.chunk.close-location").has_header("Location");

  const auto got = co_await ctx.send(api::get_blob(ctx.repository(), digest));
  ctx.expect(got, "pull.blob.get-body").body(content);
}

constexpr std::array scenarios{
    scenario{
        .id = "push/blob-in-chunks",
        .title =
            "A blob is pushed in chunks; one out of order is refused, and the session lives on",
        .category = "push",
        .judges = blob_in_chunks_judges,
        .body = blob_in_chunks},
};

}  // namespace

std::span<const scenario> blobs_in_chunks() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
