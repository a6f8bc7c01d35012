#include <array>
#include <chrono>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include "catalog.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/sessions.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

constexpr const char* no_single_post = "blobs are not taken in a single POST";

constexpr auto single_post_judges = requirement_ids(
    "push.single-post.support", "push.single-post.201", "push.single-post.location",
    "push.single-post.location-pullable", "push.single-post.fallback-202",
    "push.single-post.fallback-location", "push.blob.dcd-value", "pull.blob.get-200",
    "pull.blob.get-body", "pull.head.blob-200", "pull.blob.dcd-matches-body");

/// What is due where the registry has not taken the blob with the POST.
boost::asio::awaitable<void> fall_back(context& ctx, http::exchange posted, std::string content) {
  // It is answered as if a session had been asked for.
  ctx.expect(posted, "push.single-post.fallback-202").status(202);
  if (posted.response.status != 202) throw unsupported(no_single_post);
  const std::string session = expect_location(ctx, posted, "push.single-post.fallback-location");
  if (session.empty()) throw unsupported(no_single_post);

  // The session takes the blob.
  const oci::digest digest = oci::digest_of(content);
  const auto closed = co_await ctx.send(api::close_upload(session, digest, content));
  ctx.expect(closed, "push.single-post.fallback-location").status(201);
  if (closed.response.status == 201) {
    std::vector<expected_read> reads;
    reads.push_back({api::get_blob(ctx.repository(), digest), std::move(content),
                     "pull.blob.get-200", "pull.blob.get-body"});
    co_await expect_reads(ctx, std::move(reads));
  }
  throw unsupported(no_single_post);
}

boost::asio::awaitable<void> single_post(context& ctx) {
  const std::string content = ctx.bytes(512);
  const oci::digest digest = oci::digest_of(content);

  // A blob goes out with its digest in one POST. Registries may do without that.
  const auto posted = co_await ctx.send(api::post_blob(ctx.repository(), digest, content));
  ctx.expect(posted, "push.single-post.support").status_in({201, 202});
  if (posted.response.status == 202 || posted.response.status / 100 != 2) {
    co_await fall_back(ctx, posted, content);
  }

  // It is taken, and can be pulled from where the answer says.
  ctx.expect(posted, "push.single-post.201").status(201);
  if (posted.response.status != 201) co_return;
  (void)expect_location(ctx, posted, "push.single-post.location");
  co_await expect_blob(ctx, posted, digest, content, "push.single-post.location-pullable");
}

constexpr auto cut_judges =
    requirement_ids("push.single-post.length-mismatch-rejected", "push.single-post.part-not-kept");

/// A single POST of content that lacks its end.
struct cut_post {
  std::string content;
  std::size_t sent;

  [[nodiscard]] oci::digest digest() const { return oci::digest_of(content); }
  [[nodiscard]] oci::digest digest_of_part() const {
    return oci::digest_of(content.substr(0, sent));
  }
};

boost::asio::awaitable<void> single_post_cut(context& ctx) {
  // The registry takes blobs in a single POST.
  std::string whole = ctx.bytes(64);
  const oci::digest taken = oci::digest_of(whole);
  const auto posted = co_await ctx.send(api::post_blob(ctx.repository(), taken, std::move(whole)));
  if (posted.response.status != 201) throw unsupported(no_single_post);

  // The connection ends one byte before the announced length, and half of it before.
  std::vector<cut_post> cuts;
  cuts.push_back({ctx.bytes(4096), 4095});
  cuts.push_back({ctx.bytes(4096), 2048});
  std::vector<http::request> posts;
  std::vector<http::request> reads;
  for (const cut_post& cut : cuts) {
    posts.push_back(api::post_blob(ctx.repository(), cut.digest(), cut.content));
    posts.back().cut_after(cut.sent);
    reads.push_back(api::head_blob(ctx.repository(), cut.digest()));
    reads.push_back(api::get_blob(ctx.repository(), cut.digest()));
    reads.push_back(api::head_blob(ctx.repository(), cut.digest_of_part()));
  }
  (void)co_await ctx.try_send_all(std::move(posts));

  // No such blob comes of it, also when the registry has had time to notice, and it goes on. A
  // blob of the part under the part's own digest is not asked for, and is what it says.
  constexpr int looks = 5;
  for (int i = 0; i < looks; ++i) {
    const auto seen = co_await ctx.send_all(reads);
    for (std::size_t k = 0; k < seen.size(); ++k) {
      const bool is_served = seen[k].response.status / 100 == 2;
      const auto rule = k % 3 == 2 ? requirement_id("push.single-post.part-not-kept")
                                   : requirement_id("push.single-post.length-mismatch-rejected");
      ctx.expect(seen[k], rule)
          .holds(!is_served, "no such blob", fmt::format("status {}", seen[k].response.status));
    }
    co_await ctx.pause(std::chrono::milliseconds(20));
  }
}

constexpr std::array scenarios{
    scenario{.id = "push/blob-single-post",
             .title = "A blob is pushed with one POST, or the POST opens a session",
             .category = "push",
             .judges = single_post_judges,
             .body = single_post},
    scenario{.id = "push/blob-single-post-cut",
             .title = "A single POST that ends too early leaves no blob",
             .category = "push",
             .judges = cut_judges,
             .body = single_post_cut},
};

}  // namespace

std::span<const scenario> blobs_in_single_post() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
