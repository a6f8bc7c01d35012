#include <array>
#include <chrono>
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

constexpr const char* no_single_post = "blobs are not taken in a single POST";

constexpr auto single_post_judges =
    requirement_ids("push.single-post.support", "push.single-post.201", "push.single-post.location",
                    "push.single-post.location-pullable", "push.single-post.fallback-202",
                    "push.single-post.fallback-location");

/// What is due where the registry has not taken the blob with the POST.
boost::asio::awaitable<void> fall_back(context& ctx, http::exchange posted, std::string content) {
  // It is answered as if a session had been asked for.
  ctx.expect(posted, "push.single-post.fallback-202").status(202);
  if (posted.response.status != 202) throw unsupported(no_single_post);
  ctx.expect(posted, "push.single-post.fallback-location").has_location();
  const std::string session = location_of(posted, "push.single-post.fallback-location");

  // The session takes the blob.
  const oci::digest digest = oci::digest_of(content);
  const auto closed = co_await ctx.send(api::close_upload(session, digest, std::move(content)));
  ctx.expect(closed, "push.single-post.fallback-location").status(201);
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
  ctx.expect(posted, "push.single-post.location").has_location();
  const std::string location = location_of(posted, "push.single-post.location");
  const auto got = co_await ctx.send(http::request("GET", location));
  ctx.expect(got, "push.single-post.location-pullable").status(200).body(content);
}

constexpr auto cut_judges = requirement_ids("push.single-post.length-mismatch-rejected");

boost::asio::awaitable<void> single_post_cut(context& ctx) {
  // The registry takes blobs in a single POST.
  std::string whole = ctx.bytes(64);
  const oci::digest taken = oci::digest_of(whole);
  const auto posted = co_await ctx.send(api::post_blob(ctx.repository(), taken, std::move(whole)));
  if (posted.response.status != 201) throw unsupported(no_single_post);

  // The connection ends one byte before the announced length.
  std::string content = ctx.bytes(4096);
  const oci::digest digest = oci::digest_of(content);
  const oci::digest of_the_part = oci::digest_of(content.substr(0, content.size() - 1));
  auto cut = api::post_blob(ctx.repository(), digest, std::move(content));
  cut.cut_after(4095);
  (void)co_await ctx.try_send(std::move(cut));

  // There is no such blob, also when the registry has had time to notice, and it goes on.
  constexpr int looks = 5;
  const std::array both{of_the_part, digest};
  for (int i = 0; i < looks; ++i) {
    for (const oci::digest& one : both) {
      const auto asked = co_await ctx.send(api::head_blob(ctx.repository(), one));
      ctx.expect(asked, "push.single-post.length-mismatch-rejected").status(404);
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
