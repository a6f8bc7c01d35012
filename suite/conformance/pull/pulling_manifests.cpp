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
#include "told.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto get_judges = requirement_ids(
    "pull.manifest.get-200", "pull.manifest.get-body", "pull.manifest.content-type-present",
    "pull.manifest.content-type-no-params", "pull.manifest.docker-content-digest",
    "pull.manifest.dcd-value", "pull.manifest.content-type-as-pushed");

boost::asio::awaitable<void> get(context& ctx) {
  // A manifest is in the repository, under a tag.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "pulled");
  const std::string json = oci::to_json(artifact);
  const auto pushed = co_await given_manifest(ctx, json, "pulled");

  // By its tag and by its digest come the bytes and the type that were pushed.
  std::vector<http::request> pulls;
  pulls.push_back(api::get_manifest(ctx.repository(), "pulled"));
  pulls.push_back(api::get_manifest(ctx.repository(), pushed.descriptor.digest.str()));
  const auto pulled = co_await ctx.send_all(std::move(pulls));
  for (const http::exchange& one : pulled) {
    ctx.expect(one, "pull.manifest.get-200").status(200);
    if (one.response.status != 200) continue;
    ctx.expect(one, "pull.manifest.get-body").body(json);
    expect_a_digest(ctx, one, "pull.manifest.docker-content-digest");
    expect_digest_of(ctx, one, "pull.manifest.dcd-value", json);

    const auto type = one.response.header("Content-Type");
    ctx.expect(one, "pull.manifest.content-type-present").has_header("Content-Type");
    if (!type) continue;
    ctx.expect(one, "pull.manifest.content-type-no-params")
        .holds(type->find(';') == std::string_view::npos, "a type without parameters",
               told_type(one));
    ctx.expect(one, "pull.manifest.content-type-as-pushed")
        .holds(has_type(one, oci::media_type::image_manifest),
               "Content-Type: " + std::string(oci::media_type::image_manifest), told_type(one));
  }
}

constexpr auto head_judges =
    requirement_ids("pull.head.manifest-200", "pull.head.manifest-docker-content-digest",
                    "pull.manifest.dcd-value", "pull.head.manifest-content-length",
                    "pull.manifest.content-type-present", "pull.manifest.content-type-no-params");

boost::asio::awaitable<void> head(context& ctx) {
  // A manifest is in the repository, under a tag.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "looked-at");
  const std::string json = oci::to_json(artifact);
  const auto pushed = co_await given_manifest(ctx, json, "looked-at");

  // HEAD tells of it what GET would, without its bytes.
  std::vector<http::request> looks;
  looks.push_back(api::head_manifest(ctx.repository(), "looked-at"));
  looks.push_back(api::head_manifest(ctx.repository(), pushed.descriptor.digest.str()));
  const auto heads = co_await ctx.send_all(std::move(looks));
  for (const http::exchange& one : heads) {
    ctx.expect(one, "pull.head.manifest-200").status(200);
    if (one.response.status != 200) continue;
    expect_a_digest(ctx, one, "pull.head.manifest-docker-content-digest");
    expect_digest_of(ctx, one, "pull.manifest.dcd-value", json);
    if (one.response.codings().empty()) {
      ctx.expect(one, "pull.head.manifest-content-length")
          .header("Content-Length", std::to_string(json.size()));
    }
    ctx.expect(one, "pull.manifest.content-type-present")
        .holds(has_type(one, oci::media_type::image_manifest),
               "Content-Type: " + std::string(oci::media_type::image_manifest), told_type(one));
    ctx.expect(one, "pull.manifest.content-type-no-params")
        .holds(told_type(one).find(';') == std::string::npos, "a type without parameters",
               told_type(one));
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
                    "pull.manifest.get-body");

boost::asio::awaitable<void> types(context& ctx) {
  // Manifests of several types are pushed; a registry need not know those of Docker.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "typed");
  const auto manifests = manifests_of_each_type(artifact);
  std::vector<http::request> pulls;
  std::vector<const typed_manifest*> taken;
  for (const typed_manifest& one : manifests) {
    const std::string digest = oci::digest_of(one.json).str();
    const auto put =
        co_await ctx.send(api::put_manifest(ctx.repository(), digest, one.type, one.json));
    if (put.response.status != 201) continue;
    http::request pull("GET", api::manifest_path(ctx.repository(), digest));
    pulls.push_back(pull.header("Accept", one.type));
    taken.push_back(&one);
  }
  if (taken.empty()) throw blocked("push.manifest.201", "no manifest of any type is taken");

  // Each comes back with the type under which it was pushed.
  const auto pulled = co_await ctx.send_all(std::move(pulls));
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (pulled[i].response.status != 200) {
      throw blocked("pull.manifest.get-200", "a manifest that was taken is not found");
    }
    ctx.expect(pulled[i], "pull.manifest.get-body").body(taken[i]->json);
    ctx.expect(pulled[i], "pull.manifest.content-type-present").has_header("Content-Type");
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

constexpr auto malformed_judges = requirement_ids("pull.manifest.reference-malformed-not-served");

boost::asio::awaitable<void> malformed(context& ctx) {
  // A manifest is in the repository.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "well-formed");
  const auto pushed = co_await given_manifest(ctx, oci::to_json(artifact), "well-formed");
  const std::string digest = pushed.descriptor.digest.str();

  // What is neither a tag nor a digest finds nothing, and does no harm.
  std::vector<http::request> asks;
  const std::vector<std::string> references{"sha256:xyz",    ".leading-dot",
                                            "-leading-dash", "well-formed@" + digest,
                                            digest + "00",   std::string(129, 'a')};
  for (const std::string& reference : references) {
    asks.push_back(api::get_manifest(ctx.repository(), reference));
  }
  const auto seen = co_await ctx.send_all(std::move(asks));
  for (const http::exchange& one : seen) {
    ctx.expect(one, "pull.manifest.reference-malformed-not-served")
        .holds(one.response.status / 100 == 4, "a status of 400 to 499",
               "status " + std::to_string(one.response.status));
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
