#include <array>
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

constexpr auto blob_post_put_judges =
    requirement_ids("push.post.202", "push.post.location", "push.blob.digest-mismatch-rejected",
                    "push.put.201", "push.put.location", "push.put.location-pullable");

boost::asio::awaitable<void> blob_post_put(context& ctx) {
  const std::string content = ctx.bytes(512);
  const oci::digest digest = oci::digest_of(content);

  // An upload session is opened.
  const auto opened = co_await ctx.send(api::start_upload(ctx.repository()));
  ctx.expect(opened, "push.post.202").status(202);
  ctx.expect(opened, "push.post.location").has_header("Location");
  const std::string session = api::location_of(opened);
  if (session.empty()) throw blocked("push.post.location", "the answer has no usable Location");

  // Bytes that do not hash to the digest are not taken as that blob.
  const oci::digest other = oci::digest_of(ctx.bytes(32));
  const auto refused = co_await ctx.send(api::close_upload(session, other, content));
  ctx.expect(refused, "push.blob.digest-mismatch-rejected")
      .holds(refused.response.status >= 400, "a status of 400 or more",
             "status " + std::to_string(refused.response.status));

  // A session of its own takes the right ones, and says where the blob is.
  const auto again = co_await ctx.send(api::start_upload(ctx.repository()));
  ctx.require_status(again, 202, "push.post.202");
  const auto closed =
      co_await ctx.send(api::close_upload(api::location_of(again), digest, content));
  ctx.expect(closed, "push.put.201").status(201);
  ctx.expect(closed, "push.put.location").has_header("Location");
  const std::string location = api::location_of(closed);
  if (location.empty()) co_return;
  const auto got = co_await ctx.send(http::request("GET", location));
  ctx.expect(got, "push.put.location-pullable").status(200).body(content);
}

constexpr std::array scenarios{
    scenario{.id = "push/blob-post-put",
             .title = "A blob is pushed with POST and PUT",
             .category = "push",
             .judges = blob_post_put_judges,
             .body = blob_post_put},
};

}  // namespace

std::span<const scenario> blobs_monolithically() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
