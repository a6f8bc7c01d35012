#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

/// The spec says "at least 4 megabytes", and neither 10^6 nor 2^20: by the smaller one it is
/// judged.
constexpr std::size_t four_megabytes = 4'000'000;
constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

/// The artifact as JSON of exactly this size, by one annotation.
std::string padded(oci::image_manifest artifact, std::size_t size) {
  constexpr std::string_view name = "land.plimsoll.padding";
  constexpr std::string_view mark = "@padding@";
  artifact.annotations[std::string(name)] = mark;
  std::string json = oci::to_json(artifact);
  // To write the JSON a second time, with the padding in it, would take as long as all the rest.
  const std::size_t at = json.find(mark);
  return json.replace(at, mark.size(), std::string(size - json.size() + mark.size(), 'p'));
}

/// The same by many annotations, or by as many of its first layer as there is space for; what
/// is left of the size fills an annotation.
std::string of_annotations(oci::image_manifest artifact, std::size_t size) {
  constexpr std::size_t count = 400;
  for (std::size_t i = 0; i < count; ++i) {
    artifact.annotations["land.plimsoll.part" + std::to_string(i)] =
        std::string(size / count - 64, 'a');
  }
  return padded(std::move(artifact), size);
}

std::string of_layers(oci::image_manifest artifact, std::size_t size) {
  const oci::descriptor layer = artifact.layers.front();
  artifact.layers.assign((size - 2'000) / (oci::to_json(layer).size() + 1), layer);
  return padded(std::move(artifact), size);
}

constexpr auto four_judges = requirement_ids("push.manifest.size-4mb.registry");

/// The manifest is taken, and comes back.
boost::asio::awaitable<void> expect_taken_whole(context& ctx, std::string json) {
  const auto put = co_await ctx.send(
      api::put_manifest(ctx.repository(), "large", oci::media_type::image_manifest, json));
  ctx.expect(put, "push.manifest.size-4mb.registry").status(201);
  if (put.response.status != 201) co_return;
  const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), "large"));
  ctx.expect(got, "push.manifest.size-4mb.registry").status(200).body(json);
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
  const std::string json = padded(artifact, 4 * mebibyte);
  const auto put = co_await ctx.send(
      api::put_manifest(ctx.repository(), "large", oci::media_type::image_manifest, json));
  ctx.expect(put, "push.manifest.size-4mb.registry").status_in({201, 413});
  if (put.response.status != 201) co_return;
  const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), "large"));
  ctx.expect(got, "push.manifest.size-4mb.registry").status(200).body(json);
}

/// The padded artifact, made while it is sent: no more of it is in memory than a piece.
http::body_source streamed(oci::image_manifest artifact, std::uint64_t size) {
  const std::string mark = "@";
  artifact.annotations["land.plimsoll.padding"] = mark;
  const std::string json = oci::to_json(artifact);
  const std::size_t at = json.find("\"" + mark + "\"") + 1;
  const std::string before = json.substr(0, at);
  const std::string behind = json.substr(at + mark.size());
  http::body_source made;
  made.size = size;
  made.read = [before, behind, size](std::uint64_t offset, std::span<char> out) {
    for (char& one : out) {
      const std::uint64_t left = size - offset;
      if (offset < before.size()) {
        one = before[static_cast<std::size_t>(offset)];
      } else {
        one = left > behind.size() ? 'p' : behind[static_cast<std::size_t>(behind.size() - left)];
      }
      ++offset;
    }
  };
  return made;
}

constexpr auto limit_judges = requirement_ids("push.manifest.size-limit", "push.manifest.size-413");

boost::asio::awaitable<void> limit(context& ctx) {
  // A manifest is in the repository, and larger ones of the same follow, up to 64 MiB.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "beyond-the-limit");
  const auto small = co_await given_manifest(ctx, oci::to_json(artifact), "small");
  http::exchange last;
  for (std::uint64_t size = 8 * mebibyte; size <= 64 * mebibyte; size *= 2) {
    http::request push("PUT", api::manifest_path(ctx.repository(), "too-large"));
    push.header("Content-Type", artifact.media_type).body(streamed(artifact, size));
    last = co_await ctx.try_send(std::move(push));
    if (last.response.status != 201) break;
  }

  // One of them is beyond a limit, and told so with 413.
  ctx.expect(last, "push.manifest.size-limit")
      .holds(last.response.status != 201, "a limit of 64 MiB or less", "64 MiB are taken");
  if (last.response.status == 201) co_return;
  ctx.expect(last, "push.manifest.size-413")
      .holds(last.response.status == 413, "status 413",
             last.answered() ? "status " + std::to_string(last.response.status) : last.error);

  // Whoever was refused may go on.
  const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), "small"));
  ctx.expect(got, "push.manifest.size-413").status(200).body(small.json);
}

constexpr std::array scenarios{
    scenario{.id = "push/manifest-of-4-mib",
             .title = "A manifest of exactly 4 MiB is taken, or too large",
             .category = "push",
             .judges = four_judges,
             .body = four_mebibytes},
    scenario{.id = "push/manifest-large-annotations",
             .title = "A manifest of 4 megabytes of annotations is taken",
             .category = "push",
             .judges = four_judges,
             .body = four_of_annotations},
    scenario{.id = "push/manifest-large-layers",
             .title = "A manifest of 4 megabytes of layers is taken",
             .category = "push",
             .judges = four_judges,
             .body = four_of_layers},
    scenario{.id = "push/manifest-large-data",
             .title = "A manifest of 4 megabytes of descriptors with data is taken",
             .category = "push",
             .judges = four_judges,
             .body = four_of_data},
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
