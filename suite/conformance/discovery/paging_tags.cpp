#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/link.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "tag_pages.hpp"

namespace plimsoll::suite {
namespace {

/// Sorted in both of the orders that the spec allows.
constexpr std::array some_tags{"1", "10", "2", "alpha", "bravo", "charlie", "delta", "v1-0"};

/// The repository has these tags, and lists them, perhaps among others of a repository that is
/// shared; the whole list, in the registry's order.
boost::asio::awaitable<tag_names> given_listed_tags(context& ctx) {
  const tag_names tags(std::begin(some_tags), std::end(some_tags));
  const tag_names backwards(tags.rbegin(), tags.rend());
  (void)co_await given_tags(ctx, backwards);
  const auto walk = co_await walk_until_listed(ctx, api::list_tags(ctx.repository(), ""), tags);
  ctx.require_status(walk.pages.front(), 200, "tags.200");
  if (sorted(own_tags(ctx, walk.tags, tags)) != tags || !walk.broken.empty()) {
    throw blocked("tags.body-tags-complete", "listed are " + shown(walk.tags));
  }
  co_return walk.tags;
}

/// The page is sorted. Where the whole list is not, that is no finding of its own.
void expect_order(context& ctx, const http::exchange& seen, const tag_names& all) {
  const auto page = tags_of(seen);
  if (!page || !order_of(all).is_one()) return;
  ctx.expect(seen, "tags.n-order").holds(order_of(*page).is_one(), "sorted tags", shown(page));
}

/// Some of `n` and `last`, as a query.
std::string query_of(std::size_t n, const std::string& last) {
  return "n=" + std::to_string(n) + (last.empty() ? "" : "&last=" + last);
}

constexpr auto limited_tags_judges =
    requirement_ids("table.end-8b.success", "tags.n-exact", "tags.n-from-start", "tags.n-order",
                    "tags.n-zero-empty", "tags.n-zero-no-link");

boost::asio::awaitable<void> limited_tags(context& ctx) {
  const tag_names all = co_await given_listed_tags(ctx);

  // A page of n tags has as many; fewer only where a Link leads to the others or none are left.
  // Above a hundred a registry may have a limit of its own.
  constexpr std::size_t most = 100;
  std::vector<std::size_t> sizes{1, 2, all.size() - 1, all.size(), all.size() + 5};
  std::erase_if(sizes, [](std::size_t n) { return n > most; });
  std::vector<http::request> asked;
  for (const std::size_t n : sizes) {
    asked.push_back(api::list_tags(ctx.repository(), query_of(n, "")));
  }
  asked.push_back(api::list_tags(ctx.repository(), "n=0"));
  const auto seen = co_await ctx.send_all(std::move(asked));
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    ctx.expect(seen[i], "table.end-8b.success").status(200);
    const auto page = tags_of(seen[i]);
    if (!page) continue;
    const std::size_t wanted = std::min(sizes[i], all.size());
    const bool continues = !api::next_page_of(seen[i]).is_absent();
    ctx.expect(seen[i], "tags.n-exact")
        .holds(page->size() == wanted || (page->size() < wanted && continues),
               std::to_string(wanted) + " tags, or fewer and a Link", shown(page));
    // It begins where the whole list begins, and is sorted.
    const bool is_start =
        page->size() <= all.size() && std::equal(page->begin(), page->end(), all.begin());
    ctx.expect(seen[i], "tags.n-from-start")
        .holds(is_start, "the first of " + shown(all), shown(page));
    expect_order(ctx, seen[i], all);
  }

  // None are asked for: none are listed, and nothing leads on.
  const http::exchange& none = seen.back();
  const auto nothing = tags_of(none);
  ctx.expect(none, "tags.n-zero-empty")
      .status(200)
      .holds(nothing && nothing->empty(), "a tag list without tags", shown(nothing));
  const bool has_link = none.response.header("Link").has_value();
  ctx.expect(none, "tags.n-zero-no-link")
      .holds(!has_link, "no Link", has_link ? "a Link" : "no Link");
}

constexpr auto no_number_judges = requirement_ids("table.end-8b.failure-404");

boost::asio::awaitable<void> no_number(context& ctx) {
  (void)co_await given_listed_tags(ctx);

  // What is no number of tags is refused or left out of account, and harms nothing.
  const std::vector asked{api::list_tags(ctx.repository(), "n=-1"),
                          api::list_tags(ctx.repository(), "n=many")};
  const auto seen = co_await ctx.send_all(asked);
  for (const http::exchange& odd : seen) {
    ctx.expect(odd, "table.end-8b.failure-404")
        .holds(odd.response.status == 200 || odd.response.status / 100 == 4, "status 200 or 4XX",
               "status " + std::to_string(odd.response.status));
  }
}

constexpr auto tags_after_judges = requirement_ids(
    "table.end-8b.success", "tags.last-accepted", "tags.last-exclusive", "tags.last-up-to-n-after",
    "tags.last-unknown", "tags.last-without-n", "tags.last-not-index.registry", "tags.n-order");

/// Whether the registry takes `last`, which it may refuse where it leads by Link alone.
bool expect_accepted(context& ctx, const http::exchange& seen) {
  const bool is_refused = seen.response.status / 100 == 4;
  ctx.expect(seen, "tags.last-accepted")
      .holds(!is_refused, "status 200", "status " + std::to_string(seen.response.status));
  return !is_refused;
}

/// "2" is the name of a tag here, and no place in the list.
bool is_number(const std::string& tag) {
  return tag.find_first_not_of("0123456789") == std::string::npos;
}

/// The tag that `last` names is not in the page.
void expect_without(context& ctx, const http::exchange& seen, const std::string& tag) {
  const auto page = tags_of(seen);
  const bool has_it = page && std::find(page->begin(), page->end(), tag) != page->end();
  ctx.expect(seen, "tags.last-exclusive").holds(!has_it, "tags without " + tag, shown(page));
}

/// The page has the two tags that follow `tag`. Whether it had.
bool expect_two_behind(context& ctx, const http::exchange& seen, const tag_names& all,
                       const std::string& tag) {
  if (!expect_accepted(ctx, seen)) return false;
  ctx.expect(seen, "table.end-8b.success").status(200);
  const auto page = tags_of(seen);
  if (!page) return false;
  const tag_names wanted = behind(all, tag, 2);
  expect_without(ctx, seen, tag);
  ctx.expect(seen, "tags.last-up-to-n-after")
      .holds(is_page(seen, wanted), shown(wanted), shown(page));
  expect_order(ctx, seen, all);
  return is_page(seen, wanted);
}

/// Behind a tag that is a number come the tags that follow it by name.
void expect_no_index(context& ctx, const http::exchange& seen, const tag_names& all,
                     const std::string& tag) {
  const auto page = tags_of(seen);
  if (!page) return;
  const tag_names wanted = behind(all, tag, 2);
  ctx.expect(seen, "tags.last-not-index.registry")
      .holds(page->empty() || (!wanted.empty() && page->front() == wanted.front()), shown(wanted),
             shown(page));
}

/// A tag that is not there (it may be gone by now): none that comes before it, if there is a list.
/// How the tags of others compare with it is the registry's matter.
void expect_behind_absent(context& ctx, const http::exchange& seen, const tag_names& own) {
  const auto page = tags_of(seen);
  if (!page) return;
  const tag_names mine = own_tags(ctx, *page, own);
  const bool later =
      std::all_of(mine.begin(), mine.end(), [](const std::string& tag) { return tag > "beta"; });
  ctx.expect(seen, "tags.last-unknown")
      .holds(later && page->size() <= 3, "up to 3 tags behind beta", shown(page));
}

boost::asio::awaitable<void> tags_after(context& ctx) {
  const tag_names all = co_await given_listed_tags(ctx);
  const tag_names own = own_tags(ctx, all, {some_tags.begin(), some_tags.end()});

  // Behind each tag come the two that follow it; behind the last, none.
  std::vector<http::request> asked;
  for (const std::string& tag : own) {
    asked.push_back(api::list_tags(ctx.repository(), query_of(2, tag)));
  }
  asked.push_back(api::list_tags(ctx.repository(), "last=charlie"));
  asked.push_back(api::list_tags(ctx.repository(), query_of(3, "beta")));
  const auto seen = co_await ctx.send_all(std::move(asked));
  bool by_name = false;
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (is_number(own[i])) continue;
    const bool held = expect_two_behind(ctx, seen[i], all, own[i]);
    by_name = by_name || held;
  }
  // A number is a tag as well. Where `last` does not work at all, that is no finding of its own.
  for (std::size_t i = 0; i < own.size() && by_name; ++i) {
    if (is_number(own[i])) expect_no_index(ctx, seen[i], all, own[i]);
  }

  // n may be left out.
  const http::exchange& rest = seen[own.size()];
  if (expect_accepted(ctx, rest)) {
    ctx.expect(rest, "tags.last-without-n")
        .holds(is_page(rest, behind(all, "charlie", all.size())),
               shown(behind(all, "charlie", all.size())), shown(tags_of(rest)));
    if (tags_of(rest)) expect_without(ctx, rest, "charlie");
  }
  if (by_name) expect_behind_absent(ctx, seen.back(), own);
}

/// Whether each Link header keeps to RFC 8288, and one leads to the next page.
bool is_next_link(const http::exchange& seen) {
  const auto values = seen.response.headers.all("Link");
  const bool parse = std::all_of(values.begin(), values.end(), [](std::string_view value) {
    return oci::parse_links(value).has_value();
  });
  return parse && api::next_page_of(seen).is_usable();
}

constexpr auto linked_tags_judges =
    requirement_ids("tags.link-format", "tags.link-walk-complete", "tags.n-order");

boost::asio::awaitable<void> linked_tags(context& ctx) {
  const tag_names all = co_await given_listed_tags(ctx);

  // Pages of an eighth of the tags and of three, followed by their Links, give every tag once.
  bool linked = false;
  const std::size_t eighth = all.size() / some_tags.size();
  for (const std::size_t n : {eighth, 3 * eighth}) {
    const auto walk = co_await walk_tags(ctx, api::list_tags(ctx.repository(), query_of(n, "")));
    for (const http::exchange& page : walk.pages) {
      const auto link = page.response.header("Link");
      if (!link) continue;
      linked = true;
      ctx.expect(page, "tags.link-format")
          .holds(is_next_link(page), "<URL>; rel=\"next\"", printable(*link));
      expect_order(ctx, page, all);
    }
    if (walk.pages.size() == 1) continue;
    ctx.expect(walk.last(), "tags.link-walk-complete")
        .holds(walk.broken.empty() && walk.tags == all, shown(all),
               walk.broken.empty() ? shown(walk.tags) : walk.broken);
  }
  if (!linked) throw unsupported("a tag list limited by n has no Link");
}

constexpr std::array scenarios{
    scenario{.id = "discovery/limited-tags",
             .title = "A tag list has as many tags as were asked for",
             .category = "discovery",
             .judges = limited_tags_judges,
             .body = limited_tags},
    scenario{.id = "discovery/tags-limited-by-no-number",
             .title = "A limit that is no number of tags is refused, or none",
             .category = "discovery",
             .judges = no_number_judges,
             .body = no_number},
    scenario{.id = "discovery/tags-after",
             .title = "A tag list begins behind the tag that was given",
             .category = "discovery",
             .judges = tags_after_judges,
             .body = tags_after},
    scenario{.id = "discovery/linked-tags",
             .title = "The Links of a tag list lead to every tag, once",
             .category = "discovery",
             .judges = linked_tags_judges,
             .body = linked_tags},
};

}  // namespace

std::span<const scenario> paging_tags() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
