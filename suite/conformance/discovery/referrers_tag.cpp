#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/http/etag.hpp"
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

/// The condition of the push that changes a list; empty where it cannot be made conditional.
std::string condition_of(const http::exchange& pulled) {
  return pulled.response.status == 200 ? http::strong_etag(pulled.response) : "";
}

/// Reads the list of referrers under the tag, adds one that it lacks and pushes it.
boost::asio::awaitable<http::exchange> push_list(context& ctx, std::string tag, referrer one) {
  const auto pulled = co_await ctx.send(api::get_manifest(ctx.repository(), tag));
  oci::image_index list;
  list.media_type = oci::media_type::image_index;
  if (pulled.response.status != 404) {
    ctx.require_status(pulled, 200, "pull.manifest.get-200");
    auto read = oci::parse_image_index(pulled.response.body);
    if (!read) throw blocked("pull.manifest.get-body", printable(read.error().what()));
    list = std::move(*read);
  }
  oci::descriptor entry = entry_for(one);
  const bool is_listed =
      std::any_of(list.manifests.begin(), list.manifests.end(),
                  [&](const oci::descriptor& known) { return known.digest == entry.digest; });
  if (!is_listed) list.manifests.push_back(std::move(entry));
  auto push =
      api::put_manifest(ctx.repository(), tag, oci::media_type::image_index, oci::to_json(list));
  // Where the registry gives an ETag, the push is for that list alone.
  if (std::string etag = condition_of(pulled); !etag.empty()) {
    push.header("If-Match", std::move(etag));
  }
  co_return co_await ctx.send(std::move(push));
}

/// Adds a referrer to the list under the tag, as the spec has a client do it where there is no
/// API: "Unavailable Referrers API". Where the list was changed meanwhile, it is read again.
boost::asio::awaitable<http::exchange> add_to_tag(context& ctx, std::string tag, referrer one) {
  auto pushed = co_await push_list(ctx, tag, one);
  for (int again = 0; again < 3 && pushed.response.status == 412; ++again) {
    pushed = co_await push_list(ctx, tag, one);
  }
  co_return pushed;
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
  // The list under the subject's tag has a referrer, an index that is one, too, and one that has
  // no subject at all.
  const auto subject = co_await given_subject(ctx, "subject");
  const auto stranger = co_await given_subject(ctx, "refers to nothing");
  const std::string tag = oci::referrers_tag(subject.descriptor.digest);
  const std::vector one{artifact_about(subject.descriptor, "referrer")};
  const std::vector index{index_about(subject.descriptor)};
  (void)co_await given_referrers(ctx, one);
  (void)co_await given_referrers(ctx, index);
  for (const referrer& listed :
       {one.front(), index.front(), referrer{stranger.descriptor.media_type, stranger.json, ""}}) {
    const auto added = co_await add_to_tag(ctx, tag, listed);
    ctx.require_status(added, 201, "push.manifest.201");
  }

  // The API lists the one that refers to it, and not the other.
  const auto list = co_await given_list_of(
      ctx, api::list_referrers(ctx.repository(), subject.descriptor.digest.str()), one);
  const auto listed = list.digests();
  ctx.expect(list.last(), "upgrade.include-tagged")
      .holds(listed.contains(one.front().digest()), shown(digests_of(one)), shown(listed));
  const bool has_stranger = listed.contains(stranger.descriptor.digest.str());
  ctx.expect(list.last(), "upgrade.fallback-tag-invalid-subject")
      .holds(!has_stranger, shown(digests_of(one)), shown(listed));
}

/// Which of the entries that a tag lists are image manifests that refer to the subject, and which
/// entries do not refer to it. The spec does not say of indexes that they have to be taken over.
struct tagged_entries {
  std::multiset<std::string> referring;
  std::multiset<std::string> others;
};

boost::asio::awaitable<tagged_entries> read_entries(context& ctx, oci::image_index list,
                                                    std::string subject) {
  constexpr std::size_t enough = 32;
  if (list.manifests.size() > enough) list.manifests.resize(enough);
  std::vector<http::request> pulls;
  for (const oci::descriptor& one : list.manifests) {
    pulls.push_back(api::get_manifest(ctx.repository(), one.digest.str()));
  }
  const auto pulled = co_await ctx.send_all(std::move(pulls));
  tagged_entries read;
  for (std::size_t i = 0; i < pulled.size(); ++i) {
    if (pulled[i].response.status != 200) continue;  // deleted since it was listed
    const oci::descriptor& entry = list.manifests[i];
    const auto summary = oci::summarize(pulled[i].response.body, entry.media_type);
    if (!summary) continue;
    const bool refers = summary->subject && summary->subject->digest.str() == subject;
    if (refers && summary->is_index) continue;
    (refers ? read.referring : read.others).insert(entry.digest.str());
  }
  co_return read;
}

boost::asio::awaitable<void> given_taken_over(context& ctx) {
  bool any = false;
  for (const std::string& subject : ctx.given().referrers) {
    // Clients have kept a list under the subject's tag, before the API was there.
    const auto digest = oci::digest::parse(subject);
    if (!digest) continue;
    const auto pulled =
        co_await ctx.send(api::get_manifest(ctx.repository(), oci::referrers_tag(*digest)));
    const auto tagged = oci::parse_image_index(pulled.response.body);
    if (pulled.response.status != 200 || !tagged) continue;
    any = true;

    // The API lists those of it that refer to the subject, and no others.
    const auto list = co_await given_list(ctx, api::list_referrers(ctx.repository(), subject));
    const auto listed = list.digests();
    const auto wanted = co_await read_entries(ctx, *tagged, subject);
    const auto is_listed = [&](const std::string& one) { return listed.contains(one); };
    ctx.expect(list.last(), "upgrade.include-tagged")
        .holds(std::all_of(wanted.referring.begin(), wanted.referring.end(), is_listed),
               shown(wanted.referring), shown(listed));
    ctx.expect(list.last(), "upgrade.fallback-tag-invalid-subject")
        .holds(std::none_of(wanted.others.begin(), wanted.others.end(), is_listed),
               shown(wanted.referring), shown(listed));
  }
  if (!any && !ctx.given().referrers.empty()) {
    throw unsupported("no client has kept a list under the tag of these subjects");
  }
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
    scenario{.id = "discovery/given-referrers-tag",
             .title = "The referrers API lists what clients had listed before it was there",
             .category = "discovery",
             .judges = taken_over_judges,
             .body = given_taken_over,
             .stands_on = basis::given_referrers},
};

}  // namespace

std::span<const scenario> referrers_tag() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
