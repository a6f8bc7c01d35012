#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include "catalog.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/sessions.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

/// A session that has its first chunk, and the blob that it is to become.
struct begun_upload {
  upload session;
  std::string content;  ///< Three chunks.

  [[nodiscard]] std::uint64_t length() const { return session.chunk_bytes; }
  [[nodiscard]] std::string chunk(std::uint64_t offset) const {
    return content.substr(offset, length());
  }
  [[nodiscard]] http::request send_at(std::uint64_t told, std::uint64_t offset) const {
    const oci::chunk_range range{told, told + length() - 1};
    return api::upload_chunk(session.location, range, chunk(offset));
  }
};

boost::asio::awaitable<begun_upload> given_first_chunk(context& ctx) {
  begun_upload made;
  made.session = co_await given_upload(ctx);
  made.content = ctx.bytes(3 * made.length());
  co_await given_chunk(ctx, made.session, 0, made.chunk(0));
  co_return made;
}

/// The answer to a chunk out of order: by `refused` it is 416.
void expect_416(context& ctx, const http::exchange& answer, requirement_id refused) {
  ctx.expect(answer, refused).status(416);
  if (answer.response.status == 416) {
    ctx.expect(answer, "errors.code.blob-upload-invalid")
        .error_code_in({"BLOB_UPLOAD_INVALID", "SIZE_INVALID"});
  }
}

constexpr auto first_judges =
    requirement_ids("push.chunk.out-of-order-416.first", "errors.code.blob-upload-invalid");

boost::asio::awaitable<void> first_not_at_0(context& ctx) {
  // A session is open, and has nothing. Its first chunk says that it starts further on.
  const upload session = co_await given_upload(ctx);
  const oci::chunk_range range{session.chunk_bytes, 2 * session.chunk_bytes - 1};
  const auto answer =
      co_await ctx.send(api::upload_chunk(session.location, range, ctx.bytes(session.chunk_bytes)));
  expect_416(ctx, answer, "push.chunk.out-of-order-416.first");
}

constexpr auto gap_judges =
    requirement_ids("push.chunk.out-of-order-416.gap", "errors.code.blob-upload-invalid");

boost::asio::awaitable<void> with_gap(context& ctx) {
  // The third chunk comes right behind the first.
  const begun_upload begun = co_await given_first_chunk(ctx);
  const auto answer = co_await ctx.send(begun.send_at(2 * begun.length(), 2 * begun.length()));
  expect_416(ctx, answer, "push.chunk.out-of-order-416.gap");
}

constexpr auto overlap_judges =
    requirement_ids("push.chunk.out-of-order-416.overlap", "errors.code.blob-upload-invalid");

boost::asio::awaitable<void> repeated(context& ctx) {
  // The first chunk comes again.
  const begun_upload begun = co_await given_first_chunk(ctx);
  const auto answer = co_await ctx.send(begun.send_at(0, 0));
  expect_416(ctx, answer, "push.chunk.out-of-order-416.overlap");
}

boost::asio::awaitable<void> overlapping(context& ctx) {
  // A chunk comes that starts in the middle of the first.
  const begun_upload begun = co_await given_first_chunk(ctx);
  const std::uint64_t middle = begun.length() / 2;
  const auto answer = co_await ctx.send(begun.send_at(middle, middle));
  expect_416(ctx, answer, "push.chunk.out-of-order-416.overlap");
}

constexpr auto recovery_judges =
    requirement_ids("push.chunk.out-of-order-recoverable", "push.status.range-value",
                    "pull.blob.get-200", "pull.blob.get-body");

/// The status of a session that has refused a chunk: all up to `last`, as before.
boost::asio::awaitable<http::exchange> expect_recovery(context& ctx, upload session,
                                                       std::uint64_t last) {
  const std::string unchanged = to_string(oci::chunk_range{0, last});
  const settle_condition is_unchanged = [unchanged](const http::exchange& seen) {
    const auto range = oci::parse_chunk_range(seen.response.header("Range").value_or(""));
    return seen.response.status != 204 || !range || to_string(*range) == unchanged;
  };
  const auto asked =
      co_await ctx.settle(settle_kind::upload, api::upload_status(session.location), is_unchanged);
  ctx.expect(asked, "push.chunk.out-of-order-recoverable").status(204);
  const auto range = oci::parse_chunk_range(asked.response.header("Range").value_or(""));
  if (asked.response.status == 204 && range) {
    ctx.expect(asked, "push.status.range-value").header("Range", unchanged);
  }
  co_return asked;
}

boost::asio::awaitable<void> recovery(context& ctx) {
  // A session has its first chunk, and has refused the third.
  begun_upload begun = co_await given_first_chunk(ctx);
  const std::uint64_t length = begun.length();
  const auto early = co_await ctx.send(begun.send_at(2 * length, 2 * length));
  if (!is_refused(early)) {
    throw blocked("push.chunk.out-of-order-416.gap",
                  "what the session holds after a chunk that had to be refused is not known");
  }

  // It says where it stands, which is where it stood: behind the first. A session that has ended
  // says so honestly, and the client starts again.
  const auto asked = co_await expect_recovery(ctx, begun.session, length - 1);
  if (asked.response.status != 204) co_return;
  if (!api::location_of(asked).is_absent()) {
    begun.session.location = location_of(asked, "push.status.location");
  }

  // The second chunk and the third follow, and the blob is whole.
  for (const std::uint64_t offset : std::array{length, 2 * length}) {
    const auto taken = co_await ctx.send(begun.send_at(offset, offset));
    ctx.expect(taken, "push.chunk.out-of-order-recoverable").status(202);
    if (taken.response.status != 202) co_return;
    begun.session.location = session_of(taken, "push.chunk.location");
  }
  const oci::digest digest = oci::digest_of(begun.content);
  const auto closed = co_await ctx.send(api::close_upload(begun.session.location, digest, ""));
  ctx.expect(closed, "push.chunk.out-of-order-recoverable").status(201);
  if (closed.response.status != 201) co_return;
  std::vector<expected_read> reads;
  reads.push_back({api::get_blob(ctx.repository(), digest), begun.content, "pull.blob.get-200",
                   "pull.blob.get-body"});
  co_await expect_reads(ctx, std::move(reads));
}

constexpr auto last_judges = requirement_ids("push.chunk.final-put-out-of-order-416");

boost::asio::awaitable<void> last_in_put(context& ctx) {
  // The close carries the third chunk, and the second has not come.
  const begun_upload begun = co_await given_first_chunk(ctx);
  const std::uint64_t length = begun.length();
  const oci::digest digest = oci::digest_of(begun.content);
  const oci::chunk_range third{2 * length, 3 * length - 1};
  const auto early = co_await ctx.send(
      api::close_upload(begun.session.location, digest, third, begun.chunk(2 * length)));
  ctx.expect(early, "push.chunk.final-put-out-of-order-416").status(416);
}

constexpr auto ill_formed_judges = requirement_ids(
    "errors.code.blob-upload-invalid", "errors.code.size-invalid", "push.chunk.range-header",
    "push.chunk.range-value", "push.chunk.range-complete");

boost::asio::awaitable<void> ill_formed(context& ctx) {
  // Chunks come whose Content-Range has another form, or another length than they have.
  const upload left = co_await given_upload(ctx);
  http::request no_range("PATCH", left.location);
  no_range.header("Content-Type", std::string(oci::media_type::octet_stream));
  no_range.header("Content-Range", "from here to there").body(ctx.bytes(left.chunk_bytes));
  const auto unread = co_await ctx.send(std::move(no_range));

  const upload right = co_await given_upload(ctx);
  const oci::chunk_range longer{0, 2 * right.chunk_bytes - 1};
  const auto unfit =
      co_await ctx.send(api::upload_chunk(right.location, longer, ctx.bytes(right.chunk_bytes)));

  // A chunk that is taken counts as what came, not as what was announced.
  if (unfit.response.status == 202) (void)expect_progress(ctx, unfit, right.chunk_bytes);

  // Where they are refused with an error document, its code says why.
  ctx.expect(unread, "errors.code.blob-upload-invalid")
      .error_code_in({"BLOB_UPLOAD_INVALID", "SIZE_INVALID"});
  ctx.expect(unfit, "errors.code.size-invalid")
      .error_code_in({"SIZE_INVALID", "BLOB_UPLOAD_INVALID"});
  if (!is_refused(unread) && !is_refused(unfit)) {
    throw unsupported("a Content-Range that does not fit its chunk is not looked at");
  }
}

constexpr std::array scenarios{
    scenario{.id = "push/chunk-not-from-0",
             .title = "A first chunk that does not start at 0 is refused",
             .category = "push",
             .judges = first_judges,
             .body = first_not_at_0},
    scenario{.id = "push/chunk-behind-gap",
             .title = "A chunk that leaves a gap is refused",
             .category = "push",
             .judges = gap_judges,
             .body = with_gap},
    scenario{.id = "push/chunk-repeated",
             .title = "A chunk that comes again is refused",
             .category = "push",
             .judges = overlap_judges,
             .body = repeated},
    scenario{.id = "push/chunk-overlapping",
             .title = "A chunk that overlaps the one before is refused",
             .category = "push",
             .judges = overlap_judges,
             .body = overlapping},
    scenario{.id = "push/upload-after-416",
             .title = "An upload goes on after a chunk out of order",
             .category = "push",
             .judges = recovery_judges,
             .body = recovery},
    scenario{.id = "push/last-chunk-out-of-order",
             .title = "A PUT whose chunk leaves a gap is refused",
             .category = "push",
             .judges = last_judges,
             .body = last_in_put},
    scenario{.id = "push/chunk-of-other-range",
             .title = "A chunk that does not fit its Content-Range is refused with its code",
             .category = "push",
             .judges = ill_formed_judges,
             .body = ill_formed},
};

}  // namespace

std::span<const scenario> chunks_out_of_order() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
