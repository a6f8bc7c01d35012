#include "given.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

/// Of a long row of requests, so that other scenarios get their turn between them.
constexpr std::ptrdiff_t most_at_once = 32;

}  // namespace

boost::asio::awaitable<oci::digest> given_blob(context& ctx, std::string content) {
  std::vector<std::string> one;
  one.push_back(std::move(content));
  const auto digests = co_await given_blobs(ctx, std::move(one));
  co_return digests.front();
}

boost::asio::awaitable<std::vector<oci::digest>> given_blobs(context& ctx,
                                                             std::vector<std::string> contents) {
  co_return co_await given_blobs_in(ctx, ctx.repository(), std::move(contents));
}

boost::asio::awaitable<std::vector<oci::digest>> given_blobs_in(context& ctx,
                                                                std::string repository,
                                                                std::vector<std::string> contents) {
  std::vector<http::request> starts;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    starts.push_back(api::start_upload(repository));
  }
  const auto opened = co_await ctx.send_all(std::move(starts));
  std::vector<oci::digest> digests;
  std::vector<http::request> ends;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    ctx.require_status(opened[i], 202, "push.post.202");
    const std::string session = location_of(opened[i], "push.post.location");
    digests.push_back(oci::digest_of(contents[i]));
    ends.push_back(api::close_upload(session, digests.back(), std::move(contents[i])));
  }
  const auto closed = co_await ctx.send_all(std::move(ends));
  for (const http::exchange& one : closed) ctx.require_status(one, 201, "push.put.201");
  co_return digests;
}

boost::asio::awaitable<pushed_manifest> given_manifest(context& ctx, std::string json,
                                                       std::string reference) {
  co_return co_await given_manifest(ctx, std::move(json), std::move(reference),
                                    std::string(oci::media_type::image_manifest));
}

boost::asio::awaitable<pushed_manifest> given_manifest(context& ctx, std::string json,
                                                       std::string reference,
                                                       std::string media_type) {
  pushed_manifest out;
  out.descriptor = oci::describe(media_type, json);
  out.json = std::move(json);
  if (reference.empty()) reference = out.descriptor.digest.str();
  const auto put =
      co_await ctx.send(api::put_manifest(ctx.repository(), reference, media_type, out.json));
  ctx.require_status(put, 201, "push.manifest.201");
  co_return out;
}

boost::asio::awaitable<std::vector<http::exchange>> given_pushed(
    context& ctx, std::vector<http::request> pushes) {
  std::vector<http::exchange> answers;
  while (answers.size() < pushes.size()) {
    const auto from = pushes.begin() + static_cast<std::ptrdiff_t>(answers.size());
    const auto count = std::min(pushes.end() - from, most_at_once);
    std::vector<http::request> some(from, from + count);
    auto answered = co_await ctx.send_all(std::move(some));
    for (http::exchange& answer : answered) {
      ctx.require_status(answer, 201, "push.manifest.201");
      answers.push_back(std::move(answer));
    }
  }
  co_return answers;
}

boost::asio::awaitable<void> given_elsewhere(context& ctx, std::vector<std::string> blobs,
                                             std::string manifest, std::string reference) {
  (void)co_await given_blobs_in(ctx, ctx.other_repository(), std::move(blobs));
  if (reference.empty()) reference = oci::digest_of(manifest).str();
  const auto put = co_await ctx.send(api::put_manifest(
      ctx.other_repository(), reference, oci::media_type::image_manifest, std::move(manifest)));
  ctx.require_status(put, 201, "push.manifest.201");
}

boost::asio::awaitable<pushed_manifest> given_tags(context& ctx, std::vector<std::string> tags) {
  const oci::image_manifest artifact = co_await given_artifact(ctx, "tagged");
  const auto pushed = co_await given_manifest(ctx, oci::to_json(artifact), "");
  std::vector<http::request> pushes;
  for (const std::string& tag : tags) {
    pushes.push_back(
        api::put_manifest(ctx.repository(), tag, oci::media_type::image_manifest, pushed.json));
  }
  (void)co_await given_pushed(ctx, std::move(pushes));
  co_return pushed;
}

boost::asio::awaitable<oci::image_manifest> given_artifact(context& ctx, std::string mark) {
  oci::image_manifest artifact;
  artifact.media_type = oci::media_type::image_manifest;
  artifact.artifact_type = "application/vnd.plimsoll.test.v1";
  artifact.config = oci::empty_descriptor();
  artifact.layers.push_back(oci::empty_descriptor());
  artifact.annotations.emplace("land.plimsoll.mark", std::move(mark));
  artifact.annotations.emplace("land.plimsoll.scenario", ctx.mark());
  (void)co_await given_blob(ctx, std::string(oci::empty_content));
  co_return artifact;
}

}  // namespace plimsoll::suite
