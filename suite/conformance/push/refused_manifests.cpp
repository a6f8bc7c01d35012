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

namespace plimsoll::suite {
namespace {

http::request put_image(context& ctx, const std::string& reference, const std::string& json) {
  return api::put_manifest(ctx.repository(), reference, oci::media_type::image_manifest, json);
}

constexpr auto mismatch_judges = requirement_ids("push.manifest.digest-mismatch-rejected",
                                                 "image.digest.sha256-verify.registry");

boost::asio::awaitable<void> mismatch(context& ctx) {
  // A manifest is pushed under the digest of something else.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "mismatch");
  const std::string json = oci::to_json(artifact);
  const std::string other = oci::digest_of(json + " ").str();
  const auto put = co_await ctx.send(put_image(ctx, other, json));

  // It is refused, and not found under it.
  ctx.expect(put, "push.manifest.digest-mismatch-rejected")
      .holds(put.response.status / 100 == 4, "a status of 400 to 499",
             "status " + std::to_string(put.response.status));
  ctx.expect(put, "image.digest.sha256-verify.registry")
      .holds(put.response.status / 100 != 2, "a manifest of another digest is refused",
             "status " + std::to_string(put.response.status));
  const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), other));
  ctx.expect(got, "push.manifest.digest-mismatch-rejected").status(404);
}

constexpr auto malformed_judges = requirement_ids("errors.code.manifest-invalid");

boost::asio::awaitable<void> malformed(context& ctx) {
  (void)co_await given_artifact(ctx, "malformed");

  // What is no JSON, and what is none of a manifest, is called an invalid manifest where it
  // is refused.
  std::vector<http::request> pushes;
  pushes.push_back(put_image(ctx, "broken-json", R"({"schemaVersion":2,"config":)"));
  pushes.push_back(put_image(ctx, "no-object", R"(["schemaVersion",2])"));
  const auto seen = co_await ctx.send_all(std::move(pushes));
  for (const http::exchange& one : seen) {
    ctx.expect(one, "errors.code.manifest-invalid").error_code_in({"MANIFEST_INVALID"});
  }
}

struct manifest_to_push {
  std::string media_type;
  std::string json;
};

/// Manifests that refer to content which nobody has: a layer, a config, a manifest of an index.
std::vector<manifest_to_push> lacking(const oci::image_manifest& whole, const oci::digest& absent) {
  std::vector<manifest_to_push> all;
  oci::image_manifest image = whole;
  image.layers.push_back(oci::empty_descriptor());
  image.layers.back().media_type = oci::media_type::layer_gzip;
  image.layers.back().digest = absent;
  all.push_back({std::string(oci::media_type::image_manifest), oci::to_json(image)});
  image = whole;
  image.config.digest = absent;
  all.push_back({std::string(oci::media_type::image_manifest), oci::to_json(image)});
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.manifests.push_back(oci::describe(oci::media_type::image_manifest, "absent"));
  index.manifests.back().digest = absent;
  all.push_back({index.media_type, oci::to_json(index)});
  return all;
}

constexpr auto missing_judges =
    requirement_ids("push.manifest.missing-blob-may-reject", "push.manifest.missing-blob-code",
                    "errors.code.manifest-blob-unknown", "table.end-7.failure-404");

boost::asio::awaitable<void> missing(context& ctx) {
  // Manifests refer to content that is nowhere.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "missing");
  const auto manifests = lacking(artifact, oci::digest_of(ctx.bytes(64)));
  std::vector<http::request> pushes;
  for (const auto& one : manifests) {
    pushes.push_back(api::put_manifest(ctx.repository(), oci::digest_of(one.json).str(),
                                       one.media_type, one.json));
  }
  const auto seen = co_await ctx.send_all(std::move(pushes));

  // A registry may take them; one that does not says why.
  for (const http::exchange& one : seen) {
    ctx.expect(one, "push.manifest.missing-blob-may-reject")
        .holds(one.response.status == 201 || one.response.status / 100 == 4,
               "status 201, or 400 to 499", "status " + std::to_string(one.response.status));
    if (one.response.status == 201) continue;
    ctx.expect(one, "table.end-7.failure-404").status_in({400, 404});
    if (one.response.status / 100 != 4) continue;
    ctx.expect(one, "push.manifest.missing-blob-code").error_code_in({"MANIFEST_BLOB_UNKNOWN"});
    ctx.expect(one, "errors.code.manifest-blob-unknown").error_code_in({"MANIFEST_BLOB_UNKNOWN"});
  }
}

constexpr std::array scenarios{
    scenario{.id = "push/manifest-digest-mismatch",
             .title = "A manifest is not taken under the digest of something else",
             .category = "push",
             .judges = mismatch_judges,
             .body = mismatch},
    scenario{.id = "push/manifest-malformed",
             .title = "What is refused as no manifest is called so",
             .category = "push",
             .judges = malformed_judges,
             .body = malformed},
    scenario{.id = "push/manifest-of-absent-content",
             .title = "A manifest that is refused for the content it lacks is told so",
             .category = "push",
             .judges = missing_judges,
             .body = missing},
};

}  // namespace

std::span<const scenario> refused_manifests() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
