#include <array>
#include <span>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto list_of_referrers_judges =
    requirement_ids("referrers.200", "referrers.content-type", "referrers.body-index",
                    "referrers.complete", "referrers.descriptor-correct", "referrers.artifacttype",
                    "referrers.annotations", "referrers.empty-list", "referrers.400-bad-digest");

boost::asio::awaitable<void> list_of_referrers(context& ctx) {
  // Two manifests are in the repository, one refers to the other.
  const oci::image_manifest subject = co_await given_artifact(ctx, "subject");
  const auto target = co_await given_manifest(ctx, oci::to_json(subject), "");
  oci::image_manifest referrer = co_await given_artifact(ctx, "referrer");
  referrer.subject = target.descriptor;
  const auto pushed = co_await given_manifest(ctx, oci::to_json(referrer), "");
  const std::string digest = target.descriptor.digest.str();

  const auto list = co_await ctx.send(api::list_referrers(ctx.repository(), digest));
  if (list.response.status == 404) {
    throw unsupported("the referrers API is not there: GET of the referrers gives 404");
  }
  ctx.expect(list, "referrers.200").status(200);
  ctx.expect(list, "referrers.content-type").header("Content-Type", oci::media_type::image_index);

  const auto index = oci::parse_image_index(list.response.body);
  ctx.expect(list, "referrers.body-index")
      .holds(index.has_value(), "an image index", index ? "an image index" : index.error().what());
  if (!index) co_return;
  const bool exact =
      index->manifests.size() == 1 && index->manifests[0].digest == pushed.descriptor.digest;
  ctx.expect(list, "referrers.complete")
      .holds(exact, "one entry, " + pushed.descriptor.digest.str(),
             std::to_string(index->manifests.size()) + " entries");
  if (!exact) co_return;
  const oci::descriptor& entry = index->manifests[0];
  ctx.expect(list, "referrers.descriptor-correct")
      .holds(entry.size == pushed.descriptor.size, "size " + std::to_string(pushed.descriptor.size),
             "size " + std::to_string(entry.size));
  ctx.expect(list, "referrers.artifacttype")
      .holds(entry.artifact_type == referrer.artifact_type, referrer.artifact_type,
             printable(entry.artifact_type));
  ctx.expect(list, "referrers.annotations")
      .holds(entry.annotations == referrer.annotations, "the referrer's annotations",
             std::to_string(entry.annotations.size()) + " annotations");

  // A manifest that nothing refers to has an empty list.
  const auto empty =
      co_await ctx.send(api::list_referrers(ctx.repository(), pushed.descriptor.digest.str()));
  const auto none = oci::parse_image_index(empty.response.body);
  const bool is_empty = none.has_value() && none->manifests.empty();
  ctx.expect(empty, "referrers.empty-list")
      .status(200)
      .holds(is_empty, "an index with no manifests", is_empty ? "one" : "something else");

  const auto malformed = co_await ctx.send(api::list_referrers(ctx.repository(), "sha256:short"));
  ctx.expect(malformed, "referrers.400-bad-digest").status(400);
}

constexpr std::array scenarios{
    scenario{.id = "discovery/referrers",
             .title = "The referrers of a manifest are listed, exactly and as an image index",
             .category = "discovery",
             .judges = list_of_referrers_judges,
             .body = list_of_referrers},
};

}  // namespace

std::span<const scenario> listing_referrers() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
