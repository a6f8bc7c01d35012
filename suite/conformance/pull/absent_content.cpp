#include <array>
#include <span>
#include <string>

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

constexpr auto pull_absent_judges = requirement_ids("pull.blob.404", "pull.head.blob-404",
                                                    "pull.manifest.404", "pull.head.manifest-404");

boost::asio::awaitable<void> pull_absent(context& ctx) {
  // The repository exists, and lacks the blob and the manifest that are asked for.
  (void)co_await given_blob(ctx, ctx.bytes(64));
  const oci::digest absent = oci::digest_of(ctx.bytes(64));

  const auto blob = co_await ctx.send(api::get_blob(ctx.repository(), absent));
  ctx.expect(blob, "pull.blob.404").status(404);
  const auto blob_head = co_await ctx.send(api::head_blob(ctx.repository(), absent));
  ctx.expect(blob_head, "pull.head.blob-404").status(404);

  const auto manifest = co_await ctx.send(api::get_manifest(ctx.repository(), absent.str()));
  ctx.expect(manifest, "pull.manifest.404").status(404);
  const auto tag = co_await ctx.send(api::get_manifest(ctx.repository(), "no-such-tag"));
  ctx.expect(tag, "pull.manifest.404").status(404);
  const auto tag_head = co_await ctx.send(api::head_manifest(ctx.repository(), "no-such-tag"));
  ctx.expect(tag_head, "pull.head.manifest-404").status(404);
}

constexpr std::array scenarios{
    scenario{.id = "pull/absent",
             .title = "What is not there is answered with 404",
             .category = "pull",
             .judges = pull_absent_judges,
             .body = pull_absent},
};

}  // namespace

std::span<const scenario> absent_content() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
