#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "content.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

/// The spec says "at least 4 megabytes", and neither 10^6 nor 2^20: by the smaller one it is
/// judged.
constexpr std::size_t four_megabytes = 4'000'000;
constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

/// Stands in the JSON for what makes it large.
constexpr char mark = '@';

/// What stands before, between and behind the marks of the JSON.
std::vector<repeated> around_marks(const std::string& json) {
  std::vector<repeated> made;
  for (const std::string_view part : split(json, mark)) made.push_back({std::string(part)});
  return made;
}

/// Of exactly this size: letters between the two fill what is left of it.
http::body_source padded(std::vector<repeated> before, const std::vector<repeated>& behind,
                         std::uint64_t size) {
  before.push_back({"p", size - content_of(before).size - content_of(behind).size});
  before.insert(before.end(), behind.begin(), behind.end());
  return content_of(std::move(before));
}

/// The artifact as JSON of this size, by one annotation.
http::body_source padded(oci::image_manifest artifact, std::uint64_t size) {
  artifact.annotations["land.plimsoll.padding"] = mark;
  const auto parts = around_marks(oci::to_json(artifact));
  return padded({parts.front()}, {parts.back()}, size);
}

/// The same by many annotations.
http::body_source of_annotations(oci::image_manifest artifact, std::uint64_t size) {
  constexpr std::uint64_t count = 400;
  for (std::uint64_t i = 0; i < count; ++i) {
    artifact.annotations["land.plimsoll.part" + std::to_string(i)] = mark;
  }
  const auto parts = around_marks(oci::to_json(artifact));
  std::vector<repeated> behind;
  for (std::uint64_t i = 1; i < count; ++i) {
    behind.push_back(parts[i]);
    behind.push_back({"a", size / count - 64});
  }
  behind.push_back(parts.back());
  return padded({parts.front()}, behind, size);
}

/// The same by as many of its first layer as there is space for.
http::body_source of_layers(oci::image_manifest artifact, std::uint64_t size) {
  artifact.annotations["land.plimsoll.padding"] = mark;
  const auto parts = around_marks(oci::to_json(artifact));
  const std::string& head = parts.front().text;
  const std::string layer = oci::to_json(artifact.layers.front()) + ",";
  const std::size_t at = head.find(R"("layers":[)") + std::strlen(R"("layers":[)");
  const std::uint64_t more = (size - head.size() - 1'000) / layer.size();
  return padded({{head.substr(0, at)}, {layer, more}, {head.substr(at)}}, {parts.back()}, size);
}

constexpr auto four_judges = requirement_ids("push.manifest.size-4mb.registry",
                                             "push.manifest.exact-bytes", "pull.manifest.get-200");

http::request push_of(context& ctx, const std::string& tag, http::body_source content) {
  http::request made("PUT", api::manifest_path(ctx.repository(), tag));
  made.header("Content-Type", std::string(oci::media_type::image_manifest));
  return std::move(made).body(std::move(content));
}

boost::asio::awaitable<void> expect_back(context& ctx, http::body_source content) {
  const auto seen = std::make_shared<comparison>(std::move(content));
  auto pull = api::get_manifest(ctx.repository(), "large");
  pull.sink([seen](std::string_view piece) { seen->take(piece); });
  const auto got = co_await ctx.send(std::move(pull));
  // One that was taken is there, and is kept byte by byte as any other.
  if (is_policy_refusal(got)) co_return;
  ctx.expect(got, "pull.manifest.get-200").status(200);
  if (got.response.status != 200) co_return;
  ctx.expect(got, "push.manifest.exact-bytes")
      .holds(seen->is_whole(), seen->expected(), seen->received());
}

/// The manifest is taken, and comes back.
boost::asio::awaitable<void> expect_taken_whole(context& ctx, http::body_source content) {
  const auto put = co_await ctx.send(push_of(ctx, "large", content));
  ctx.expect(put, "push.manifest.size-4mb.registry").status(201);
  if (put.response.status != 201) co_return;
  co_await expect_back(ctx, content);
}

boost::asio::awaitable<void> four_of_annotations(context& ctx) {
  const oci::image_manifest artifact = co_await given_artifact(ctx, "annotations");
  co_await expect_taken_whole(ctx, of_annotations(artifact, four_megabytes));
}

boost::asio::awaitable<void> four_of_layers(context& ctx) {
  // A thousand layers, each described at length.
  oci::image_manifest artifact = co_await given_artifact(ctx, "layers");
  artifact.layers.front().annotations["land.plimsoll.description"] = std::string(3'800, 'd');
  co_await expect_taken_whole(ctx, of_layers(artifact, four_megabytes));
}

boost::asio::awaitable<void> four_of_data(context& ctx) {
  // Each layer's descriptor has the layer itself in it, as base64.
  oci::image_manifest artifact = co_await given_artifact(ctx, "data");
  const std::string content = ctx.bytes(60'000);
  (void)co_await given_blob(ctx, content);
  artifact.layers.front() = oci::describe(oci::media_type::octet_stream, content);
  artifact.layers.front().data = content;
  co_await expect_taken_whole(ctx, of_layers(artifact, four_megabytes));
}

boost::asio::awaitable<void> four_mebibytes(context& ctx) {
  // A manifest of exactly 4 MiB: by 2^20 it has to be taken, by 10^6 it may be too large.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "four-mebibytes");
  const http::body_source content = padded(artifact, 4 * mebibyte);
  const auto put = co_await ctx.send(push_of(ctx, "large", content));
  ctx.expect(put, "push.manifest.size-4mb.registry").status_in({201, 413});
  if (put.response.status != 201) co_return;
  co_await expect_back(ctx, content);
}

constexpr auto limit_judges = requirement_ids("push.manifest.size-limit", "push.manifest.size-413");

boost::asio::awaitable<void> limit(context& ctx) {
  // A manifest is in the repository, and larger ones of the same follow, up to 64 MiB.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "beyond-the-limit");
  const auto small = co_await given_manifest(ctx, oci::to_json(artifact), "small");
  http::exchange last;
  for (std::uint64_t size = 8 * mebibyte; size <= 64 * mebibyte; size *= 2) {
    last = co_await ctx.try_send(push_of(ctx, "too-large", padded(artifact, size)));
    if (last.response.status != 201) break;
  }
  // A registry, or what stands before it, may end the connection instead: no status is told then.
  if (last.response.status == 0) {
    throw unsupported("a manifest beyond the limit gets no answer: " + last.error);
  }

  // One of them is beyond a limit, and told so with 413.
  ctx.expect(last, "push.manifest.size-limit")
      .holds(last.response.status != 201, "a limit of 64 MiB or less", "64 MiB are taken");
  if (last.response.status == 201) co_return;
  ctx.expect(last, "push.manifest.size-413").status(413);

  // Whoever was refused may go on.
  const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), "small"));
  ctx.expect(got, "push.manifest.size-413").status(200).body(small.json);
}

constexpr std::array scenarios{
    scenario{.id = "push/manifest-of-4-mib",
             .title = "A manifest of exactly 4 MiB is taken, or too large",
             .category = "push",
             .judges = four_judges,
             .body = four_mebibytes,
             .is_bulky = true},
    scenario{.id = "push/manifest-large-annotations",
             .title = "A manifest of 4 megabytes of annotations is taken",
             .category = "push",
             .judges = four_judges,
             .body = four_of_annotations,
             .is_bulky = true},
    scenario{.id = "push/manifest-large-layers",
             .title = "A manifest of 4 megabytes of layers is taken",
             .category = "push",
             .judges = four_judges,
             .body = four_of_layers,
             .is_bulky = true},
    scenario{.id = "push/manifest-large-data",
             .title = "A manifest of 4 megabytes of descriptors with data is taken",
             .category = "push",
             .judges = four_judges,
             .body = four_of_data,
             .is_bulky = true},
    scenario{.id = "push/manifest-limit",
             .title = "A manifest beyond a limit is refused with 413",
             .category = "push",
             .judges = limit_judges,
             .body = limit},
};

}  // namespace

std::span<const scenario> manifest_sizes() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
