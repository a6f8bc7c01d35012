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
#include "manifest_type.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "stored.hpp"
#include "told.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto get_judges = requirement_ids(
    "pull.manifest.get-200", "pull.manifest.get-body", "pull.manifest.content-type-present",
    "pull.manifest.content-type-no-params", "pull.manifest.docker-content-digest",
    "pull.manifest.dcd-value", "pull.manifest.content-type-as-pushed");

/// An image manifest and an index of it are in the repository, each under a tag.
boost::asio::awaitable<std::vector<pushed_manifest>> given_image_and_index(context& ctx,
                                                                           std::string tag) {
  const oci::image_manifest artifact = co_await given_artifact(ctx, tag);
  std::vector<pushed_manifest> both;
  auto image = co_await given_manifest(ctx, oci::to_json(artifact), tag);
  both.push_back(std::move(image));
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.manifests.push_back(both.front().descriptor);
  index.annotations = artifact.annotations;
  const std::string json = oci::to_json(index);
  auto list = co_await given_manifest(ctx, json, tag + "-index", index.media_type);
  both.push_back(std::move(list));
  co_return both;
}

boost::asio::awaitable<void> get(context& ctx) {
  const auto manifests = co_await given_image_and_index(ctx, "pulled");

  // By tag and by digest come the bytes and the type that were pushed.
  std::vector<http::request> pulls;
  for (const pushed_manifest& manifest : manifests) {
    const bool is_index = &manifest == &manifests.back();
    pulls.push_back(api::get_manifest(ctx.repository(), is_index ? "pulled-index" : "pulled"));
    pulls.push_back(api::get_manifest(ctx.repository(), manifest.descriptor.digest.str()));
  }
  const auto pulled = co_await ctx.send_all(std::move(pulls));
  for (std::size_t i = 0; i < pulled.size(); ++i) {
    const http::exchange& seen = pulled[i];
    const pushed_manifest& manifest = manifests[i / 2];
    ctx.expect(seen, "pull.manifest.get-200").status(200);
    if (seen.response.status != 200) continue;
    ctx.expect(seen, "pull.manifest.get-body").body(manifest.json);
    expect_a_digest(ctx, seen, "pull.manifest.docker-content-digest");
    expect_digest_of(ctx, seen, "pull.manifest.dcd-value", seen.response.body);
    expect_manifest_type(ctx, seen);

    const auto type = seen.response.header("Content-Type");
    if (!type) continue;
    ctx.expect(seen, "pull.manifest.content-type-no-params")
        .holds(type->find(';') == std::string_view::npos, "a type without parameters",
               told_type(seen));
    ctx.expect(seen, "pull.manifest.content-type-as-pushed")
        .holds(has_type(seen, manifest.descriptor.media_type),
               "Content-Type: " + manifest.descriptor.media_type, told_type(seen));
  }
}

constexpr auto head_judges =
    requirement_ids("pull.head.manifest-200", "pull.head.manifest-docker-content-digest",
                    "pull.manifest.dcd-value", "pull.head.manifest-content-length",
                    "pull.manifest.content-type-head", "pull.manifest.content-type-no-params");

boost::asio::awaitable<void> head(context& ctx) {
  const auto manifests = co_await given_image_and_index(ctx, "looked-at");

  // HEAD tells of each what GET would, without its bytes.
  std::vector<http::request> looks;
  for (const pushed_manifest& manifest : manifests) {
    const bool is_index = &manifest == &manifests.back();
    looks.push_back(
        api::head_manifest(ctx.repository(), is_index ? "looked-at-index" : "looked-at"));
    looks.push_back(api::head_manifest(ctx.repository(), manifest.descriptor.digest.str()));
  }
  const auto heads = co_await ctx.send_all(std::move(looks));
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const http::exchange& seen = heads[i];
    const pushed_manifest& manifest = manifests[i / 2];
    ctx.expect(seen, "pull.head.manifest-200").status(200);
    if (seen.response.status != 200) continue;
    expect_a_digest(ctx, seen, "pull.head.manifest-docker-content-digest");
    expect_digest_of(ctx, seen, "pull.manifest.dcd-value", manifest.json);
    if (seen.response.codings().empty()) {
      ctx.expect(seen, "pull.head.manifest-content-length")
          .header("Content-Length", std::to_string(manifest.json.size()));
    }
    ctx.expect(seen, "pull.manifest.content-type-head")
        .holds(has_type(seen, manifest.descriptor.media_type),
               "Content-Type: " + manifest.descriptor.media_type, told_type(seen));
    ctx.expect(seen, "pull.manifest.content-type-no-params")
        .holds(told_type(seen).find(';') == std::string::npos, "a type without parameters",
               told_type(seen));
  }
}

struct typed_manifest {
  std::string type;
  std::string json;
};

/// Manifests of the types that are in use, and one that does not tell its own.
std::vector<typed_manifest> manifests_of_each_type(oci::image_manifest artifact) {
  std::vector<typed_manifest> all;
  const std::string image(oci::media_type::image_manifest);
  artifact.media_type.clear();
  all.push_back({image, oci::to_json(artifact)});
  artifact.artifact_type.clear();
  artifact.media_type = oci::media_type::docker_manifest;
  all.push_back({artifact.media_type, oci::to_json(artifact)});

  oci::image_index index;
  for (const auto type : {oci::media_type::image_index, oci::media_type::docker_manifest_list}) {
    index.media_type = type;
    index.manifests.clear();
    index.manifests.push_back(
        oci::describe(type == oci::media_type::image_index ? image : all[1].type,
                      type == oci::media_type::image_index ? all[0].json : all[1].json));
    index.manifests[0].platform.emplace();
    index.manifests[0].platform->os = "linux";
    index.manifests[0].platform->architecture = "amd64";
    all.push_back({index.media_type, oci::to_json(index)});
  }
  return all;
}

constexpr auto types_judges =
    requirement_ids("pull.manifest.content-type-as-pushed", "pull.manifest.content-type-present",
                    "pull.manifest.get-200", "pull.manifest.get-body", "pull.manifest.dcd-value");

boost::asio::awaitable<void> types(context& ctx) {
  // Manifests of several types are pushed; a registry need not know those of Docker.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "typed");
  const auto manifests = manifests_of_each_type(artifact);
  std::vector<http::request> pulls;
  std::vector<const typed_manifest*> taken;
  std::optional<refusal> refused;
  for (const typed_manifest& one : manifests) {
    const std::string digest = oci::digest_of(one.json).str();
    const auto put =
        co_await ctx.send(api::put_manifest(ctx.repository(), digest, one.type, one.json));
    if (!refused) refused = ctx.refusal_in(put);
    if (put.response.status != 201) continue;
    http::request pull("GET", api::manifest_path(ctx.repository(), digest));
    pulls.push_back(pull.header("Accept", one.type));
    taken.push_back(&one);
  }
  if (taken.empty() && refused) throw refused_by_policy(*refused);
  if (taken.empty()) throw blocked("push.manifest.201", "no manifest of any type is taken");

  // Each comes back with the type under which it was pushed.
  const auto pulled = co_await ctx.send_all(std::move(pulls));
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (is_policy_refusal(pulled[i])) continue;
    ctx.expect(pulled[i], "pull.manifest.get-200").status(200);
    if (pulled[i].response.status != 200) continue;
    ctx.expect(pulled[i], "pull.manifest.get-body").body(taken[i]->json);
    expect_digest_of(ctx, pulled[i], "pull.manifest.dcd-value", pulled[i].response.body);
    expect_manifest_type(ctx, pulled[i]);
    ctx.expect(pulled[i], "pull.manifest.content-type-as-pushed")
        .holds(has_type(pulled[i], taken[i]->type), "Content-Type: " + taken[i]->type,
               told_type(pulled[i]));
  }
}

constexpr auto all_judges = requirement_ids("category.pull.all-apis");

boost::asio::awaitable<void> all_apis(context& ctx) {
  // A blob and a manifest with a tag are in the repository.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "all-apis");
  const auto pushed = co_await given_manifest(ctx, oci::to_json(artifact), "all-apis");
  const std::string digest = pushed.descriptor.digest.str();

  // Each way to pull them, or to ask for them, is there.
  std::vector<http::request> asks;
  asks.push_back(api::get_blob(ctx.repository(), artifact.config.digest));
  asks.push_back(api::head_blob(ctx.repository(), artifact.config.digest));
  asks.push_back(api::get_manifest(ctx.repository(), digest));
  asks.push_back(api::head_manifest(ctx.repository(), digest));
  asks.push_back(api::get_manifest(ctx.repository(), "all-apis"));
  asks.push_back(api::head_manifest(ctx.repository(), "all-apis"));
  const auto seen = co_await ctx.send_all(std::move(asks));
  for (const http::exchange& one : seen) {
    ctx.expect(one, "category.pull.all-apis").status(200);
  }
}

constexpr auto malformed_judges = requirement_ids("pull.manifest.reference-malformed-not-served",
                                                  "pull.manifest.reference-malformed-status");

/// The answer to a reference that nobody pushed: none is served, and that is no failure of the
/// registry's. `tag@digest` is no reference either; who answers it with the bytes of that digest
/// only reads it leniently, and so who looks past capitals.
void expect_unserved(context& ctx, const http::exchange& seen, const std::string& json,
                     bool may_be_lenient) {
  const std::string received = "status " + std::to_string(seen.response.status);
  const bool is_served = seen.response.status / 100 == 2;
  const bool has_bytes = seen.last.method == "HEAD" || seen.response.body == json;
  const bool is_lenient = is_served && may_be_lenient && has_bytes;
  ctx.expect(seen, "pull.manifest.reference-malformed-not-served")
      .holds(!is_served || is_lenient, "a status of 400 to 499", received);
  ctx.expect(seen, "pull.manifest.reference-malformed-status")
      .holds(!is_lenient && seen.response.status / 100 != 5, "status 400 or 404", received);
}

boost::asio::awaitable<void> malformed(context& ctx) {
  // A manifest is in the repository.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "well-formed");
  const auto pushed = co_await given_manifest(ctx, oci::to_json(artifact), "well-formed");
  const std::string digest = pushed.descriptor.digest.str();

  // What is neither a tag nor a digest finds nothing, also where a part of it does. Nor does a tag
  // that nobody pushed: the digits of the digest, and the tag in capitals.
  std::string upper = digest;
  for (char& digit : upper) {
    if (digit >= 'a' && digit <= 'f') digit = static_cast<char>(digit - 'a' + 'A');
  }
  upper.replace(0, 6, "sha256");
  const std::string hex = digest.substr(digest.find(':') + 1);
  const std::vector<std::string> lenient{"well-formed@" + digest, upper};
  const std::vector<std::string> malformed_references{
      "sha256:xyz",         "sha256:",
      ".well-formed",       "-well-formed",
      digest + "00",        digest.substr(0, digest.size() - 1),
      digest.substr(0, 19), hex,
      "WELL-FORMED",        ':' + hex,
      "sha512:" + hex,      "well-formed:",
      "well-formed%20",     "no-such-tag@" + oci::digest_of(ctx.bytes(64)).str(),
      std::string(129, 'a')};
  std::vector<http::request> asks;
  for (const auto* const references : {&lenient, &malformed_references}) {
    for (const std::string& reference : *references) {
      asks.push_back(api::get_manifest(ctx.repository(), reference));
      asks.push_back(api::head_manifest(ctx.repository(), reference));
    }
  }
  const auto seen = co_await ctx.send_all(std::move(asks));
  for (std::size_t i = 0; i < seen.size(); ++i) {
    expect_unserved(ctx, seen[i], pushed.json, i < 2 * lenient.size());
  }
}

constexpr std::array scenarios{
    scenario{.id = "pull/manifest",
             .title = "A manifest is pulled by tag and by digest as it was pushed",
             .category = "pull",
             .judges = get_judges,
             .body = get},
    scenario{.id = "pull/manifest-head",
             .title = "HEAD of a manifest tells its size, type and digest",
             .category = "pull",
             .judges = head_judges,
             .body = head},
    scenario{.id = "pull/manifest-types",
             .title = "A manifest comes back with the type under which it was pushed",
             .category = "pull",
             .judges = types_judges,
             .body = types},
    scenario{.id = "pull/all-apis",
             .title = "Each way to pull blobs and manifests is there",
             .category = "pull",
             .judges = all_judges,
             .body = all_apis},
    scenario{.id = "pull/malformed-reference",
             .title = "What is neither tag nor digest finds no manifest",
             .category = "pull",
             .judges = malformed_judges,
             .body = malformed},
};

}  // namespace

std::span<const scenario> pulling_manifests() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
