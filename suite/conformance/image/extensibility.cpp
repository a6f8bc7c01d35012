#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "stored.hpp"
#include "taken.hpp"
#include "told.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto annotation_judges =
    requirement_ids("image.annotations.unknown-key.registry",
                    "image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> annotations(context& ctx) {
  // Annotations whose keys nobody knows, on the manifest, its config and its layer.
  oci::image_manifest artifact = co_await given_artifact(ctx, "annotations");
  const oci::annotations odd{{"with spaces", " "},
                             {"\xE2\x98\x83.example", "\xF0\x9F\x9A\xA2"},
                             {"a\"b\\c/d", "\n\t"},
                             {std::string(1000, 'k'), std::string(1000, 'v')}};
  artifact.annotations.insert(odd.begin(), odd.end());
  artifact.config.annotations = odd;
  artifact.layers.front().annotations = odd;
  co_await expect_taken(ctx, "image.annotations.unknown-key.registry", artifact.media_type,
                        oci::to_json(artifact));
}

constexpr auto property_judges =
    requirement_ids("image.extensibility.unknown-property.registry",
                    "image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> properties(context& ctx) {
  // Members that the spec does not have, on every level of a manifest and of an index.
  const std::string extra = R"({"org.example.extra":{"a":[1,null,true]},"x":"y"})";
  oci::image_manifest artifact = co_await given_artifact(ctx, "properties");
  artifact.unknown = extra;
  artifact.config.unknown = extra;
  artifact.layers.front().unknown = extra;
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.unknown = extra;
  index.manifests.push_back(oci::describe(artifact.media_type, oci::to_json(artifact)));
  index.manifests.front().unknown = extra;
  // The index comes behind what it lists.
  co_await expect_taken(ctx, "image.extensibility.unknown-property.registry", artifact.media_type,
                        oci::to_json(artifact));
  co_await expect_taken(ctx, "image.extensibility.unknown-property.registry", index.media_type,
                        oci::to_json(index));
}

constexpr auto config_judges =
    requirement_ids("image.config.extra-fields.registry", "image.extensibility.no-modify.registry",
                    "pull.manifest.get-200", "pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> config(context& ctx) {
  // An image's config has members that the spec does not have.
  oci::image_manifest image = co_await given_artifact(ctx, "config");
  image.artifact_type.clear();
  const std::string extended =
      R"({"org.example.extra":{"a":[1]},"architecture":"amd64","os":"linux",)"
      R"("config":{"org.example.extra":1},"rootfs":{"type":"layers","diff_ids":[")" +
      image.layers.front().digest.str() + R"("],"extra":null}})";
  (void)co_await given_blob(ctx, extended);
  image.config = oci::describe(oci::media_type::image_config, extended);
  co_await expect_taken(ctx, "image.config.extra-fields.registry", image.media_type,
                        oci::to_json(image));

  // The config is kept byte by byte, as any blob.
  std::vector<expected_read> reads;
  reads.push_back({api::get_blob(ctx.repository(), image.config.digest), extended,
                   "pull.blob.get-200", "pull.blob.get-body"});
  co_await expect_reads(ctx, std::move(reads));
}

constexpr auto order_judges =
    requirement_ids("image.json.order", "image.extensibility.no-modify.registry",
                    "pull.manifest.get-200", "referrers.complete");

boost::asio::awaitable<void> order(context& ctx) {
  // The members of a manifest come in another order, subject and mediaType last.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "order");
  const oci::descriptor subject = oci::describe(artifact.media_type, ctx.bytes(50));
  const std::string json = R"({"layers":[)" + oci::to_json(artifact.layers.front()) +
                           R"(],"annotations":{"z":"1","a":"2"},"config":)" +
                           oci::to_json(artifact.config) + R"(,"artifactType":")" +
                           artifact.artifact_type + R"(","subject":)" + oci::to_json(subject) +
                           R"(,"schemaVersion":2,"mediaType":")" + artifact.media_type + R"("})";
  co_await expect_taken(ctx, "image.json.order", artifact.media_type, json);

  // It means the same: with the referrers API one that was taken is listed for its subject.
  const oci::digest digest = oci::digest_of(json);
  const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), digest.str()));
  if (got.response.status != 200) co_return;
  const settle_condition is_listed = [digest](const http::exchange& seen) {
    return !lacks_referrer(seen, digest);
  };
  const auto listed =
      co_await ctx.settle(settle_kind::referrers,
                          api::list_referrers(ctx.repository(), subject.digest.str()), is_listed);
  if (listed.response.status != 200) co_return;
  ctx.expect(listed, "referrers.complete")
      .holds(!lacks_referrer(listed, digest), "the manifest is listed", "it is not");
}

constexpr std::array scenarios{
    scenario{.id = "image/annotations-unknown",
             .title = "Annotations whose keys are not known are no error",
             .category = "push",
             .judges = annotation_judges,
             .body = annotations},
    scenario{.id = "image/properties-unknown",
             .title = "Members that are not known are no error",
             .category = "push",
             .judges = property_judges,
             .body = properties},
    scenario{.id = "image/config",
             .title = "Members of an image's config that are not known are no error",
             .category = "push",
             .judges = config_judges,
             .body = config},
    scenario{.id = "image/member-order",
             .title = "The order of a manifest's members has no meaning",
             .category = "push",
             .judges = order_judges,
             .body = order},
};

}  // namespace

std::span<const scenario> extensibility() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
