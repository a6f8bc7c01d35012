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

/// Deletion is optional; switched off it is 400 or 405.
bool is_off(const http::exchange& seen) {
  return seen.response.status == 400 || seen.response.status == 405;
}

constexpr auto deletion_judges =
    requirement_ids("delete.tag.202", "delete.tag.get-404", "delete.tag.keeps-manifest",
                    "delete.manifest.202", "delete.manifest.get-404", "delete.manifest.tags-404",
                    "delete.blob.202", "delete.blob.get-404", "delete.blob.404");

boost::asio::awaitable<void> deletion(context& ctx) {
  // A manifest with two tags is in the repository, and a blob that nothing needs.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "deleted");
  const std::string json = oci::to_json(artifact);
  const auto pushed = co_await given_manifest(ctx, json, "first");
  (void)co_await given_manifest(ctx, json, "second");
  const oci::digest blob = co_await given_blob(ctx, ctx.bytes(128));
  const std::string digest = pushed.descriptor.digest.str();

  // A deleted tag is gone, its manifest and other tags are not.
  const auto tag = co_await ctx.send(api::delete_manifest(ctx.repository(), "first"));
  if (!is_off(tag)) {
    ctx.expect(tag, "delete.tag.202").status(202);
    const auto gone = co_await ctx.send(api::get_manifest(ctx.repository(), "first"));
    ctx.expect(gone, "delete.tag.get-404").status(404);
    const auto kept = co_await ctx.send(api::get_manifest(ctx.repository(), "second"));
    ctx.expect(kept, "delete.tag.keeps-manifest").status(200);
  }

  // A deleted manifest is gone, and so are its tags.
  const auto manifest = co_await ctx.send(api::delete_manifest(ctx.repository(), digest));
  if (!is_off(manifest)) {
    ctx.expect(manifest, "delete.manifest.202").status(202);
    const auto gone = co_await ctx.send(api::get_manifest(ctx.repository(), digest));
    ctx.expect(gone, "delete.manifest.get-404").status(404);
    const auto by_tag = co_await ctx.send(api::get_manifest(ctx.repository(), "second"));
    ctx.expect(by_tag, "delete.manifest.tags-404").status(404);
  }

  // A deleted blob is gone.
  const auto removed = co_await ctx.send(api::delete_blob(ctx.repository(), blob));
  if (!is_off(removed)) {
    ctx.expect(removed, "delete.blob.202").status(202);
    const auto gone = co_await ctx.send(api::get_blob(ctx.repository(), blob));
    ctx.expect(gone, "delete.blob.get-404").status(404);
    const auto again = co_await ctx.send(api::delete_blob(ctx.repository(), blob));
    ctx.expect(again, "delete.blob.404").status(404);
  }

  if (is_off(tag) || is_off(manifest) || is_off(removed)) {
    throw unsupported("switched off:" + std::string(is_off(tag) ? " tag deletion" : "") +
                      (is_off(manifest) ? " manifest deletion" : "") +
                      (is_off(removed) ? " blob deletion" : ""));
  }
}

constexpr std::array scenarios{
    scenario{.id = "management/deletion",
             .title = "A deleted tag, manifest or blob is gone",
             .category = "management",
             .judges = deletion_judges,
             .body = deletion},
};

}  // namespace

std::span<const scenario> deleting() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
