#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/refusals.hpp"
#include "push/sessions.hpp"
#include "push/wrong_content.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto put_judges =
    requirement_ids("push.blob.digest-mismatch-rejected", "push.refused-not-failed",
                    "table.end-6.failure-400", "errors.code.digest-invalid");

boost::asio::awaitable<void> put_of_another_digest(context& ctx) {
  co_await expect_wrong_puts(ctx, oci::hash_algorithm::sha256);
}

boost::asio::awaitable<void> chunks_of_another_digest(context& ctx) {
  co_await expect_wrong_chunks(ctx, oci::hash_algorithm::sha256);
}

constexpr auto post_judges =
    requirement_ids("push.blob.digest-mismatch-rejected", "push.refused-not-failed",
                    "table.end-4b.failure-400", "errors.code.digest-invalid");

boost::asio::awaitable<void> post_of_another_digest(context& ctx) {
  co_await expect_wrong_posts(ctx, oci::hash_algorithm::sha256);
}

/// The registry has sha512: a blob was pushed by such a digest, and is served.
boost::asio::awaitable<void> given_sha512(context& ctx) {
  const std::string content = ctx.bytes(300);
  const oci::digest digest = oci::digest_of(oci::hash_algorithm::sha512, content);
  const upload session = co_await given_upload(ctx);
  const auto closed = co_await ctx.send(api::close_upload(session.location, digest, content));
  if (closed.response.status != 201) throw unsupported("blobs have no sha512 digests");
  const auto got = co_await ctx.send(api::get_blob(ctx.repository(), digest));
  if (got.response.status != 200) throw unsupported("blobs have no sha512 digests");
}

boost::asio::awaitable<void> put_of_another_sha512(context& ctx) {
  co_await given_sha512(ctx);
  co_await expect_wrong_puts(ctx, oci::hash_algorithm::sha512);
}

boost::asio::awaitable<void> chunks_of_another_sha512(context& ctx) {
  co_await given_sha512(ctx);
  co_await expect_wrong_chunks(ctx, oci::hash_algorithm::sha512);
}

boost::asio::awaitable<void> post_of_another_sha512(context& ctx) {
  co_await given_sha512(ctx);
  co_await expect_wrong_posts(ctx, oci::hash_algorithm::sha512);
}

constexpr auto cut_judges =
    requirement_ids("push.blob.digest-mismatch-rejected", "push.refused-not-failed");

boost::asio::awaitable<void> cut_uploads(context& ctx) {
  // One session is closed by a PUT that ends one byte before the announced length, with the digest
  // of the whole. Another one has a chunk, and a second one that ends so; it is closed as if it had
  // come.
  const std::string content = ctx.bytes(4096);
  const upload session = co_await given_upload(ctx);
  auto put = api::close_upload(session.location, oci::digest_of(content), content);
  (void)co_await ctx.try_send(std::move(put.cut_after(content.size() - 1)));

  upload chunked = co_await given_upload(ctx);
  const std::uint64_t length = chunked.chunk_bytes;
  const std::string chunks = ctx.bytes(2 * length);
  co_await given_chunk(ctx, chunked, 0, chunks.substr(0, length));
  auto patch = api::upload_chunk(chunked.location, {length, 2 * length - 1}, chunks.substr(length));
  (void)co_await ctx.try_send(std::move(patch.cut_after(length - 1)));
  const oci::digest digest = oci::digest_of(chunks);
  const auto closed = co_await ctx.send(api::close_upload(chunked.location, digest, ""));
  co_await expect_not_stored(ctx, closed, digest);

  // No such blob comes of the first either, also when the registry has had time to notice.
  constexpr int looks = 3;
  for (int i = 0; i < looks; ++i) {
    const auto got = co_await ctx.send(api::get_blob(ctx.repository(), oci::digest_of(content)));
    ctx.expect(got, "push.blob.digest-mismatch-rejected")
        .holds(got.response.status / 100 != 2, "nothing under the digest of the whole",
               fmt::format("status {}", got.response.status));
    co_await ctx.pause(std::chrono::milliseconds(20));
  }
}

constexpr auto overwritten_judges = requirement_ids("pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> overwritten(context& ctx) {
  // A blob is in the repository. Other bytes come under its digest, in a PUT and in a POST: the
  // registry may refuse them, or say that the blob is there.
  const std::string content = ctx.bytes(700);
  const oci::digest digest = co_await given_blob(ctx, content);
  const upload session = co_await given_upload(ctx);
  std::vector<http::request> pushes;
  pushes.push_back(api::close_upload(session.location, digest, ctx.bytes(700)));
  pushes.push_back(api::post_blob(ctx.repository(), digest, ctx.bytes(700)));
  (void)co_await ctx.send_all(std::move(pushes));

  // It stays what it was.
  std::vector<expected_read> reads;
  reads.push_back({api::get_blob(ctx.repository(), digest), content, "pull.blob.get-200",
                   "pull.blob.get-body"});
  co_await expect_reads(ctx, std::move(reads));
}

constexpr auto digest_left_out_judges =
    requirement_ids("push.chunk.close-missing-digest-rejected", "push.chunk.close-without-digest",
                    "push.refused-not-failed", "table.end-6.failure-400");

/// The digest by which the answer names what it stored: that of its Location, or the one that it
/// tells; nothing where there is none.
std::optional<oci::digest> digest_named_by(const http::exchange& closed) {
  const std::string location = location_url(closed);
  const std::string path = location.substr(0, location.find_first_of("?#"));
  for (const std::string_view text :
       {std::string_view(path).substr(path.rfind('/') + 1),
        closed.response.header("Docker-Content-Digest").value_or("")}) {
    if (const auto digest = oci::digest::parse(text); digest && digest->is_registered()) {
      return *digest;
    }
  }
  return std::nullopt;
}

/// A close without a digest was taken: that is lenient, as long as what is stored fits the name
/// that the registry gives it.
boost::asio::awaitable<void> expect_named_rightly(context& ctx, http::exchange closed,
                                                  std::string content) {
  const auto digest = digest_named_by(closed);
  if (!digest) co_return;
  const auto algorithm = oci::hash_algorithm_of(digest->algorithm());
  const oci::digest right = oci::digest_of(algorithm.value(), content);
  ctx.expect(closed, "push.chunk.close-missing-digest-rejected")
      .holds(*digest == right, "a refusal, or the digest of what was sent", digest->str());
}

boost::asio::awaitable<void> close_without_whole_digest(context& ctx) {
  // Two sessions were given two chunks each.
  upload bare = co_await given_upload(ctx);
  upload partial = co_await given_upload(ctx);
  const std::string last = ctx.bytes(bare.chunk_bytes);
  const std::string start = ctx.bytes(bare.chunk_bytes);
  const std::array both{&bare, &partial};
  for (upload* const session : both) {
    co_await given_chunk(ctx, *session, 0, start);
    co_await given_chunk(ctx, *session, start.size(), last);
  }

  // A close without a digest is refused, or computes it.
  http::request without("PUT", bare.location);
  without.body("");
  const auto closed = co_await ctx.send(std::move(without));
  expect_refusal(ctx, closed, "push.chunk.close-without-digest");
  if (is_acceptance(closed)) {
    co_await expect_named_rightly(ctx, closed, start + last);
  }

  // One with the digest of the last chunk alone is refused.
  const oci::digest of_last = oci::digest_of(last);
  const auto wrong = co_await ctx.send(api::close_upload(partial.location, of_last, ""));
  expect_refusal(ctx, wrong, "push.chunk.close-missing-digest-rejected");
  if (is_refused(closed)) ctx.expect(closed, "table.end-6.failure-400").status(400);
}

constexpr std::array scenarios{
    scenario{.id = "push/blob-of-another-digest",
             .title = "A PUT with the digest of other bytes is refused",
             .category = "push",
             .judges = put_judges,
             .body = put_of_another_digest},
    scenario{.id = "push/chunks-of-another-digest",
             .title = "Chunks that are closed with the digest of other bytes are refused",
             .category = "push",
             .judges = put_judges,
             .body = chunks_of_another_digest},
    scenario{.id = "push/single-post-of-another-digest",
             .title = "A single POST with the digest of other bytes is refused",
             .category = "push",
             .judges = post_judges,
             .body = post_of_another_digest},
    scenario{.id = "push/blob-of-another-sha512",
             .title = "A PUT with the sha512 digest of other bytes is refused",
             .category = "push",
             .judges = put_judges,
             .body = put_of_another_sha512},
    scenario{.id = "push/chunks-of-another-sha512",
             .title = "Chunks that are closed with the sha512 digest of other bytes are refused",
             .category = "push",
             .judges = put_judges,
             .body = chunks_of_another_sha512},
    scenario{.id = "push/single-post-of-another-sha512",
             .title = "A single POST with the sha512 digest of other bytes is refused",
             .category = "push",
             .judges = post_judges,
             .body = post_of_another_sha512},
    scenario{.id = "push/uploads-cut",
             .title = "An upload that ends too early leaves no blob",
             .category = "push",
             .judges = cut_judges,
             .body = cut_uploads},
    scenario{.id = "push/blob-not-overwritten",
             .title = "A blob stays what it is when other bytes come under its digest",
             .category = "push",
             .judges = overwritten_judges,
             .body = overwritten},
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
