#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/tag_list.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "stored.hpp"
#include "told.hpp"

namespace plimsoll::suite {
namespace {

http::request put_image(context& ctx, const std::string& reference, const std::string& json) {
  return api::put_manifest(ctx.repository(), reference, oci::media_type::image_manifest, json);
}

/// An image manifest and an index of it; the index can be pushed once the image is there.
struct pushable {
  std::string media_type;
  std::string json;
};

std::vector<pushable> image_and_index(const oci::image_manifest& image) {
  std::vector<pushable> both;
  both.push_back({image.media_type, oci::to_json(image)});
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.manifests.push_back(oci::describe(image.media_type, both.front().json));
  index.annotations = image.annotations;
  both.push_back({index.media_type, oci::to_json(index)});
  return both;
}

constexpr auto by_digest_judges = requirement_ids(
    "push.manifest.201", "push.manifest.location", "push.manifest.location-pullable",
    "push.manifest.dcd-present", "push.manifest.dcd-equals-client-digest",
    "push.manifest.by-tag-and-digest", "push.manifest.by-digest-no-tag", "pull.manifest.get-200",
    "pull.manifest.get-body", "pull.manifest.dcd-value", "pull.manifest.content-type-present",
    "pull.head.manifest-200");

boost::asio::awaitable<void> by_digest(context& ctx) {
  // An image manifest and an index are pushed under their digests, without any tag.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "by-digest");
  const auto manifests = image_and_index(artifact);
  for (const pushable& manifest : manifests) {
    const std::string digest = oci::digest_of(manifest.json).str();
    const auto put = co_await ctx.send(
        api::put_manifest(ctx.repository(), digest, manifest.media_type, manifest.json));
    ctx.expect(put, "push.manifest.by-digest-no-tag").status(201);
    if (put.response.status / 100 == 2) ctx.expect(put, "push.manifest.201").status(201);
    if (put.response.status != 201) continue;
    expect_a_digest(ctx, put, "push.manifest.dcd-present");
    if (const auto value = told_digest(put)) {
      ctx.expect(put, "push.manifest.dcd-equals-client-digest")
          .holds(*value == digest, "Docker-Content-Digest: " + digest,
                 "Docker-Content-Digest: " + printable(*value));
    }
    // It is there where Location says, and by its digest.
    (void)expect_location(ctx, put, "push.manifest.location");
    co_await expect_manifest(ctx, put, digest, manifest.media_type, manifest.json);
  }
}

constexpr auto by_tag_judges = requirement_ids(
    "push.manifest.201", "push.manifest.location", "push.manifest.location-pullable",
    "push.manifest.dcd-present", "push.manifest.by-tag-and-digest", "pull.manifest.get-200",
    "pull.manifest.get-body", "pull.manifest.dcd-value", "pull.manifest.content-type-present",
    "pull.head.manifest-200");

boost::asio::awaitable<void> by_tag(context& ctx) {
  // An image manifest and an index are pushed under tags, which nobody has pushed before.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "by-tag");
  const auto manifests = image_and_index(artifact);
  for (const pushable& manifest : manifests) {
    const std::string tag = &manifest == &manifests.front() ? "by-tag" : "index-by-tag";
    const auto put = co_await ctx.send(
        api::put_manifest(ctx.repository(), tag, manifest.media_type, manifest.json));
    ctx.expect(put, "push.manifest.201").status(201);
    if (put.response.status != 201) co_return;
    expect_a_digest(ctx, put, "push.manifest.dcd-present");
    expect_digest_of(ctx, put, "pull.manifest.dcd-value", manifest.json);
    // It is there where Location says, by its tag, and by its digest.
    (void)expect_location(ctx, put, "push.manifest.location");
    co_await expect_manifest(ctx, put, tag, manifest.media_type, manifest.json);
  }
}

constexpr auto again_judges =
    requirement_ids("push.manifest.201", "pull.manifest.get-200", "pull.manifest.get-body",
                    "push.manifest.by-digest-no-tag");

boost::asio::awaitable<void> again(context& ctx) {
  // A manifest is in the repository, under a tag, and is pushed there once more.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "again");
  const std::string json = oci::to_json(artifact);
  const auto pushed = co_await given_manifest(ctx, json, "again");
  const auto by_tag = co_await ctx.send(put_image(ctx, "again", json));
  ctx.expect(by_tag, "push.manifest.201").status(201);
  const std::string digest = pushed.descriptor.digest.str();
  const auto by_digest = co_await ctx.send(put_image(ctx, digest, json));
  ctx.expect(by_digest, "push.manifest.201").status(201);

  // A push by digest moves no tag, and makes none that names the manifest.
  std::vector<expected_read> reads;
  reads.push_back({api::get_manifest(ctx.repository(), "again"), json, "pull.manifest.get-200",
                   "pull.manifest.get-body"});
  co_await expect_reads(ctx, std::move(reads));
  const auto listed = co_await ctx.send(api::list_tags(ctx.repository(), ""));
  const auto tags = oci::parse_tag_list(listed.response.body);
  if (listed.response.status != 200 || !tags) co_return;
  const std::string digits(pushed.descriptor.digest.encoded());
  const bool has_digest =
      std::any_of(tags->tags.begin(), tags->tags.end(),
                  [&](const std::string& tag) { return tag.find(digits) != std::string::npos; });
  ctx.expect(listed, "push.manifest.by-digest-no-tag")
      .holds(!has_digest, "no tag of the push by digest", "a tag named after the digest");
}

/// One manifest in forms that mean the same and are other bytes.
std::vector<std::string> forms_of(const std::string& json) {
  std::vector<std::string> forms;
  const std::string members = json.substr(1, json.size() - 2);
  forms.push_back("{ \"zzz\" : \"caf\\u00e9 \\/ caf\xC3\xA9\" ,\r\n\t" + members + "  }");
  forms.push_back("\n  " + json + "\n\n");
  forms.push_back("{\"last\":1.0e2,\"big\":12345678901234567890," + members + "}");
  return forms;
}

constexpr auto bytes_judges = requirement_ids("push.manifest.exact-bytes", "pull.manifest.get-200",
                                              "push.manifest.by-tag-and-digest");

boost::asio::awaitable<void> exact_bytes(context& ctx) {
  // Manifests with odd spaces, escapes, numbers, order of members and line breaks are pushed.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "exact-bytes");
  const auto forms = forms_of(oci::to_json(artifact));
  std::vector<http::request> pushes;
  for (std::size_t i = 0; i < forms.size(); ++i) {
    pushes.push_back(put_image(ctx, "form-" + std::to_string(i), forms[i]));
  }
  const auto pushed = co_await ctx.send_all(std::move(pushes));
  std::vector<expected_read> reads;
  for (std::size_t i = 0; i < forms.size(); ++i) {
    ctx.require_status(pushed[i], 201, "push.manifest.201");
    reads.push_back({api::get_manifest(ctx.repository(), "form-" + std::to_string(i)), forms[i],
                     "pull.manifest.get-200", "push.manifest.exact-bytes"});
    reads.push_back({api::get_manifest(ctx.repository(), oci::digest_of(forms[i]).str()), forms[i],
                     "push.manifest.by-tag-and-digest", "push.manifest.exact-bytes"});
  }

  // By tag and by digest come the bytes as they were sent.
  co_await expect_reads(ctx, std::move(reads));
}

constexpr auto parameters_judges = requirement_ids("push.manifest.registry-ignore-params");

boost::asio::awaitable<void> parameters(context& ctx) {
  // The Content-Type of a push has a parameter.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "parameters");
  const std::string json = oci::to_json(artifact);
  const std::string plain(oci::media_type::image_manifest);
  const auto put = co_await ctx.send(
      api::put_manifest(ctx.repository(), "parameters", plain + "; charset=utf-8", json));
  ctx.expect(put, "push.manifest.registry-ignore-params").status(201);
  if (put.response.status != 201) co_return;

  // The manifest has the type that stands before it.
  const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), "parameters"));
  ctx.expect(got, "push.manifest.registry-ignore-params")
      .holds(has_type(got, plain), "Content-Type: " + plain, told_type(got));
}

constexpr std::array scenarios{
    scenario{.id = "push/manifest-by-digest",
             .title = "A manifest is pushed under its digest, and pulled by it",
             .category = "push",
             .judges = by_digest_judges,
             .body = by_digest},
    scenario{.id = "push/manifest-by-tag",
             .title = "A manifest is pushed under a tag, and pulled by it and by its digest",
             .category = "push",
             .judges = by_tag_judges,
             .body = by_tag},
    scenario{.id = "push/manifest-again",
             .title = "A manifest that is there is pushed once more",
             .category = "push",
             .judges = again_judges,
             .body = again},
    scenario{.id = "push/manifest-bytes",
             .title = "A manifest is kept byte by byte",
             .category = "push",
             .judges = bytes_judges,
             .body = exact_bytes},
    scenario{.id = "push/manifest-type-parameters",
             .title = "Parameters of a manifest's Content-Type do not count",
             .category = "push",
             .judges = parameters_judges,
             .body = parameters},
};

}  // namespace

std::span<const scenario> pushing_manifests() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
