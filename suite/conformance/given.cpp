#include "given.hpp"

#include <utility>

#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {

boost::asio::awaitable<oci::digest> given_blob(context& ctx, std::string content) {
  const oci::digest digest = oci::digest_of(content);
  const auto opened = co_await ctx.send(api::start_upload(ctx.repository()));
  ctx.require_status(opened, 202, "push.post.202");
  const std::string session = api::location_of(opened);
  if (session.empty()) throw blocked("push.post.location", "the 202 has no usable Location");
  const auto closed = co_await ctx.send(api::close_upload(session, digest, std::move(content)));
  ctx.require_status(closed, 201, "push.put.201");
  co_return digest;
}

boost::asio::awaitable<pushed_manifest> given_manifest(context& ctx, std::string json,
                                                       std::string reference) {
  pushed_manifest out;
  out.descriptor = oci::describe(oci::media_type::image_manifest, json);
  out.json = std::move(json);
  if (reference.empty()) reference = out.descriptor.digest.str();
  const auto put = co_await ctx.send(
      api::put_manifest(ctx.repository(), reference, oci::media_type::image_manifest, out.json));
  ctx.require_status(put, 201, "push.manifest.201");
  co_return out;
}

boost::asio::awaitable<oci::image_manifest> given_artifact(context& ctx, std::string mark) {
  oci::image_manifest artifact;
  artifact.media_type = oci::media_type::image_manifest;
  artifact.artifact_type = "application/vnd.plimsoll.test.v1";
  artifact.config = oci::empty_descriptor();
  artifact.layers.push_back(oci::empty_descriptor());
  artifact.annotations.emplace("land.plimsoll.mark", std::move(mark));
  (void)co_await given_blob(ctx, std::string(oci::empty_content));
  co_return artifact;
}

}  // namespace plimsoll::suite
