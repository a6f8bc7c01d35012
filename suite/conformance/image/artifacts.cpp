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

namespace plimsoll::suite {
namespace {

constexpr auto minimal_judges = requirement_ids(
    "image.empty.registry", "image.extensibility.no-modify.registry", "pull.manifest.get-200",
    "image.data.registry-not-populate", "pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> minimal(context& ctx) {
  // An artifact of nothing but its type and annotations: config and layer are the empty
  // descriptor, once without its content and once with it as data.
  oci::image_manifest artifact = co_await given_artifact(ctx, "minimal");
  const std::string bare = oci::to_json(artifact);
  artifact.config.data = std::string(oci::empty_content);
  artifact.layers.front().data = std::string(oci::empty_content);
  std::vector<manifest_to_take> both;
  both.push_back({"image.empty.registry", artifact.media_type, bare});
  both.push_back({"image.empty.registry", artifact.media_type, oci::to_json(artifact)});
  co_await expect_taken(ctx, std::move(both));

  // The blob {} is pulled as any other, and no data came into the first.
  std::vector<expected_read> reads;
  reads.push_back({api::get_blob(ctx.repository(), artifact.config.digest),
                   std::string(oci::empty_content), "pull.blob.get-200", "pull.blob.get-body"});
  co_await expect_reads(ctx, std::move(reads));
  const auto got =
      co_await ctx.send(api::get_manifest(ctx.repository(), oci::digest_of(bare).str()));
  if (got.response.status != 200) co_return;
  const auto kept = oci::parse_image_manifest(got.response.body);
  const bool has_data =
      kept && (kept->config.data || (!kept->layers.empty() && kept->layers[0].data));
  ctx.expect(got, "image.data.registry-not-populate")
      .holds(!has_data, "descriptors without data, as pushed", "a descriptor with data");
}

constexpr auto type_judges =
    requirement_ids("image.manifest.unknown-artifacttype.registry",
                    "image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> unknown_type(context& ctx) {
  // An artifact of a type that nobody knows, and one of the longest that RFC 6838 allows.
  oci::image_manifest artifact = co_await given_artifact(ctx, "unknown-type");
  std::vector<manifest_to_take> all;
  for (const std::string& type :
       std::vector<std::string>{"application/vnd.plimsoll.never-heard-of.v7+json",
                                "x-plimsoll/" + std::string(127, 't')}) {
    artifact.artifact_type = type;
    all.push_back({"image.manifest.unknown-artifacttype.registry", artifact.media_type,
                   oci::to_json(artifact)});
  }
  co_await expect_taken(ctx, std::move(all));
}

constexpr auto config_type_judges =
    requirement_ids("image.manifest.unknown-config-type.registry",
                    "image.manifest.unknown-config-not-parsed.registry",
                    "image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> unknown_config(context& ctx) {
  // Configs of a type that nobody knows: JSON, what looks like broken JSON, endless arrays, and
  // bytes that are none.
  oci::image_manifest artifact = co_await given_artifact(ctx, "unknown-config");
  std::vector<std::string> configs{R"({"plimsoll":1})", R"({"architecture":)",
                                   std::string(10'000, '['), ctx.bytes(300)};
  (void)co_await given_blobs(ctx, configs);
  artifact.artifact_type.clear();
  std::vector<manifest_to_take> all;
  for (std::size_t i = 0; i < configs.size(); ++i) {
    artifact.config = oci::describe("application/vnd.plimsoll.config.v1+json", configs[i]);
    all.push_back({"image.manifest.unknown-config-type.registry", artifact.media_type,
                   oci::to_json(artifact)});
    // What comes of the first is about its type, what comes of the others about its content.
    if (i != 0) all.back().rule = "image.manifest.unknown-config-not-parsed.registry";
  }
  co_await expect_taken(ctx, std::move(all));
}

constexpr auto layer_type_judges =
    requirement_ids("image.manifest.unknown-layer-type.registry",
                    "image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> unknown_layer(context& ctx) {
  // A layer of a type that nobody knows, in an artifact.
  oci::image_manifest artifact = co_await given_artifact(ctx, "unknown-layer");
  const std::string content = ctx.bytes(200);
  (void)co_await given_blob(ctx, content);
  artifact.layers.front() = oci::describe("application/vnd.plimsoll.layer.v1.ar+lz9", content);
  co_await expect_taken(ctx, "image.manifest.unknown-layer-type.registry", artifact.media_type,
                        oci::to_json(artifact));
}

constexpr auto no_layers_judges = requirement_ids(
    "image.manifest.layers-empty-accepted.registry", "push.manifest.empty-blob-list",
    "image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> no_layers(context& ctx) {
  // A manifest without layers.
  oci::image_manifest artifact = co_await given_artifact(ctx, "no-layers");
  artifact.layers.clear();
  std::vector<manifest_to_take> all;
  all.push_back({"image.manifest.layers-empty-accepted.registry", artifact.media_type,
                 oci::to_json(artifact)});
  all.push_back({"push.manifest.empty-blob-list", artifact.media_type, oci::to_json(artifact)});
  co_await expect_taken(ctx, std::move(all));
}

constexpr auto legacy_judges =
    requirement_ids("image.artifact.legacy-accepted", "image.extensibility.no-modify.registry",
                    "pull.manifest.get-200");

boost::asio::awaitable<void> legacy(context& ctx) {
  // As artifacts were made before artifactType: the config calls itself an image's and is {},
  // the layer is of a type of its own.
  oci::image_manifest artifact = co_await given_artifact(ctx, "legacy");
  const std::string content = ctx.bytes(200);
  (void)co_await given_blob(ctx, content);
  artifact.artifact_type.clear();
  artifact.config.media_type = oci::media_type::image_config;
  artifact.layers.front() = oci::describe("application/vnd.plimsoll.chart.v1.tar+gzip", content);
  co_await expect_taken(ctx, "image.artifact.legacy-accepted", artifact.media_type,
                        oci::to_json(artifact));
}

constexpr std::array scenarios{
    scenario{.id = "image/artifact",
             .title = "An artifact of the empty config and the empty layer is taken",
             .category = "push",
             .judges = minimal_judges,
             .body = minimal},
    scenario{.id = "image/artifact-type-unknown",
             .title = "An artifactType that is not known is no error",
             .category = "push",
             .judges = type_judges,
             .body = unknown_type},
    scenario{.id = "image/config-type-unknown",
             .title = "A config of a type that is not known is no error, whatever is in it",
             .category = "push",
             .judges = config_type_judges,
             .body = unknown_config},
    scenario{.id = "image/layer-type-unknown",
             .title = "A layer of a type that is not known is no error",
             .category = "push",
             .judges = layer_type_judges,
             .body = unknown_layer},
    scenario{.id = "image/no-layers",
             .title = "A manifest without layers is taken",
             .category = "push",
             .judges = no_layers_judges,
             .body = no_layers},
    scenario{.id = "image/legacy-artifact",
             .title = "An artifact with an image's config type and layers of its own is taken",
             .category = "push",
             .judges = legacy_judges,
             .body = legacy},
};

}  // namespace

std::span<const scenario> artifacts() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
