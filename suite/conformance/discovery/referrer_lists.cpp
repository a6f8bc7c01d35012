#include "referrer_lists.hpp"

#include <algorithm>
#include <utility>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

/// More than the longest list of the suite has entries, for registries with one entry a page.
constexpr std::size_t most_pages = 300;

bool has_each(const std::multiset<std::string>& listed, const std::multiset<std::string>& digests) {
  return std::all_of(digests.begin(), digests.end(),
                     [&](const std::string& digest) { return listed.contains(digest); });
}

}  // namespace

std::multiset<std::string> referrer_walk::digests() const {
  std::multiset<std::string> out;
  for (const oci::descriptor& one : entries) out.insert(one.digest.str());
  return out;
}

boost::asio::awaitable<referrer_walk> walk_referrers(context& ctx, http::request first) {
  referrer_walk walk;
  std::set<std::string> seen;
  http::request next = std::move(first);
  for (;;) {
    auto page = co_await ctx.send(std::move(next));
    walk.pages.push_back(std::move(page));
    const int status = walk.last().response.status;
    auto index = oci::parse_image_index(walk.last().response.body);
    if (status != 200) walk.broken = "status " + std::to_string(status);
    if (status == 200 && !index) walk.broken = printable(index.error().what());
    if (!walk.broken.empty()) break;
    for (oci::descriptor& one : index->manifests) walk.entries.push_back(std::move(one));
    const auto following = api::next_page_of(walk.last());
    if (following.is_unusable()) {
      ctx.block_on(walk.last(), "referrers.link-format", "<URL>; rel=\"next\"", following.problem);
    }
    if (following.is_absent()) break;
    if (!seen.insert(following.url).second) walk.broken = "a Link that was followed before";
    if (walk.pages.size() == most_pages) walk.broken = "more pages than there are referrers";
    if (!walk.broken.empty()) break;
    next = http::request("GET", following.url);
  }
  co_return std::move(walk);
}

boost::asio::awaitable<referrer_walk> given_list(context& ctx, http::request first) {
  auto walk = co_await walk_referrers(ctx, std::move(first));
  require_list(ctx, walk);
  co_return std::move(walk);
}

void require_list(context& ctx, const referrer_walk& walk) {
  if (walk.first().response.status == 404) {
    throw unsupported("the referrers API is not there: GET of the referrers gives 404");
  }
  ctx.require_status(walk.first(), 200, "referrers.200");
  if (!walk.broken.empty()) throw blocked("referrers.body-index", walk.broken);
}

bool lists_all(const referrer_walk& walk, const std::vector<referrer>& all) {
  return has_each(walk.digests(), digests_of(all));
}

/// Whether what the list lacks can be pulled: it is waited for like all content that was pushed.
boost::asio::awaitable<bool> can_be_pulled(context& ctx, const referrer_walk& walk,
                                           const std::vector<referrer>& all) {
  const auto listed = walk.digests();
  const auto missing = std::find_if(
      all.begin(), all.end(), [&](const referrer& one) { return !listed.contains(one.digest()); });
  if (missing == all.end()) co_return true;
  const auto seen = co_await ctx.send(api::head_manifest(ctx.repository(), missing->digest()));
  co_return seen.response.status != 404;
}

boost::asio::awaitable<referrer_walk> walk_until_listed(context& ctx, http::request first,
                                                        const std::vector<referrer>& all) {
  const std::multiset<std::string> digests = digests_of(all);
  waiting wait(ctx, settle_kind::referrers);
  auto walk = co_await walk_referrers(ctx, first);
  bool is_complete = has_each(walk.digests(), digests);
  bool may_come = true;
  if (walk.broken.empty() && !is_complete) {
    may_come = co_await can_be_pulled(ctx, walk, all);
    walk = co_await walk_referrers(ctx, first);
    is_complete = has_each(walk.digests(), digests);
  }
  while (may_come && walk.broken.empty() && !is_complete && wait.goes_on()) {
    co_await wait.pause();
    walk = co_await walk_referrers(ctx, first);
    is_complete = has_each(walk.digests(), digests);
  }
  if (walk.broken.empty()) wait.end(walk.last(), is_complete);
  co_return std::move(walk);
}

boost::asio::awaitable<referrer_walk> given_list_of(context& ctx, http::request first,
                                                    const std::vector<referrer>& all) {
  auto walk = co_await walk_until_listed(ctx, std::move(first), all);
  require_list(ctx, walk);
  co_return std::move(walk);
}

std::string referrer::digest() const {
  return oci::digest_of(json).str();
}

referrer artifact_about(const oci::descriptor& subject, std::string mark) {
  oci::image_manifest artifact;
  artifact.media_type = oci::media_type::image_manifest;
  artifact.artifact_type = "application/vnd.plimsoll.test.v1";
  artifact.config = oci::empty_descriptor();
  artifact.layers.push_back(oci::empty_descriptor());
  artifact.subject = subject;
  artifact.annotations.emplace("land.plimsoll.mark", std::move(mark));
  return {artifact.media_type, oci::to_json(artifact), ""};
}

referrer index_about(const oci::descriptor& subject) {
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.subject = subject;
  return {index.media_type, oci::to_json(index), ""};
}

boost::asio::awaitable<std::vector<http::exchange>> given_referrers(
    context& ctx, const std::vector<referrer>& all) {
  std::vector<http::request> pushes;
  for (const referrer& one : all) {
    const std::string reference = one.tag.empty() ? one.digest() : one.tag;
    pushes.push_back(api::put_manifest(ctx.repository(), reference, one.media_type, one.json));
  }
  co_return co_await given_pushed(ctx, std::move(pushes));
}

boost::asio::awaitable<pushed_manifest> given_subject(context& ctx, std::string mark) {
  const oci::image_manifest subject = co_await given_artifact(ctx, std::move(mark));
  co_return co_await given_manifest(ctx, oci::to_json(subject), "");
}

std::multiset<std::string> digests_of(const std::vector<referrer>& all) {
  std::multiset<std::string> out;
  for (const referrer& one : all) out.insert(one.digest());
  return out;
}

std::string shown(const std::multiset<std::string>& digests) {
  std::string out = std::to_string(digests.size()) + " entries:";
  for (const std::string& one : digests) {
    if (out.size() > 300) return out + " ...";
    out += ' ' + printable(one, 128);
  }
  return out;
}

}  // namespace plimsoll::suite
