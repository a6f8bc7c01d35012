#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/oci/tag_list.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

/// Tags that a push by digest sets by parameters of its query: 1.2-dev, end-7b.
namespace plimsoll::suite {
namespace {

http::request put_with_tags(std::string_view repository, const std::string& json,
                            const std::vector<std::string>& tags) {
  std::string target = api::manifest_path(repository, oci::digest_of(json).str());
  for (const std::string& one : tags) target = http::with_query(target, "tag", one);
  http::request made("PUT", std::move(target));
  made.header("Content-Type", std::string(oci::media_type::image_manifest)).body(json);
  return made;
}

/// All that OCI-Tag names, be it in lines of their own or in lists (RFC 9110, 5.3).
std::set<std::string> tags_told(const http::exchange& seen) {
  std::set<std::string> tags;
  for (const std::string_view line : seen.response.headers.all("OCI-Tag")) {
    for (const std::string_view one : split(line, ',')) {
      const std::string_view tag = trim(one);
      if (!tag.empty()) tags.emplace(tag);
    }
  }
  return tags;
}

std::vector<std::string> numbered(const std::string& name, std::size_t count) {
  std::vector<std::string> tags;
  for (std::size_t i = 0; i < count; ++i) tags.push_back(name + std::to_string(i));
  return tags;
}

/// Which of the tags are of this manifest now.
boost::asio::awaitable<std::set<std::string>> tags_of(context& ctx, std::string json,
                                                      std::vector<std::string> tags) {
  std::vector<http::request> pulls;
  for (const std::string& one : tags) pulls.push_back(api::get_manifest(ctx.repository(), one));
  const auto seen = co_await ctx.send_all(std::move(pulls));
  std::set<std::string> found;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (seen[i].response.status == 200 && seen[i].response.body == json) found.insert(tags[i]);
  }
  co_return found;
}

constexpr auto some_judges = requirement_ids(
    "push.manifest.tag-params.support", "table.end-7b.success", "push.manifest.tag-params.oci-tag",
    "push.manifest.tag-params.oci-tag-syntax", "push.manifest.tag-params.tags-created");

boost::asio::awaitable<void> some(context& ctx) {
  // A manifest is pushed by digest, with tags as parameters.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "tag-parameters");
  const std::string json = oci::to_json(artifact);
  const std::vector<std::string> tags{"1.2.3", "1.2", "1", "LATEST_"};
  const auto put = co_await ctx.send(put_with_tags(ctx.repository(), json, tags));
  // Tag parameters are a MAY: a registry may refuse the query.
  ctx.expect(put, "push.manifest.tag-params.support").status(201);
  if (put.response.status / 100 == 2) ctx.expect(put, "table.end-7b.success").status(201);
  if (put.response.status != 201) co_return;
  const auto told = tags_told(put);
  ctx.expect(put, "push.manifest.tag-params.support").holds(!told.empty(), "OCI-Tag", "no OCI-Tag");

  // What OCI-Tag names are tags; they are there, they are of this manifest, and they are all
  // that are. Where nothing is named, the registry has no tag parameters, and no tags come.
  const auto found = co_await tags_of(ctx, json, tags);
  ctx.expect(put, "push.manifest.tag-params.oci-tag-syntax")
      .holds(std::all_of(told.begin(), told.end(),
                         [](const std::string& one) { return oci::is_tag(one); }),
             "a list of tags in OCI-Tag", "an entry that is no tag");
  const bool untold = std::any_of(found.begin(), found.end(),
                                  [&](const std::string& one) { return !told.contains(one); });
  ctx.expect(put, "push.manifest.tag-params.oci-tag")
      .holds(!untold, "each tag that is there is told by OCI-Tag", "a tag that is not told");
  const bool uncreated = std::any_of(told.begin(), told.end(), [&](const std::string& one) {
    return oci::is_tag(one) && !found.contains(one);
  });
  ctx.expect(put, "push.manifest.tag-params.tags-created")
      .holds(!uncreated, "each tag that OCI-Tag tells is of the manifest",
             "one that is not there, or is of another");
}

constexpr auto many_judges =
    requirement_ids("push.manifest.tag-params.at-least-10", "push.manifest.tag-params.414",
                    "push.manifest.tag-params.oci-tag", "table.end-7b.failure");

boost::asio::awaitable<void> many(context& ctx) {
  // Ten tags in one request work, where any do.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "many-tag-parameters");
  const std::string json = oci::to_json(artifact);
  const auto ten = numbered("ten-", 10);
  const auto put = co_await ctx.send(put_with_tags(ctx.repository(), json, ten));
  const auto told = tags_told(put);
  if (put.response.status == 201 && told.empty()) {
    throw unsupported("tag parameters are not there: the answer has no OCI-Tag");
  }
  const bool all = std::all_of(ten.begin(), ten.end(),
                               [&](const std::string& one) { return told.contains(one); });
  ctx.expect(put, "push.manifest.tag-params.at-least-10")
      .holds(put.response.status == 201 && all, "status 201, and ten tags in OCI-Tag",
             "status " + std::to_string(put.response.status) + ", and " +
                 std::to_string(told.size()) + " tags");

  // Several hundred do, or are too many: then none of them is there.
  const auto hundreds = numbered("hundreds-", 300);
  const auto more = co_await ctx.send(put_with_tags(ctx.repository(), json, hundreds));
  ctx.expect(more, "push.manifest.tag-params.414").status_in({201, 414, 431, 400, 413});
  ctx.expect(more, "table.end-7b.failure")
      .holds(more.response.status == 201 || more.response.status / 100 == 4,
             "status 201, or 400 to 499", "status " + std::to_string(more.response.status));
  if (more.response.status == 201) co_return;
  const std::vector<std::string> some_of_them{hundreds.front(), hundreds.back()};
  const auto found = co_await tags_of(ctx, json, some_of_them);
  ctx.expect(more, "push.manifest.tag-params.oci-tag")
      .holds(found.empty(), "no tag of a refused push", "a tag that no answer told");
}

constexpr auto malformed_judges = requirement_ids("table.end-7b.failure");

boost::asio::awaitable<void> malformed(context& ctx) {
  const oci::image_manifest artifact = co_await given_artifact(ctx, "malformed-tag-parameter");
  const std::string json = oci::to_json(artifact);
  const std::vector<std::string> known{"well-formed"};
  const auto put = co_await ctx.send(put_with_tags(ctx.repository(), json, known));
  if (put.response.status != 201 || tags_told(put).empty()) {
    throw unsupported("tag parameters are not there: the answer has no OCI-Tag");
  }

  // What is no tag is refused, or left out of OCI-Tag.
  const std::vector<std::string> none{"-no-tag"};
  const auto second = co_await ctx.send(put_with_tags(ctx.repository(), json, none));
  const bool left_out = second.response.status == 201 && tags_told(second).empty();
  ctx.expect(second, "table.end-7b.failure")
      .holds(left_out || second.response.status / 100 == 4,
             "status 400 to 499, or 201 without it in OCI-Tag",
             "status " + std::to_string(second.response.status));
}

constexpr std::array scenarios{
    scenario{.id = "push/tag-parameters",
             .title = "A push by digest sets the tags that OCI-Tag tells, and no others",
             .category = "push",
             .judges = some_judges,
             .body = some},
    scenario{.id = "push/tag-parameters-many",
             .title = "Ten tags in one request work; too many are refused as a whole",
             .category = "push",
             .judges = many_judges,
             .body = many},
    scenario{.id = "push/tag-parameters-malformed",
             .title = "A parameter that is no tag sets none",
             .category = "push",
             .judges = malformed_judges,
             .body = malformed},
};

}  // namespace

std::span<const scenario> tag_parameters() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
