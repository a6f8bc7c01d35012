#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/tag_list.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "tag_pages.hpp"
#include "told.hpp"

/// The lists of a repository that is only read.
namespace plimsoll::suite {
namespace {

/// Discovery is optional: a registry may have no such list, or none for everybody.
/// @throws unsupported
void require_offered(const http::exchange& seen, std::string_view list) {
  constexpr std::array refusals{400, 401, 403, 404, 405, 501};
  const int status = seen.response.status;
  if (std::find(refusals.begin(), refusals.end(), status) == refusals.end()) return;
  throw unsupported(std::string(list) + " is not offered: status " + std::to_string(status));
}

constexpr auto list_given_tags_judges =
    requirement_ids("tags.200", "tags.body-format", "tags.body-name", "tags.order");

boost::asio::awaitable<void> list_given_tags(context& ctx) {
  if (ctx.given().tags.empty()) co_return;
  const auto seen = co_await ctx.send(api::list_tags(ctx.repository(), ""));
  require_offered(seen, "the list of tags");
  ctx.expect(seen, "tags.200").status(200);
  const auto list = oci::parse_tag_list(seen.response.body);
  ctx.expect(seen, "tags.body-format")
      .holds(list.has_value(), "a tag list", list ? "a tag list" : list.error().what());
  if (!list) co_return;
  ctx.expect(seen, "tags.body-name")
      .holds(list->name == ctx.repository(), "name " + ctx.repository(), "another name");
  ctx.expect(seen, "tags.order")
      .holds(order_of(list->tags).is_one(), "sorted tags", shown(list->tags));
}

constexpr auto list_given_referrers_judges =
    requirement_ids("referrers.200", "referrers.content-type", "referrers.body-index");

boost::asio::awaitable<void> list_given_referrers(context& ctx) {
  for (const std::string& subject : ctx.given().referrers) {
    const auto seen = co_await ctx.send(api::list_referrers(ctx.repository(), subject));
    require_offered(seen, "the list of referrers");
    ctx.expect(seen, "referrers.200").status(200);
    ctx.expect(seen, "referrers.content-type")
        .holds(has_type(seen, oci::media_type::image_index), "Content-Type of an image index",
               told_type(seen));
    const auto index = oci::parse_image_index(seen.response.body);
    ctx.expect(seen, "referrers.body-index")
        .holds(index.has_value(), "an image index", index ? "an index" : index.error().what());
  }
}

constexpr std::array scenarios{
    scenario{.id = "discovery/given-tags",
             .title = "The tags of a repository that is there are listed in order",
             .category = "discovery",
             .judges = list_given_tags_judges,
             .body = list_given_tags,
             .stands_on = basis::given_tags},
    scenario{.id = "discovery/given-referrers",
             .title = "The referrers of manifests that are there are listed",
             .category = "discovery",
             .judges = list_given_referrers_judges,
             .body = list_given_referrers,
             .stands_on = basis::given_referrers},
};

}  // namespace

std::span<const scenario> listing_given_content() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
