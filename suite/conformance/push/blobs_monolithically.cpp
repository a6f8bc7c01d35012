#include <array>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/sessions.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

/// Statuses by which a registry says that nobody may push to it, or that it takes no pushes.
bool takes_no_pushes(int status) {
  return status == 401 || status == 403 || status == 404 || status == 405;
}

constexpr auto support_judges = requirement_ids("category.push.support");

boost::asio::awaitable<void> support(context& ctx) {
  // A registry of the push category opens a session for a blob, and takes a manifest.
  const auto opened = co_await ctx.send(api::start_upload(ctx.repository()));
  ctx.expect(opened, "category.push.support")
      .holds(!takes_no_pushes(opened.response.status), "pushes are taken",
             fmt::format("status {}", opened.response.status));
  if (opened.response.status != 202) co_return;
  const auto artifact = co_await given_artifact(ctx, "push/support");
  const auto put = co_await ctx.send(
      api::put_manifest(ctx.repository(), "support", artifact.media_type, to_json(artifact)));
  ctx.expect(put, "category.push.support")
      .holds(!takes_no_pushes(put.response.status), "pushes are taken",
             fmt::format("status {}", put.response.status));
}

constexpr auto blob_post_put_judges =
    requirement_ids("push.post.202", "push.post.location", "push.put.201", "push.put.location",
                    "push.put.location-pullable", "push.blob.dcd-value", "pull.blob.get-200",
                    "pull.blob.get-body", "pull.head.blob-200", "pull.blob.dcd-matches-body");

boost::asio::awaitable<void> blob_post_put(context& ctx) {
  const std::string content = ctx.bytes(512);
  const oci::digest digest = oci::digest_of(content);

  // An upload session is opened.
  const auto opened = co_await ctx.send(api::start_upload(ctx.repository()));
  ctx.require_allowed(opened);
  if (takes_no_pushes(opened.response.status)) {
    throw blocked("category.push.support", "the registry takes no pushes");
  }
  ctx.expect(opened, "push.post.202").status(202);
  // Behind a redirect, or a refusal, there is no session: whatever comes next has the same cause.
  if (opened.response.status / 100 != 2) co_return;
  (void)expect_location(ctx, opened, "push.post.location");
  const std::string session = session_of(opened, "push.post.location");

  // It takes the blob, and says where the blob is.
  const auto closed = co_await ctx.send(api::close_upload(session, digest, content));
  ctx.expect(closed, "push.put.201").status(201);
  if (closed.response.status != 201) co_return;
  (void)expect_location(ctx, closed, "push.put.location");
  co_await expect_blob(ctx, closed, digest, content, "push.put.location-pullable");
}

constexpr auto sessions_judges = requirement_ids("push.post.location-uuid", "push.put.201",
                                                 "pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> sessions_of_their_own(context& ctx) {
  // Four sessions are open in one repository.
  std::vector<http::request> starts;
  for (int i = 0; i < 4; ++i) starts.push_back(api::start_upload(ctx.repository()));
  const auto opened = co_await ctx.send_all(std::move(starts));
  std::set<std::string> locations;
  for (const http::exchange& one : opened) {
    ctx.require_status(one, 202, "push.post.202");
    locations.insert(session_of(one, "push.post.location"));
  }

  // Each has an id of its own.
  ctx.expect(opened.back(), "push.post.location-uuid")
      .holds(locations.size() == opened.size(), "4 different Locations for 4 sessions",
             fmt::format("{} different ones", locations.size()));
  if (locations.size() != opened.size()) co_return;

  // Each takes a blob of its own, whatever comes in the others.
  std::vector<http::request> ends;
  std::vector<expected_read> reads;
  for (const std::string& location : locations) {
    std::string content = ctx.bytes(300);
    const oci::digest digest = oci::digest_of(content);
    ends.push_back(api::close_upload(location, digest, content));
    reads.push_back({api::get_blob(ctx.repository(), digest), std::move(content),
                     "pull.blob.get-200", "pull.blob.get-body"});
  }
  const auto closed = co_await ctx.send_all(std::move(ends));
  std::vector<expected_read> claimed;
  for (std::size_t i = 0; i < closed.size(); ++i) {
    ctx.expect(closed[i], "push.put.201").status(201);
    if (closed[i].response.status == 201) claimed.push_back(std::move(reads[i]));
  }
  co_await expect_reads(ctx, std::move(claimed));
}

constexpr auto already_known_judges = requirement_ids(
    "usecase.dedup.already-known", "pull.head.blob-200", "pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> already_known(context& ctx) {
  // A blob is in the repository.
  const std::string content = ctx.bytes(512);
  const oci::digest digest = co_await given_blob(ctx, content);

  // Who wants to push it finds out that it is there.
  std::vector<expected_read> reads;
  reads.push_back({api::head_blob(ctx.repository(), digest), content, "pull.head.blob-200",
                   "pull.head.blob-200"});
  co_await expect_reads(ctx, reads);

  // To push it all the same does no harm, whether it is taken or refused: the blob stays.
  const upload session = co_await given_upload(ctx);
  const auto closed = co_await ctx.send(api::close_upload(session.location, digest, content));
  ctx.expect(closed, "usecase.dedup.already-known").status(201);
  reads.clear();
  reads.push_back({api::get_blob(ctx.repository(), digest), content, "pull.blob.get-200",
                   "pull.blob.get-body"});
  co_await expect_reads(ctx, std::move(reads));
}

constexpr std::array scenarios{
    scenario{.id = "push/support",
             .title = "The registry takes blobs and manifests",
             .category = "push",
             .judges = support_judges,
             .body = support},
    scenario{.id = "push/blob-post-put",
             .title = "A blob is pushed with POST and PUT",
             .category = "push",
             .judges = blob_post_put_judges,
             .body = blob_post_put},
    scenario{.id = "push/upload-sessions",
             .title = "Each upload session has a Location of its own",
             .category = "push",
             .judges = sessions_judges,
             .body = sessions_of_their_own},
    scenario{.id = "push/blob-already-there",
             .title = "A blob that is already there can be found, and pushed again",
             .category = "push",
             .judges = already_known_judges,
             .body = already_known},
};

}  // namespace

std::span<const scenario> blobs_monolithically() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
