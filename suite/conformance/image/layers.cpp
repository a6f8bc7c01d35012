#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "layer_archive.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "stored.hpp"
#include "taken.hpp"

namespace plimsoll::suite {
namespace {

constexpr std::size_t file_bytes = 5000;

struct image_parts {
  std::string config;
  std::string layer;
  oci::image_manifest manifest;
};

/// An image of one layer, whose config names the layer's archive by its digest.
image_parts image_of(std::string_view layer_type, std::string layer, std::string_view archive) {
  image_parts made;
  made.config = R"({"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers",)"
                R"("diff_ids":[")" +
                oci::digest_of(archive).str() + R"("]}})";
  made.manifest.media_type = oci::media_type::image_manifest;
  made.manifest.config = oci::describe(oci::media_type::image_config, made.config);
  made.manifest.layers.push_back(oci::describe(layer_type, layer));
  made.layer = std::move(layer);
  return made;
}

/// Text, so that compression has something to do.
std::string archive_with(context& ctx) {
  std::string text;
  for (const char one : ctx.bytes(file_bytes)) text += one > 0 ? "ship " : "shape";
  return tar_of("usr/share/plimsoll/" + std::to_string(text.size()), text.substr(0, file_bytes));
}

using uncompress = std::optional<std::string> (*)(std::string_view, std::size_t);

std::optional<std::string> as_it_is(std::string_view bytes, std::size_t /*limit*/) {
  return std::string(bytes);
}

/// The image is pushed and pulled, and its layer is unpacked again.
boost::asio::awaitable<void> expect_image(context& ctx, requirement_id rule, image_parts image,
                                          std::string archive, uncompress unpack) {
  const std::vector<std::string> blobs{image.config, image.layer};
  (void)co_await given_blobs(ctx, blobs);
  co_await expect_taken(ctx, rule, image.manifest.media_type, oci::to_json(image.manifest));
  const oci::digest digest = image.manifest.layers.front().digest;
  std::vector<expected_read> reads;
  reads.push_back({api::get_blob(ctx.repository(), digest), image.layer, "pull.blob.get-200",
                   "pull.blob.get-body"});
  reads.push_back({api::get_blob(ctx.repository(), image.manifest.config.digest), image.config,
                   "pull.blob.get-200", "pull.blob.get-body"});
  const auto seen = co_await read_back(ctx, reads);
  for (std::size_t i = 0; i < reads.size(); ++i) (void)expect_content(ctx, seen[i], reads[i]);
  if (seen.front().response.status != 200) co_return;
  const auto unpacked = unpack(seen.front().response.body, archive.size());
  ctx.expect(seen.front(), rule)
      .holds(unpacked == archive, "a layer that unpacks to its files",
             unpacked ? "other files" : "what does not unpack");
}

constexpr auto types_judges = requirement_ids(
    "pull.blob.get-200", "pull.blob.get-body", "image.manifest.layer-types-supported.registry",
    "image.manifest.config-type-supported.registry", "image.extensibility.no-modify.registry",
    "pull.manifest.get-200");

boost::asio::awaitable<void> tar(context& ctx) {
  // An image with an uncompressed layer.
  const std::string archive = archive_with(ctx);
  const image_parts image = image_of(oci::media_type::layer_tar, archive, archive);
  co_await expect_image(ctx, "image.manifest.layer-types-supported.registry", image, archive,
                        as_it_is);
  // Its config is one of the OCI's, which every registry supports.
  const std::string manifest = oci::digest_of(oci::to_json(image.manifest)).str();
  const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), manifest));
  if (!is_policy_refusal(got)) {
    ctx.expect(got, "image.manifest.config-type-supported.registry").status(200);
  }
}

boost::asio::awaitable<void> gzip(context& ctx) {
  const std::string archive = archive_with(ctx);
  const image_parts image = image_of(oci::media_type::layer_gzip, gzip_of(archive), archive);
  co_await expect_image(ctx, "image.manifest.layer-types-supported.registry", image, archive,
                        gunzipped);
}

constexpr auto zstd_judges =
    requirement_ids("pull.blob.get-200", "pull.blob.get-body", "image.manifest.layer-zstd.registry",
                    "image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> zstd(context& ctx) {
  const std::string archive = archive_with(ctx);
  const image_parts image = image_of(oci::media_type::layer_zstd, zstd_of(archive), archive);
  co_await expect_image(ctx, "image.manifest.layer-zstd.registry", image, archive, unzstd);
}

constexpr auto nondistributable_judges = requirement_ids(
    "image.manifest.layer-types-supported.registry", "image.layer.nondist-existing-zstd.registry",
    "image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> nondistributable(context& ctx) {
  // Images whose layers may not be distributed, and are in the repository.
  const std::string archive = archive_with(ctx);
  const image_parts plain = image_of(oci::media_type::layer_nondistributable_tar, archive, archive);
  const image_parts gzipped =
      image_of(oci::media_type::layer_nondistributable_gzip, gzip_of(archive), archive);
  const image_parts zstandard =
      image_of(oci::media_type::layer_nondistributable_zstd, zstd_of(archive), archive);
  const std::vector<std::string> blobs{plain.config, plain.layer, gzipped.layer, zstandard.layer};
  (void)co_await given_blobs(ctx, blobs);

  // They are taken as any others.
  std::vector<manifest_to_take> all;
  all.push_back({"image.manifest.layer-types-supported.registry", plain.manifest.media_type,
                 oci::to_json(plain.manifest)});
  all.push_back({"image.manifest.layer-types-supported.registry", plain.manifest.media_type,
                 oci::to_json(gzipped.manifest)});
  all.push_back({"image.layer.nondist-existing-zstd.registry", plain.manifest.media_type,
                 oci::to_json(zstandard.manifest)});
  co_await expect_taken(ctx, std::move(all));
}

constexpr auto elsewhere_judges =
    requirement_ids("image.layer.nondist-missing-blob.registry",
                    "image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> elsewhere(context& ctx) {
  // An image whose layer may not be distributed, and is not in the repository: its descriptor
  // says where it is.
  const std::string archive = archive_with(ctx);
  image_parts image =
      image_of(oci::media_type::layer_nondistributable_gzip, gzip_of(archive), archive);
  image.manifest.layers.front().urls.emplace_back("https://registry.example/layer");
  (void)co_await given_blob(ctx, image.config);
  co_await expect_taken(ctx, "image.layer.nondist-missing-blob.registry", image.manifest.media_type,
                        oci::to_json(image.manifest));
}

constexpr std::array scenarios{
    scenario{.id = "image/layer-tar",
             .title = "An image with an uncompressed layer is pushed and pulled",
             .category = "push",
             .judges = types_judges,
             .body = tar},
    scenario{.id = "image/layer-gzip",
             .title = "An image with a gzip layer is pushed and pulled, and the layer unpacks",
             .category = "push",
             .judges = types_judges,
             .body = gzip},
    scenario{.id = "image/layer-zstd",
             .title = "An image with a zstd layer is pushed and pulled, and the layer unpacks",
             .category = "push",
             .judges = zstd_judges,
             .body = zstd},
    scenario{.id = "image/layer-nondistributable",
             .title = "Images with layers that may not be distributed are taken",
             .category = "push",
             .judges = nondistributable_judges,
             .body = nondistributable},
    scenario{.id = "image/layer-elsewhere",
             .title = "A layer that may not be distributed need not be in the repository",
             .category = "push",
             .judges = elsewhere_judges,
             .body = elsewhere},
};

}  // namespace

std::span<const scenario> layers() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
