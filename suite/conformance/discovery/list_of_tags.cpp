#include <string>
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

void expect_tags(const expectation& expected, const http::exchange& seen,
                 const std::vector<std::string>& wanted) {
  const auto list = oci::parse_tag_list(seen.response.body);
  if (seen.response.status != 200 || !list) {
    expected.holds(false, joined(wanted),
                   "status " + std::to_string(seen.response.status) + " without a tag list");
    return;
  }
  expected.holds(list->tags == wanted, joined(wanted), joined(list->tags));
}

boost::asio::awaitable<void> body(context& ctx) {
  // Four tags are in the repository, pushed out of order.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "tagged");
  const std::string json = oci::to_json(artifact);
  for (const char* tag : {"delta", "alpha", "charlie", "bravo"}) {
    (void)co_await given_manifest(ctx, json, tag);
  }

  const auto all = co_await ctx.send(api::list_tags(ctx.repository(), ""));
  ctx.expect(all, "tags.200").status(200);
  expect_tags(ctx.expect(all, "tags.order"), all, {"alpha", "bravo", "charlie", "delta"});

  const auto page = co_await ctx.send(api::list_tags(ctx.repository(), "n=2"));
  expect_tags(ctx.expect(page, "tags.n-exact"), page, {"alpha", "bravo"});

  const auto after = co_await ctx.send(api::list_tags(ctx.repository(), "n=2&last=bravo"));
  expect_tags(ctx.expect(after, "tags.last-up-to-n-after"), after, {"charlie", "delta"});

  const auto none = co_await ctx.send(api::list_tags(ctx.repository(), "n=0"));
  expect_tags(ctx.expect(none, "tags.n-zero-empty"), none, {});
  const bool has_link = none.response.header("Link").has_value();
  ctx.expect(none, "tags.n-zero-no-link")
      .holds(!has_link, "no Link", has_link ? "a Link" : "no Link");
}

}  // namespace

constinit const scenario list_of_tags{
    .id = "discovery/tags",
    .title = "Tags are listed in order, in pages, and after a tag",
    .category = "discovery",
    .body = body};

}  // namespace plimsoll::suite
