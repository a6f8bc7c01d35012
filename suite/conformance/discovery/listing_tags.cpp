#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/tag_list.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "sizes.hpp"
#include "tag_pages.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto list_of_tags_judges =
    requirement_ids("tags.200", "category.discovery.support", "tags.body-format", "tags.body-name",
                    "tags.body-tags-complete", "tags.body-tags-extra", "tags.order");

/// What is listed and was not pushed: a tag of the registry's own where it can be pulled, and an
/// untruth where it cannot.
boost::asio::awaitable<void> expect_no_others(context& ctx, const tag_walk& walk, tag_names listed,
                                              tag_names pushed) {
  constexpr std::size_t enough = 16;
  const std::set<std::string> mine(pushed.begin(), pushed.end());
  std::erase_if(listed, [&](const std::string& tag) { return mine.contains(tag); });
  if (listed.size() > enough) listed.resize(enough);
  std::vector<http::request> asks;
  for (const std::string& tag : listed) asks.push_back(api::get_manifest(ctx.repository(), tag));
  const auto pulled = co_await ctx.send_all(std::move(asks));
  for (std::size_t i = 0; i < pulled.size(); ++i) {
    if (pulled[i].response.status == 404) {
      ctx.expect(walk.last(), "tags.body-tags-complete")
          .holds(false, "tags that can be pulled", printable(listed[i], 128) + ", which is 404");
    }
    ctx.expect(walk.last(), "tags.body-tags-extra")
        .holds(pulled[i].response.status != 200, "the tags that were pushed",
               "also " + printable(listed[i], 128));
  }
}

boost::asio::awaitable<void> list_of_tags(context& ctx) {
  // Tags are in the repository whose order depends on the case of letters; another repository,
  // whose name begins with this one's, has a tag too.
  const tag_names tags{"v1.0", "2", "charlie", "Bravo", "10", "Delta", "v1-0", "1", "alpha"};
  const auto pushed = co_await given_tags(ctx, tags);
  const std::vector blobs{std::string(oci::empty_content)};
  co_await given_elsewhere(ctx, blobs, pushed.json, "elsewhere");

  const auto walk = co_await walk_until_listed(ctx, api::list_tags(ctx.repository(), ""), tags);
  const http::exchange& first = walk.pages.front();
  ctx.expect(first, "category.discovery.support").status(200);
  ctx.expect(first, "tags.200").status(200);
  if (first.response.status != 200) co_return;

  // Each page is a tag list of this repository.
  for (const http::exchange& page : walk.pages) {
    const auto list = oci::parse_tag_list(page.response.body);
    ctx.expect(page, "tags.body-format")
        .holds(list.has_value(), "an object with name and an array of tags",
               list ? "one" : printable(list.error().what()));
    if (!list) co_return;
    ctx.expect(page, "tags.body-name")
        .holds(list->name == ctx.repository(), "name " + ctx.repository(),
               "name " + printable(list->name));
  }

  // It has exactly the tags of this repository, in one of the two orders.
  const tag_names listed = own_tags(ctx, walk.tags, tags);
  ctx.expect(walk.last(), "tags.body-tags-complete")
      .holds(lists_each_once(walk, tags), shown(sorted(tags)), shown(sorted(listed)));
  if (!lists_all(walk, tags)) co_return;
  co_await expect_no_others(ctx, walk, listed, tags);
  ctx.expect(walk.last(), "tags.order")
      .holds(order_of(listed).is_one(), "tags sorted by their bytes, or ignoring case",
             shown(listed));
}

constexpr auto no_tags_judges = requirement_ids("tags.200", "tags.body-format");

boost::asio::awaitable<void> no_tags(context& ctx) {
  // The one manifest of the repository has no tag.
  const tag_names none;
  (void)co_await given_tags(ctx, none);

  // That is an empty list, or, where tags make a repository, none.
  const auto list = co_await ctx.send(api::list_tags(ctx.repository(), ""));
  ctx.expect(list, "tags.200").status_in({200, 404});
  if (list.response.status != 200) co_return;
  const auto tags = tags_of(list);
  ctx.expect(list, "tags.body-format")
      .holds(tags && tags->empty(), "a tag list without tags", shown(tags));
}

constexpr auto unknown_repository_judges =
    requirement_ids("table.end-8a.failure-404", "table.end-8b.failure-404");

boost::asio::awaitable<void> unknown_repository(context& ctx) {
  // Nothing was ever pushed to the other repository.
  const tag_names tags{"alpha", "bravo"};
  (void)co_await given_tags(ctx, tags);

  const std::vector asked{api::list_tags(ctx.other_repository(), ""),
                          api::list_tags(ctx.other_repository(), "n=2&last=alpha")};
  const auto seen = co_await ctx.send_all(asked);
  ctx.expect(seen[0], "table.end-8a.failure-404").status(404);
  ctx.expect(seen[1], "table.end-8b.failure-404").status(404);
}

constexpr auto thousand_tags_judges =
    requirement_ids("tags.200", "tags.body-tags-complete", "tags.order", "tags.link-walk-complete");

constexpr int most_tags = 1'000;
/// Still more than a page of most registries' own choice would need to be of use.
constexpr std::size_t least_tags = 64;
/// Pushed at once, to find out how long one takes.
constexpr std::size_t first_tags = 8;

/// As many tags as the registry takes in a few seconds, and at most `tags`; those that there are.
boost::asio::awaitable<tag_names> given_many_tags(context& ctx, tag_names tags) {
  const tag_names first(tags.begin(), tags.begin() + first_tags);
  const auto pushed = co_await given_tags(ctx, first);
  const auto took = time_of_last(ctx.transcript(), first_tags);
  tags.resize(affordable(tags.size(), least_tags, first_tags, took));
  std::vector<http::request> pushes;
  for (std::size_t i = first_tags; i < tags.size(); ++i) {
    pushes.push_back(
        api::put_manifest(ctx.repository(), tags[i], oci::media_type::image_manifest, pushed.json));
  }
  (void)co_await given_pushed(ctx, std::move(pushes));
  ctx.note(note_on_size(tags.size(), most_tags, "tags"));
  co_return tags;
}

boost::asio::awaitable<void> thousand_tags(context& ctx) {
  // Up to a thousand tags are in the repository, one of them as long as a tag can be.
  tag_names tags{std::string(128, 'z')};
  for (int i = 1; i < most_tags; ++i) {
    tags.push_back("v" + std::to_string(i * 7 % most_tags) + (i % 2 == 0 ? "-Rc" : "-beta"));
  }
  tags = co_await given_many_tags(ctx, std::move(tags));

  // They are all listed, whether in pages of the registry's own size or of a quarter of them.
  const std::string quarter = "n=" + std::to_string(tags.size() / 4);
  for (const std::string& query : {std::string(), quarter}) {
    const tag_names awaited = query.empty() ? tags : tag_names();
    const auto walk =
        co_await walk_until_listed(ctx, api::list_tags(ctx.repository(), query), awaited);
    ctx.expect(walk.pages.front(), "tags.200").status(200);
    if (walk.pages.front().response.status != 200) co_return;
    ctx.expect(walk.last(), "tags.link-walk-complete")
        .holds(walk.broken.empty(), "pages that end",
               walk.broken.empty() ? "pages that end" : walk.broken);
    // Without a Link a page is not the whole list, and need not lead to it.
    if (!walk.broken.empty() || (!query.empty() && walk.pages.size() == 1)) continue;
    const tag_names listed = own_tags(ctx, walk.tags, tags);
    ctx.expect(walk.last(), "tags.body-tags-complete")
        .holds(lists_each_once(walk, tags),
               "the " + std::to_string(tags.size()) + " tags, each once",
               std::to_string(listed.size()) + " tags");
    // What the list lacks was waited for once: in pages it is lacking for the same reason.
    if (!lists_each_once(walk, tags)) co_return;
    // The order within one page is another scenario's; here it holds from page to page.
    if (walk.pages.size() == 1) continue;
    ctx.expect(walk.last(), "tags.order")
        .holds(order_of(listed).is_one(), "tags sorted by their bytes, or ignoring case",
               shown(listed));
  }
}

constexpr std::array scenarios{
    scenario{.id = "discovery/tags",
             .title = "The tags of a repository are listed, exactly and in order",
             .category = "discovery",
             .judges = list_of_tags_judges,
             .body = list_of_tags},
    scenario{.id = "discovery/no-tags",
             .title = "A repository without tags has an empty list",
             .category = "discovery",
             .judges = no_tags_judges,
             .body = no_tags,
             .needs_fresh = true},
    scenario{.id = "discovery/tags-of-unknown-repository",
             .title = "A repository that is not there has no tag list",
             .category = "discovery",
             .judges = unknown_repository_judges,
             .body = unknown_repository,
             .needs_fresh = true},
    scenario{.id = "discovery/thousand-tags",
             .title = "A long list of tags is complete, however many pages that takes",
             .category = "discovery",
             .judges = thousand_tags_judges,
             .body = thousand_tags},
};

}  // namespace

std::span<const scenario> listing_tags() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
