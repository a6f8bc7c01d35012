#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/error_document.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "stored.hpp"
#include "taken.hpp"

namespace plimsoll::suite {
namespace {

oci::descriptor on_platform(oci::descriptor of, const char* os, const char* architecture) {
  of.platform.emplace();
  of.platform->os = os;
  of.platform->architecture = architecture;
  return of;
}

/// Images that differ by their marks are in the repository; what an index lists of them.
boost::asio::awaitable<std::vector<oci::descriptor>> given_images(context& ctx,
                                                                  std::vector<std::string> marks) {
  oci::image_manifest artifact = co_await given_artifact(ctx, "image");
  std::vector<http::request> pushes;
  std::vector<oci::descriptor> images;
  for (const std::string& one : marks) {
    artifact.annotations["land.plimsoll.mark"] = one;
    const std::string json = oci::to_json(artifact);
    images.push_back(oci::describe(artifact.media_type, json));
    pushes.push_back(
        api::put_manifest(ctx.repository(), images.back().digest.str(), artifact.media_type, json));
  }
  (void)co_await given_pushed(ctx, std::move(pushes));
  co_return images;
}

oci::image_index index_of(std::vector<oci::descriptor> manifests) {
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.manifests = std::move(manifests);
  return index;
}

constexpr auto images_judges =
    requirement_ids("image.index.manifest-type-supported.registry",
                    "image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> images(context& ctx) {
  // An index of two images for different platforms, and one of them as an artifact.
  const std::vector<std::string> marks{"amd64", "arm64"};
  auto found = co_await given_images(ctx, marks);
  found[0] = on_platform(found[0], "linux", "amd64");
  found[1] = on_platform(found[1], "linux", "arm64");
  oci::image_index index = index_of(found);
  std::vector<manifest_to_take> both;
  both.push_back(
      {"image.index.manifest-type-supported.registry", index.media_type, oci::to_json(index)});
  index.artifact_type = "application/vnd.plimsoll.collection.v1";
  index.annotations["land.plimsoll.mark"] = "collection";
  both.push_back(
      {"image.index.manifest-type-supported.registry", index.media_type, oci::to_json(index)});
  co_await expect_taken(ctx, std::move(both));

  // The images are there beside it.
  for (const oci::descriptor& image : found) {
    const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), image.digest.str()));
    if (!is_policy_refusal(got)) ctx.expect(got, "pull.manifest.get-200").status(200);
  }
}

constexpr auto order_judges = requirement_ids("push.manifest.exact-bytes", "pull.manifest.get-200",
                                              "push.manifest.by-tag-and-digest");

boost::asio::awaitable<void> order(context& ctx) {
  // Several entries of an index match one platform. A client takes the first that matches, so
  // that their order and number count.
  const std::vector<std::string> marks{"first", "second", "third"};
  auto found = co_await given_images(ctx, marks);
  for (oci::descriptor& one : found) one = on_platform(one, "linux", "amd64");
  found.push_back(found[0]);
  found.push_back(on_platform(found[2], "windows", "amd64"));
  const std::string json = oci::to_json(index_of(found));
  const auto pushed = co_await given_manifest(ctx, json, "several-match",
                                              std::string(oci::media_type::image_index));

  // It comes back as it was pushed, by tag and by digest.
  std::vector<expected_read> reads;
  reads.push_back({api::get_manifest(ctx.repository(), "several-match"), json,
                   "pull.manifest.get-200", "push.manifest.exact-bytes"});
  reads.push_back({api::get_manifest(ctx.repository(), pushed.descriptor.digest.str()), json,
                   "push.manifest.by-tag-and-digest", "push.manifest.exact-bytes"});
  co_await expect_reads(ctx, std::move(reads));
}

constexpr auto empty_judges =
    requirement_ids("image.index.manifests-empty.registry", "push.manifest.by-tag-and-digest",
                    "image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> empty(context& ctx) {
  // An index that lists nothing, which a registry may take or refuse.
  oci::image_index index = index_of({});
  index.annotations["land.plimsoll.mark"] = "empty";
  const std::string json = oci::to_json(index);
  const std::string digest = oci::digest_of(json).str();
  const auto put =
      co_await ctx.send(api::put_manifest(ctx.repository(), digest, index.media_type, json));
  ctx.expect(put, "image.index.manifests-empty.registry").status(201);
  if (put.response.status != 201) {
    throw unsupported("an index that lists nothing is not taken: status " +
                      std::to_string(put.response.status));
  }

  // One that was taken comes back as it was pushed.
  std::vector<expected_read> reads;
  reads.push_back({api::get_manifest(ctx.repository(), digest), json,
                   "push.manifest.by-tag-and-digest", "image.extensibility.no-modify.registry"});
  co_await expect_reads(ctx, std::move(reads));
}

constexpr auto nested_judges =
    requirement_ids("image.index.nested.registry", "image.extensibility.no-modify.registry",
                    "pull.manifest.get-200");

boost::asio::awaitable<void> nested(context& ctx) {
  // An index of indexes of an image.
  const std::vector<std::string> marks{"innermost"};
  const auto found = co_await given_images(ctx, marks);
  oci::image_index index = index_of(found);
  for (int depth = 0; depth < 3; ++depth) {
    const std::string json = oci::to_json(index);
    co_await expect_taken(ctx, "image.index.nested.registry", index.media_type, json);
    index.manifests.assign(1, oci::describe(index.media_type, json));
  }
}

constexpr auto child_judges =
    requirement_ids("image.index.unknown-child-type.registry",
                    "image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> unknown_child(context& ctx) {
  // Beside an image an index lists something of a type that nobody knows, which is there as
  // a blob.
  const std::vector<std::string> marks{"known"};
  auto found = co_await given_images(ctx, marks);
  const std::string content = ctx.bytes(150);
  (void)co_await given_blob(ctx, content);
  found.push_back(oci::describe("application/vnd.plimsoll.never-heard-of.v1+json", content));
  const std::string json = oci::to_json(index_of(found));
  const std::string digest = oci::digest_of(json).str();
  const auto put = co_await ctx.send(
      api::put_manifest(ctx.repository(), digest, oci::media_type::image_index, json));

  // It is not refused for that; that no such manifest is there is another matter.
  const auto refusal = oci::parse_error_document(put.response.body);
  if (put.response.status / 100 == 4 && refusal && refusal->has_code("MANIFEST_BLOB_UNKNOWN")) {
    throw unsupported("an index is refused whose entries are not all manifests that are there");
  }
  ctx.expect(put, "image.index.unknown-child-type.registry").status(201);
  if (put.response.status != 201) co_return;
  std::vector<expected_read> reads;
  reads.push_back({api::get_manifest(ctx.repository(), digest), json, "pull.manifest.get-200",
                   "image.extensibility.no-modify.registry"});
  co_await expect_reads(ctx, std::move(reads));
}

constexpr std::array scenarios{
    scenario{.id = "image/index",
             .title = "An index of images is taken",
             .category = "push",
             .judges = images_judges,
             .body = images},
    scenario{.id = "image/index-order",
             .title = "Entries of an index keep their order, where several match a platform",
             .category = "push",
             .judges = order_judges,
             .body = order},
    scenario{.id = "image/index-empty",
             .title = "An index that lists nothing is taken",
             .category = "push",
             .judges = empty_judges,
             .body = empty},
    scenario{.id = "image/index-nested",
             .title = "An index of indexes is taken",
             .category = "push",
             .judges = nested_judges,
             .body = nested},
    scenario{.id = "image/index-child-type-unknown",
             .title = "An entry of an index of a type that is not known is no error",
             .category = "push",
             .judges = child_judges,
             .body = unknown_child},
};

}  // namespace

std::span<const scenario> indexes() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
