#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "referrer_lists.hpp"

namespace plimsoll::suite {
namespace {

/// The entry that a client makes for a referrer; "Pushing Manifests with Subject", step 5.
oci::descriptor entry_for(const referrer& one) {
  oci::descriptor entry = oci::describe(one.media_type, one.json);
  const auto read = oci::summarize(one.json, one.media_type);
  if (!read) return entry;
  entry.artifact_type = read->artifact_type;
  if (entry.artifact_type.empty()) entry.artifact_type = read->config_media_type;
  entry.annotations = read->annotations;
  return entry;
}

/// Reads the list of referrers under the tag, adds one and pushes it, as the spec has a client
/// do it where there is no API: "Unavailable Referrers API".
boost::asio::awaitable<http::exchange> add_to_tag(context& ctx, std::string tag, referrer one) {
  const auto pulled = co_await ctx.send(api::get_manifest(ctx.repository(), tag));
  oci::image_index list;
  list.media_type = oci::media_type::image_index;
  if (pulled.response.status != 404) {
    ctx.require_status(pulled, 200, "pull.manifest.get-200");
    auto read = oci::parse_image_index(pulled.response.body);
    if (!read) throw blocked("pull.manifest.get-body", printable(read.error().what()));
    list = std::move(*read);
  }
  list.manifests.push_back(entry_for(one));
  auto push =
      api::put_manifest(ctx.repository(), tag, oci::media_type::image_index, oci::to_json(list));
  // Where the registry gives an ETag, the push is for that list alone.
  if (const auto etag = pulled.response.header("ETag"); etag && pulled.response.status == 200) {
    push.header("If-Match", std::string(*etag));
  }
  co_return co_await ctx.send(std::move(push));
}

constexpr auto kept_by_clients_judges =
    requirement_ids("push.manifest.201", "pull.manifest.get-200", "pull.manifest.get-body");

boost::asio::awaitable<void> kept_by_clients(context& ctx) {
  // Two refer to a manifest, and their client adds each to the list under the subject's tag.
  const auto subject = co_await given_subject(ctx, "subject");
  const std::string tag = oci::referrers_tag(subject.descriptor.digest);
  const std::vector both{artifact_about(subject.descriptor, "first"),
                         artifact_about(subject.descriptor, "second")};
  for (const referrer& one : both) {
    const std::vector pushed{one};
    (void)co_await given_referrers(ctx, pushed);
    const auto added = co_await add_to_tag(ctx, tag, one);
    ctx.expect(added, "push.manifest.201").status(201);
    if (added.response.status != 201) co_return;
  }

  // Another client finds both there.
  const auto pulled = co_await ctx.send(api::get_manifest(ctx.repository(), tag));
  ctx.expect(pulled, "pull.manifest.get-200").status(200);
  oci::image_index wanted;
  wanted.media_type = oci::media_type::image_index;
  for (const referrer& one : both) wanted.manifests.push_back(entry_for(one));
  ctx.expect(pulled, "pull.manifest.get-body").body(oci::to_json(wanted));
}

constexpr auto taken_over_judges =
    requirement_ids("upgrade.include-tagged", "upgrade.fallback-tag-invalid-subject");

boost::asio::awaitable<void> taken_over(context& ctx) {
  // The list under the subject's tag has a referrer, and one that has no subject at all.
  const auto subject = co_await given_subject(ctx, "subject");
  const auto stranger = co_await given_subject(ctx, "refers to nothing");
  const std::string tag = oci::referrers_tag(subject.descriptor.digest);
  const std::vector one{artifact_about(subject.descriptor, "referrer")};
  (void)co_await given_referrers(ctx, one);
  for (const referrer& listed :
       {one.front(), referrer{stranger.descriptor.media_type, stranger.json, ""}}) {
    const auto added = co_await add_to_tag(ctx, tag, listed);
    ctx.require_status(added, 201, "push.manifest.201");
  }

  // The API lists the one that refers to it, and not the other.
  const auto list = co_await given_list(
      ctx, api::list_referrers(ctx.repository(), subject.descriptor.digest.str()));
  const auto listed = list.digests();
  ctx.expect(list.last(), "upgrade.include-tagged")
      .holds(listed.count(one.front().digest()) != 0, shown(digests_of(one)), shown(listed));
  const bool has_stranger = listed.count(stranger.descriptor.digest.str()) != 0;
  ctx.expect(list.last(), "upgrade.fallback-tag-invalid-subject")
      .holds(!has_stranger, shown(digests_of(one)), shown(listed));
}

constexpr std::array scenarios{
    scenario{.id = "discovery/referrers-tag",
             .title = "Clients can keep the list of referrers under a tag",
             .category = "discovery",
             .judges = kept_by_clients_judges,
             .body = kept_by_clients},
    scenario{.id = "discovery/referrers-tag-taken-over",
             .title = "The referrers API lists what clients have listed under a tag",
             .category = "discovery",
             .judges = taken_over_judges,
             .body = taken_over},
};

}  // namespace

std::span<const scenario> referrers_tag() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
