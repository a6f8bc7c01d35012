#include <array>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/repository_list.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "told.hpp"

namespace plimsoll::suite {
namespace {

using repository_names = std::vector<std::string>;

std::optional<repository_names> names_of(const http::exchange& seen) {
  if (seen.response.status != 200) return std::nullopt;
  auto list = oci::parse_repository_list(seen.response.body);
  if (!list) return std::nullopt;
  return std::move(list->repositories);
}

constexpr const char* a_next_page = "a Link with rel=\"next\"";

std::string count_of(const std::optional<repository_names>& names) {
  return names ? std::to_string(names->size()) + " repositories" : "no list of repositories";
}

/// Follows the Links of a list in pages of one. A list may be long, and others may push
/// meanwhile: a few pages tell.
boost::asio::awaitable<void> expect_pages(context& ctx, http::exchange first) {
  constexpr std::size_t enough = 3;
  std::set<std::string> seen;
  http::exchange page = std::move(first);
  for (std::size_t i = 0; i < enough; ++i) {
    const auto names = names_of(page);
    ctx.expect(page, "ext.pagination-align")
        .holds(names && names->size() <= 1, "a page of one repository", count_of(names));
    if (!names) co_return;
    for (const std::string& name : *names) {
      ctx.expect(page, "ext.pagination-align")
          .holds(seen.insert(name).second, "a repository that no page before had",
                 printable(name) + " again");
    }
    const auto next = api::next_page_of(page);
    if (next.is_unusable()) ctx.block_on(page, "ext.pagination-align", a_next_page, next.problem);
    if (next.is_absent()) co_return;
    page = co_await ctx.send(http::request("GET", next.url));
  }
}

/// Whether the page behind this name lists another: as for tags, a Link is one of two ways on. It
/// is asked for twice, as a list in no order may begin with that name again by chance.
boost::asio::awaitable<bool> last_leads_on(context& ctx, std::string name) {
  constexpr int tries = 2;
  for (int i = 0; i < tries; ++i) {
    const auto page = co_await ctx.send(api::list_repositories("n=1&last=" + name));
    const auto names = names_of(page);
    if (names && !names->empty() && names->front() != name) co_return true;
  }
  co_return false;
}

boost::asio::awaitable<void> given_two_repositories(context& ctx) {
  (void)co_await given_blob(ctx, ctx.bytes(64));
  std::vector<std::string> contents;
  contents.push_back(ctx.bytes(64));
  (void)co_await given_blobs_in(ctx, ctx.other_repository(), std::move(contents));
}

constexpr auto catalogue_judges =
    requirement_ids("ext.reserved-names", "ext.versioning-headers", "ext.pagination-align");

boost::asio::awaitable<void> catalogue(context& ctx) {
  // There are two repositories, as far as anything may be pushed, and the name _catalog is kept for
  // their list.
  if (!ctx.is_read_only()) {
    co_await given_two_repositories(ctx);
  }
  const auto page = co_await ctx.send(api::list_repositories("n=1"));
  if (page.response.status != 200) throw unsupported("there is no list of repositories here");
  const auto names = names_of(page);
  ctx.expect(page, "ext.reserved-names")
      .holds(names.has_value(), "a JSON object with an array of repositories", "none");
  ctx.expect(page, "ext.versioning-headers").has_header("Content-Type");
  if (!names) co_return;

  // A page of one has one, and a Link with rel=next to the others.
  const bool has_link = page.response.header("Link").has_value();
  if (has_link) {
    ctx.expect(page, "ext.pagination-align")
        .holds(!api::next_page_of(page).is_absent(), a_next_page, "another Link");
    co_await expect_pages(ctx, page);
    co_return;
  }
  // Without a Link, it is the whole list.
  if (names->size() > 1) throw unsupported("the list of repositories has no pages");
  const auto larger = co_await ctx.send(api::list_repositories("n=2"));
  const auto more = names_of(larger);
  if (!more) co_return;
  const bool has_more = more->size() > names->size();
  bool leads_on = false;
  if (has_more && !names->empty()) {
    leads_on = co_await last_leads_on(ctx, names->front());
  }
  ctx.expect(page, "ext.pagination-align")
      .holds(!has_more || leads_on,
             "a Link to the rest of " + count_of(more) + ", or last to name it", "neither");
}

constexpr std::array scenarios{
    scenario{.id = "extensions/catalogue",
             .title = "The repositories are listed, in pages, if at all",
             .category = "extensions",
             .judges = catalogue_judges,
             .body = catalogue,
             .stands_on = basis::nothing},
};

}  // namespace

std::span<const scenario> listing_repositories() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
