#include <array>
#include <span>
#include <string>
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
#include "told.hpp"

namespace plimsoll::suite {
namespace {

/// GETs of the tag, each with other lines of Accept.
std::vector<http::request> accepting(context& ctx, std::string_view tag,
                                     const std::vector<std::vector<std::string>>& accepts) {
  std::vector<http::request> made;
  for (const auto& lines : accepts) {
    made.emplace_back("GET", api::manifest_path(ctx.repository(), tag));
    for (const std::string& one : lines) made.back().header("Accept", one);
  }
  return made;
}

/// An image index with one image is in the repository, under this tag.
boost::asio::awaitable<pushed_manifest> given_index(context& ctx, std::string tag) {
  const oci::image_manifest artifact = co_await given_artifact(ctx, tag);
  const auto child = co_await given_manifest(ctx, oci::to_json(artifact), "");
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.manifests.push_back(child.descriptor);
  index.manifests[0].platform.emplace();
  index.manifests[0].platform->os = "linux";
  index.manifests[0].platform->architecture = "amd64";
  co_return co_await given_manifest(ctx, oci::to_json(index), tag,
                                    std::string(oci::media_type::image_index));
}

constexpr auto accepted_judges =
    requirement_ids("negotiation.list-accepted", "pull.manifest.get-200", "pull.manifest.get-body");

boost::asio::awaitable<void> accepted(context& ctx) {
  const auto pushed = co_await given_index(ctx, "several-accepted");

  // However Accept names the index, alone or among others, in one line or in several, with or
  // without weights: the index comes.
  const std::string image(oci::media_type::image_manifest);
  const std::string index(oci::media_type::image_index);
  const std::vector<std::vector<std::string>> accepts{
      {index},
      {index, image},
      {image, index},
      {image + ", " + index},
      {index + "," + image},
      {index + ";q=0.9", "*/*;q=0.1"},
  };
  const auto seen = co_await ctx.send_all(accepting(ctx, "several-accepted", accepts));
  for (const http::exchange& one : seen) {
    ctx.expect(one, "negotiation.list-accepted").status(200);
    ctx.expect(one, "pull.manifest.get-200").status(200);
    if (one.response.status != 200) continue;
    ctx.expect(one, "pull.manifest.get-body").body(pushed.json);
  }
}

constexpr auto unsaid_judges =
    requirement_ids("negotiation.no-accept", "negotiation.list-to-single",
                    "pull.manifest.dcd-value", "pull.manifest.content-type-present");

boost::asio::awaitable<void> unsaid(context& ctx) {
  (void)co_await given_index(ctx, "not-accepted");

  // Without a word on the index the registry may send it, another form of it, or none. What
  // it sends is what its digest says.
  const std::vector<std::vector<std::string>> accepts{
      {}, {"*/*"}, {"application/json"}, {std::string(oci::media_type::image_manifest)}};
  const auto seen = co_await ctx.send_all(accepting(ctx, "not-accepted", accepts));
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (i < 3) ctx.expect(seen[i], "negotiation.no-accept").status(200);
    if (i == 3) ctx.expect(seen[i], "negotiation.list-to-single").status_in({200, 404, 406});
    if (seen[i].response.status != 200) continue;
    expect_digest_of(ctx, seen[i], "pull.manifest.dcd-value", seen[i].response.body);
    expect_manifest_type(ctx, seen[i]);
  }
}

constexpr std::array scenarios{
    scenario{.id = "pull/accept",
             .title = "A manifest whose type is accepted comes, however Accept says so",
             .category = "pull",
             .judges = accepted_judges,
             .body = accepted},
    scenario{.id = "pull/accept-other",
             .title = "Where Accept does not name the type, what comes is what its digest says",
             .category = "pull",
             .judges = unsaid_judges,
             .body = unsaid},
};

}  // namespace

std::span<const scenario> content_negotiation() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
