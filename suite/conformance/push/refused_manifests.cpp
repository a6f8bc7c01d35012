#include <array>
#include <chrono>
#include <cstdint>
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
#include "push/refusals.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

http::request put_image(context& ctx, const std::string& reference, const std::string& json) {
  return api::put_manifest(ctx.repository(), reference, oci::media_type::image_manifest, json);
}

/// A manifest comes under a digest that is not its own: it is refused, and not found under it.
/// @param taken_rule what is broken where it is taken
boost::asio::awaitable<void> expect_wrong_manifest(context& ctx, requirement_id taken_rule,
                                                   std::string media_type, std::string json,
                                                   oci::digest digest) {
  const auto put =
      co_await ctx.send(api::put_manifest(ctx.repository(), digest.str(), media_type, json));
  expect_refusal(ctx, put, taken_rule);
  // What was taken is found broken already.
  if (is_acceptance(put)) co_return;
  const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), digest.str()));
  ctx.expect(got, "push.manifest.digest-mismatch-rejected")
      .holds(got.response.status / 100 != 2, "nothing under that digest",
             "status " + std::to_string(got.response.status));
}

constexpr auto mismatch_judges =
    requirement_ids("push.manifest.digest-mismatch-rejected", "image.digest.sha256-verify.registry",
                    "push.refused-not-failed");

boost::asio::awaitable<void> mismatch(context& ctx) {
  // A manifest is pushed under the sha256 digest of something else.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "mismatch");
  const std::string json = oci::to_json(artifact);
  co_await expect_wrong_manifest(ctx, "image.digest.sha256-verify.registry", artifact.media_type,
                                 json, oci::digest_of(json + " "));
}

constexpr auto mismatches_judges =
    requirement_ids("push.manifest.digest-mismatch-rejected", "push.refused-not-failed");

boost::asio::awaitable<void> mismatches(context& ctx) {
  // Manifests of each kind come under digests of others: of themselves without the space around, in
  // another order or with one other byte at the end; an index; one with a subject; a large one.
  oci::image_manifest artifact = co_await given_artifact(ctx, "mismatches");
  const std::string json = oci::to_json(artifact);
  std::string changed = json;
  char& digit = changed[changed.rfind(ctx.mark()[0])];
  digit = digit == '0' ? '1' : '0';
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.annotations = artifact.annotations;
  artifact.subject = oci::describe(artifact.media_type, json);
  const std::string referrer = oci::to_json(artifact);
  artifact.annotations["land.plimsoll.padding"] = std::string(200'000, 'p');
  const std::string large = oci::to_json(artifact);

  const requirement_id rule = "push.manifest.digest-mismatch-rejected";
  const std::string image_type = artifact.media_type;
  co_await expect_wrong_manifest(ctx, rule, image_type, json + '\n', oci::digest_of(json));
  co_await expect_wrong_manifest(ctx, rule, image_type, changed, oci::digest_of(json));
  co_await expect_wrong_manifest(ctx, rule, image_type, json, oci::digest_of(ctx.bytes(200)));
  co_await expect_wrong_manifest(ctx, rule, image_type, referrer, oci::digest_of(referrer + ' '));
  co_await expect_wrong_manifest(ctx, rule, image_type, large, oci::digest_of(large + ' '));
  const std::string list = oci::to_json(index);
  co_await expect_wrong_manifest(ctx, rule, index.media_type, list, oci::digest_of(list + ' '));
}

constexpr auto kept_judges =
    requirement_ids("push.manifest.digest-mismatch-rejected", "push.refused-not-failed",
                    "push.manifest.exact-bytes", "pull.manifest.get-200");

boost::asio::awaitable<void> kept(context& ctx) {
  // A manifest is in the repository. Another one comes under its digest.
  oci::image_manifest artifact = co_await given_artifact(ctx, "kept");
  const auto pushed = co_await given_manifest(ctx, oci::to_json(artifact), "");
  artifact.annotations["land.plimsoll.mark"] = "another";
  const std::string digest = pushed.descriptor.digest.str();
  const auto put = co_await ctx.send(put_image(ctx, digest, oci::to_json(artifact)));
  expect_refusal(ctx, put, "push.manifest.digest-mismatch-rejected");

  // It stays what it was.
  std::vector<expected_read> reads;
  reads.push_back({api::get_manifest(ctx.repository(), digest), pushed.json,
                   "pull.manifest.get-200", "push.manifest.exact-bytes"});
  co_await expect_reads(ctx, std::move(reads));
}

constexpr auto cut_judges =
    requirement_ids("push.manifest.digest-mismatch-rejected", "push.manifest.exact-bytes");

boost::asio::awaitable<void> cut_manifests(context& ctx) {
  // Manifests go out under a digest and under a tag, and the connection ends one byte too early.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "cut");
  const std::string json = oci::to_json(artifact);
  const std::string digest = oci::digest_of(json).str();
  std::vector<http::request> pushes;
  pushes.push_back(put_image(ctx, digest, json).cut_after(json.size() - 1));
  pushes.push_back(put_image(ctx, "cut", json + ' ').cut_after(json.size()));
  (void)co_await ctx.try_send_all(std::move(pushes));

  // Nothing comes of either, also when the registry has had time to notice.
  constexpr int looks = 3;
  for (int i = 0; i < looks; ++i) {
    const auto by_digest = co_await ctx.send(api::get_manifest(ctx.repository(), digest));
    ctx.expect(by_digest, "push.manifest.digest-mismatch-rejected")
        .holds(by_digest.response.status / 100 != 2, "no manifest",
               "status " + std::to_string(by_digest.response.status));
    const auto by_tag = co_await ctx.send(api::get_manifest(ctx.repository(), "cut"));
    ctx.expect(by_tag, "push.manifest.exact-bytes")
        .holds(by_tag.response.status / 100 != 2, "no manifest of a part of the bytes",
               "status " + std::to_string(by_tag.response.status));
    co_await ctx.pause(std::chrono::milliseconds(20));
  }
}

constexpr auto unnamed_judges =
    requirement_ids("image.digest.grammar.registry", "push.refused-not-failed");

boost::asio::awaitable<void> unnamed(context& ctx) {
  // Manifests come under what is no digest, and no tag either.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "unnamed");
  const std::string json = oci::to_json(artifact);
  const std::string hex(oci::digest_of(json).encoded());
  std::vector<http::request> pushes;
  for (const std::string& reference : std::vector<std::string>{
           "sha256:zz", "sha256:", ':' + hex, "sha256:" + hex.substr(1), "sha256:" + hex + '0'}) {
    pushes.push_back(put_image(ctx, reference, json));
  }
  const auto seen = co_await ctx.send_all(std::move(pushes));
  for (const http::exchange& answer : seen) {
    expect_refusal(ctx, answer, "image.digest.grammar.registry");
  }
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
std::vector<manifest_to_push> lacking(const oci::image_manifest& whole, const oci::digest& absent,
                                      std::uint64_t size) {
  std::vector<manifest_to_push> all;
  oci::image_manifest image = whole;
  image.layers.push_back(oci::empty_descriptor());
  image.layers.back().media_type = oci::media_type::layer_gzip;
  image.layers.back().digest = absent;
  image.layers.back().size = size;
  all.push_back({std::string(oci::media_type::image_manifest), oci::to_json(image)});
  image = whole;
  image.config.digest = absent;
  image.config.size = size;
  all.push_back({std::string(oci::media_type::image_manifest), oci::to_json(image)});
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.manifests.push_back(oci::describe(oci::media_type::image_manifest, "absent"));
  index.manifests.back().digest = absent;
  index.manifests.back().size = size;
  all.push_back({index.media_type, oci::to_json(index)});
  return all;
}

constexpr auto missing_judges =
    requirement_ids("push.manifest.missing-blob-may-reject", "push.manifest.missing-blob-code",
                    "table.end-7.failure-404");

/// Whether the manifests were refused for what they lack: the same are taken once it is there.
boost::asio::awaitable<std::vector<bool>> are_taken_with(context& ctx, std::string content,
                                                         std::vector<http::request> pushes) {
  // One of them wants it as a manifest, the others as a blob.
  (void)co_await given_blob(ctx, content);
  const auto put = co_await ctx.send(put_image(ctx, oci::digest_of(content).str(), content));
  ctx.require_status(put, 201, "push.manifest.201");
  const auto seen = co_await ctx.send_all(std::move(pushes));
  std::vector<bool> are_taken;
  for (const http::exchange& answer : seen) are_taken.push_back(answer.response.status == 201);
  co_return are_taken;
}

boost::asio::awaitable<void> missing(context& ctx) {
  // Manifests refer to content that is nowhere. It could be a layer, a config or a manifest.
  oci::image_manifest artifact = co_await given_artifact(ctx, "missing");
  artifact.annotations["land.plimsoll.mark"] = "absent";
  const std::string absent = oci::to_json(artifact);
  artifact.annotations["land.plimsoll.mark"] = "missing";
  const auto manifests = lacking(artifact, oci::digest_of(absent), absent.size());
  std::vector<http::request> pushes;
  for (const auto& manifest : manifests) {
    pushes.push_back(api::put_manifest(ctx.repository(), oci::digest_of(manifest.json).str(),
                                       manifest.media_type, manifest.json));
  }
  const auto seen = co_await ctx.send_all(pushes);
  const auto are_taken = co_await are_taken_with(ctx, absent, std::move(pushes));

  // A registry may take them; one that does not for what they lack says so.
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const http::exchange& answer = seen[i];
    ctx.expect(answer, "push.manifest.missing-blob-may-reject")
        .holds(answer.response.status == 201 || answer.response.status / 100 == 4,
               "status 201, or 400 to 499", "status " + std::to_string(answer.response.status));
    if (answer.response.status == 201) continue;
    ctx.expect(answer, "table.end-7.failure-404").status_in({400, 404});
    // Only a refusal for what is missing has to have this code: the same is taken once it is there.
    if (!are_taken[i] || is_policy_refusal(answer)) continue;
    ctx.expect(answer, "push.manifest.missing-blob-code").error_code_in({"MANIFEST_BLOB_UNKNOWN"});
  }
}

constexpr std::array scenarios{
    scenario{.id = "push/manifest-digest-mismatch",
             .title = "A manifest is not taken under the digest of something else",
             .category = "push",
             .judges = mismatch_judges,
             .body = mismatch},
    scenario{.id = "push/manifest-digest-mismatches",
             .title = "No kind of manifest is taken under the digest of something else",
             .category = "push",
             .judges = mismatches_judges,
             .body = mismatches},
    scenario{.id = "push/manifest-not-overwritten",
             .title = "A manifest stays what it is when another comes under its digest",
             .category = "push",
             .judges = kept_judges,
             .body = kept},
    scenario{.id = "push/manifest-cut",
             .title = "A manifest that ends too early is not kept",
             .category = "push",
             .judges = cut_judges,
             .body = cut_manifests},
    scenario{.id = "push/manifest-unnamed",
             .title = "A manifest is not taken under what is neither a tag nor a digest",
             .category = "push",
             .judges = unnamed_judges,
             .body = unnamed},
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
