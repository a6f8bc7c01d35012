#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/tag_list.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

std::string joined(const std::vector<std::string>& tags) {
  std::string out = "tags [";
  for (const std::string& tag : tags) {
    if (out.back() != '[') out += ", ";
    out += printable(tag, 128);
    if (out.size() > 300) return out + ", ...]";
  }
  return out + ']';
}

/// The tags of the answer; none where it has no tag list.
std::vector<std::string> tags_of(const http::exchange& seen) {
  auto list = oci::parse_tag_list(seen.response.body);
  if (seen.response.status != 200 || !list) return {};
  return std::move(list->tags);
}

constexpr auto list_of_tags_judges =
    requirement_ids("tags.200", "tags.order", "tags.n-exact", "tags.last-up-to-n-after",
                    "tags.n-zero-empty", "tags.n-zero-no-link");

boost::asio::awaitable<void> list_of_tags(context& ctx) {
  // Eight tags are in the repository, pushed out of order.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "tagged");
  const std::string json = oci::to_json(artifact);
  for (const char* tag :
       {"golf", "delta", "alpha", "hotel", "charlie", "echo", "bravo", "foxtrot"}) {
    (void)co_await given_manifest(ctx, json, tag);
  }

  const auto all = co_await ctx.send(api::list_tags(ctx.repository(), ""));
  ctx.expect(all, "tags.200").status(200);
  const std::vector<std::string> sorted{"alpha", "bravo",   "charlie", "delta",
                                        "echo",  "foxtrot", "golf",    "hotel"};
  const auto listed = tags_of(all);
  ctx.expect(all, "tags.order").holds(listed == sorted, joined(sorted), joined(listed));

  // A page of two has two, in whatever order; what comes after "bravo" is sorted behind it.
  const auto page = co_await ctx.send(api::list_tags(ctx.repository(), "n=2"));
  const auto two = tags_of(page);
  ctx.expect(page, "tags.n-exact").holds(two.size() == 2, "2 tags", joined(two));
  const auto after = co_await ctx.send(api::list_tags(ctx.repository(), "n=2&last=bravo"));
  const auto behind = tags_of(after);
  const bool later = std::all_of(behind.begin(), behind.end(),
                                 [](const std::string& tag) { return tag > "bravo"; });
  ctx.expect(after, "tags.last-up-to-n-after")
      .holds(later && !behind.empty() && behind.size() <= 2, "one or two tags behind bravo",
             joined(behind));

  const auto none = co_await ctx.send(api::list_tags(ctx.repository(), "n=0"));
  const auto nothing = tags_of(none);
  ctx.expect(none, "tags.n-zero-empty")
      .status(200)
      .holds(nothing.empty(), "no tags", joined(nothing));
  const bool has_link = none.response.header("Link").has_value();
  ctx.expect(none, "tags.n-zero-no-link")
      .holds(!has_link, "no Link", has_link ? "a Link" : "no Link");
}

constexpr std::array scenarios{
    scenario{.id = "discovery/tags",
             .title = "Tags are listed in order, in pages, and after a tag",
             .category = "discovery",
             .judges = list_of_tags_judges,
             .body = list_of_tags},
};

}  // namespace

std::span<const scenario> listing_tags() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
