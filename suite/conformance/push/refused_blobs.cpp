#include <array>
#include <span>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include "catalog.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/sessions.hpp"

namespace plimsoll::suite {
namespace {

void expect_refused(context& ctx, const http::exchange& answer, requirement_id by) {
  ctx.expect(answer, by)
      .holds(is_refused(answer), "a 4XX", fmt::format("status {}", answer.response.status));
}

constexpr auto other_digest_judges = requirement_ids(
    "push.blob.digest-mismatch-rejected", "table.end-6.failure-400", "errors.code.digest-invalid");

/// The answers to blobs that do not have the digest with which they came, and what is there then.
boost::asio::awaitable<void> expect_not_taken(context& ctx, http::exchange closed,
                                              oci::digest digest) {
  expect_refused(ctx, closed, "push.blob.digest-mismatch-rejected");
  if (is_refused(closed))
    ctx.expect(closed, "errors.code.digest-invalid").error_code_in({"DIGEST_INVALID"});
  const auto asked = co_await ctx.send(api::head_blob(ctx.repository(), digest));
  ctx.expect(asked, "push.blob.digest-mismatch-rejected").status(404);
}

boost::asio::awaitable<void> put_of_another_digest(context& ctx) {
  // A session is closed with the digest of other bytes than it is given.
  const oci::digest digest = oci::digest_of(ctx.bytes(512));
  const upload session = co_await given_upload(ctx);
  const auto closed =
      co_await ctx.send(api::close_upload(session.location, digest, ctx.bytes(512)));

  // It is refused, and nothing is there under that digest.
  co_await expect_not_taken(ctx, closed, digest);
  if (is_refused(closed)) ctx.expect(closed, "table.end-6.failure-400").status(400);
}

boost::asio::awaitable<void> chunks_of_another_digest(context& ctx) {
  // A session that was given a chunk is closed with the digest of other bytes.
  const oci::digest digest = oci::digest_of(ctx.bytes(512));
  upload session = co_await given_upload(ctx);
  co_await given_chunk(ctx, session, 0, ctx.bytes(session.chunk_bytes));
  const auto closed = co_await ctx.send(api::close_upload(session.location, digest, ""));

  // It is refused, and nothing is there under that digest.
  co_await expect_not_taken(ctx, closed, digest);
  if (is_refused(closed)) ctx.expect(closed, "table.end-6.failure-400").status(400);
}

constexpr auto other_digest_post_judges = requirement_ids(
    "push.blob.digest-mismatch-rejected", "table.end-4b.failure-400", "errors.code.digest-invalid");

boost::asio::awaitable<void> post_of_another_digest(context& ctx) {
  // A blob goes out in one POST with the digest of other bytes.
  const oci::digest digest = oci::digest_of(ctx.bytes(512));
  const auto posted = co_await ctx.send(api::post_blob(ctx.repository(), digest, ctx.bytes(512)));
  if (posted.response.status == 202) throw unsupported("blobs are not taken in a single POST");

  // It is refused, and nothing is there under that digest.
  co_await expect_not_taken(ctx, posted, digest);
  if (is_refused(posted)) ctx.expect(posted, "table.end-4b.failure-400").status(400);
}

constexpr auto digest_left_out_judges =
    requirement_ids("push.chunk.close-missing-digest-rejected", "table.end-6.failure-400");

boost::asio::awaitable<void> close_without_whole_digest(context& ctx) {
  // Two sessions were given two chunks each.
  upload bare = co_await given_upload(ctx);
  upload partial = co_await given_upload(ctx);
  const std::string last = ctx.bytes(bare.chunk_bytes);
  const std::array both{&bare, &partial};
  for (upload* const one : both) {
    co_await given_chunk(ctx, *one, 0, ctx.bytes(one->chunk_bytes));
    co_await given_chunk(ctx, *one, one->chunk_bytes, last);
  }

  // A close without a digest is refused.
  http::request without("PUT", bare.location);
  without.body("");
  const auto closed = co_await ctx.send(std::move(without));
  expect_refused(ctx, closed, "push.chunk.close-missing-digest-rejected");
  if (is_refused(closed)) ctx.expect(closed, "table.end-6.failure-400").status(400);

  // So is one with the digest of the last chunk alone.
  const oci::digest of_last = oci::digest_of(last);
  const auto wrong = co_await ctx.send(api::close_upload(partial.location, of_last, ""));
  expect_refused(ctx, wrong, "push.chunk.close-missing-digest-rejected");
}

constexpr std::array scenarios{
    scenario{.id = "push/blob-of-another-digest",
             .title = "A PUT with the digest of other bytes is refused",
             .category = "push",
             .judges = other_digest_judges,
             .body = put_of_another_digest},
    scenario{.id = "push/chunks-of-another-digest",
             .title = "Chunks that are closed with the digest of other bytes are refused",
             .category = "push",
             .judges = other_digest_judges,
             .body = chunks_of_another_digest},
    scenario{.id = "push/single-post-of-another-digest",
             .title = "A single POST with the digest of other bytes is refused",
             .category = "push",
             .judges = other_digest_post_judges,
             .body = post_of_another_digest},
    scenario{.id = "push/close-without-whole-digest",
             .title = "A chunked upload is not closed without the digest of the whole blob",
             .category = "push",
             .judges = digest_left_out_judges,
             .body = close_without_whole_digest},
};

}  // namespace

std::span<const scenario> refused_blobs() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
