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

constexpr auto pull_manifest_judges = requirement_ids(
    "pull.manifest.get-200", "pull.manifest.get-body", "pull.manifest.content-type-present",
    "pull.manifest.docker-content-digest", "pull.manifest.content-type-as-pushed",
    "pull.head.manifest-200", "pull.head.manifest-content-length");

boost::asio::awaitable<void> pull_manifest(context& ctx) {
  // A manifest is in the repository, under a tag.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "pulled");
  const std::string json = oci::to_json(artifact);
  const auto pushed = co_await given_manifest(ctx, json, "pulled");
  const std::string digest = pushed.descriptor.digest.str();

  // By its tag come the bytes and the type that were pushed.
  const auto by_tag = co_await ctx.send(api::get_manifest(ctx.repository(), "pulled"));
  ctx.expect(by_tag, "pull.manifest.get-200").status(200);
  ctx.expect(by_tag, "pull.manifest.get-body").body(json);
  ctx.expect(by_tag, "pull.manifest.content-type-present").has_header("Content-Type");
  ctx.expect(by_tag, "pull.manifest.docker-content-digest").has_header("Docker-Content-Digest");

  // And by its digest.
  const auto by_digest = co_await ctx.send(api::get_manifest(ctx.repository(), digest));
  ctx.expect(by_digest, "pull.manifest.get-200").status(200);
  ctx.expect(by_digest, "pull.manifest.get-body").body(json);
  ctx.expect(by_digest, "pull.manifest.content-type-as-pushed")
      .header("Content-Type", oci::media_type::image_manifest);

  // HEAD tells the same without the bytes.
  const auto head = co_await ctx.send(api::head_manifest(ctx.repository(), "pulled"));
  ctx.expect(head, "pull.head.manifest-200").status(200);
  ctx.expect(head, "pull.head.manifest-content-length")
      .header("Content-Length", std::to_string(json.size()));
}

constexpr std::array scenarios{
    scenario{.id = "pull/manifest",
             .title = "A manifest is pulled by tag and by digest as it was pushed",
             .category = "pull",
             .judges = pull_manifest_judges,
             .body = pull_manifest},
};

}  // namespace

std::span<const scenario> pulling_manifests() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
