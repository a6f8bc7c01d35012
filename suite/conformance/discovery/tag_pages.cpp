#include "tag_pages.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/tag_list.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

/// More than the largest list of the suite has tags, for registries with one tag a page.
constexpr std::size_t most_pages = 1'100;

bool is_before_ignoring_case(const std::string& a, const std::string& b) {
  return to_lower(a) < to_lower(b);
}

}  // namespace

std::optional<tag_names> tags_of(const http::exchange& seen) {
  if (seen.response.status != 200) return std::nullopt;
  auto list = oci::parse_tag_list(seen.response.body);
  if (!list) return std::nullopt;
  return std::move(list->tags);
}

std::string shown(const std::optional<tag_names>& tags) {
  if (!tags) return "no tag list";
  std::string out = "tags [";
  for (const std::string& tag : *tags) {
    if (out.back() != '[') out += ", ";
    out += printable(tag, 128);
    if (out.size() > 300) return out + ", ...]";
  }
  return out + ']';
}

boost::asio::awaitable<tag_walk> walk_tags(context& ctx, http::request first) {
  tag_walk walk;
  std::set<std::string> seen;
  http::request next = std::move(first);
  for (;;) {
    auto page = co_await ctx.send(std::move(next));
    walk.pages.push_back(std::move(page));
    const auto tags = tags_of(walk.last());
    if (!tags) {
      walk.broken = "no tag list on page " + std::to_string(walk.pages.size());
      break;
    }
    walk.tags.insert(walk.tags.end(), tags->begin(), tags->end());
    const auto following = api::next_page_of(walk.last());
    if (following.is_unusable()) {
      ctx.block_on(walk.last(), "tags.link-format", "<URL>; rel=\"next\"", following.problem);
    }
    if (following.is_absent()) break;
    if (!seen.insert(following.url).second) walk.broken = "a Link that was followed before";
    if (walk.pages.size() == most_pages) walk.broken = "more pages than there are tags";
    if (!walk.broken.empty()) break;
    next = http::request("GET", following.url);
  }
  co_return std::move(walk);
}

bool lists_all(const tag_walk& walk, const tag_names& tags) {
  const std::set<std::string> listed(walk.tags.begin(), walk.tags.end());
  return std::all_of(tags.begin(), tags.end(),
                     [&](const std::string& tag) { return listed.contains(tag); });
}

bool lists_each_once(const tag_walk& walk, const tag_names& tags) {
  const std::multiset<std::string> listed(walk.tags.begin(), walk.tags.end());
  return std::all_of(tags.begin(), tags.end(),
                     [&](const std::string& tag) { return listed.count(tag) == 1; });
}

boost::asio::awaitable<tag_walk> walk_until_listed(context& ctx, http::request first,
                                                   tag_names tags) {
  waiting wait(ctx, settle_kind::tag_list);
  auto walk = co_await walk_tags(ctx, first);
  while (walk.broken.empty() && !lists_all(walk, tags) && wait.goes_on()) {
    co_await wait.pause();
    walk = co_await walk_tags(ctx, first);
  }
  if (walk.broken.empty()) wait.end(walk.last(), lists_all(walk, tags));
  co_return std::move(walk);
}

bool tag_order::is_after(std::string_view a, std::string_view b) const {
  if (by_bytes) return a < b;
  return to_lower(a) < to_lower(b);
}

tag_order order_of(const tag_names& tags) {
  tag_order order;
  order.by_bytes = std::is_sorted(tags.begin(), tags.end());
  order.ignoring_case = std::is_sorted(tags.begin(), tags.end(), is_before_ignoring_case);
  return order;
}

tag_names behind(const tag_names& all, std::string_view tag, std::size_t limit) {
  auto at = std::find(all.begin(), all.end(), tag);
  if (at != all.end()) ++at;
  const auto left = static_cast<std::size_t>(all.end() - at);
  return {at, at + static_cast<std::ptrdiff_t>(std::min(left, limit))};
}

tag_names sorted(tag_names tags) {
  std::sort(tags.begin(), tags.end());
  return tags;
}

tag_names own_tags(const context& ctx, const tag_names& listed, const tag_names& pushed) {
  tag_names own = listed;
  if (!ctx.is_shared()) return own;
  const std::set<std::string> mine(pushed.begin(), pushed.end());
  std::erase_if(own, [&](const std::string& tag) { return !mine.contains(tag); });
  return own;
}

bool is_page(const http::exchange& seen, const tag_names& wanted) {
  const auto tags = tags_of(seen);
  if (!tags || tags->size() > wanted.size()) return false;
  if (tags->size() < wanted.size() && api::next_page_of(seen).is_absent()) return false;
  return std::equal(tags->begin(), tags->end(), wanted.begin());
}

}  // namespace plimsoll::suite
