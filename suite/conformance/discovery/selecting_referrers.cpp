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
#include "plimsoll/oci/link.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "referrer_lists.hpp"
#include "sizes.hpp"

namespace plimsoll::suite {
namespace {

/// In all entries together: more than a manifest may have.
constexpr std::size_t annotation_bytes = 200UL * 21 * 1024;
constexpr std::size_t most = 200;
/// With fewer, each would be larger than some registries take.
constexpr std::size_t least = 50;
/// Pushed at once, to find out how long one takes.
constexpr std::size_t first_lot = 8;
/// Pushed at once: what all of them hold need not be in memory together.
constexpr std::size_t lot = 40;

bool is_next_link(const http::exchange& seen) {
  const auto values = seen.response.headers.all("Link");
  const bool parse = std::all_of(values.begin(), values.end(), [](std::string_view value) {
    return oci::parse_links(value).has_value();
  });
  return parse && api::next_page_of(seen).is_usable();
}

/// Pushes referrers to the subject from `first` up to `end`, with so much in each.
boost::asio::awaitable<std::vector<referrer>> given_large_referrers(context& ctx,
                                                                    const oci::descriptor& subject,
                                                                    std::size_t first,
                                                                    std::size_t end,
                                                                    std::size_t bytes_in_each) {
  std::vector<referrer> all;
  for (std::size_t i = first; i < end; i += lot) {
    std::vector<referrer> some;
    for (std::size_t at = i; at < std::min(i + lot, end); ++at) {
      some.push_back(
          artifact_about(subject, std::to_string(at) + '-' + std::string(bytes_in_each, 'x')));
    }
    (void)co_await given_referrers(ctx, some);
    all.insert(all.end(), some.begin(), some.end());
  }
  co_return all;
}

constexpr auto many_referrers_judges =
    requirement_ids("referrers.link-required", "referrers.link-format", "referrers.pages-disjoint");

boost::asio::awaitable<void> many_referrers(context& ctx) {
  // Up to two hundred refer to a manifest, with annotations of more than 4 MiB in all.
  const auto subject = co_await given_subject(ctx, "subject");
  const std::string digest = subject.descriptor.digest.str();
  (void)co_await given_list(ctx, api::list_referrers(ctx.repository(), digest));
  auto all = co_await given_large_referrers(ctx, subject.descriptor, 0, first_lot,
                                            annotation_bytes / most);
  const auto took = time_of_last(ctx.transcript(), first_lot);
  const std::size_t count = affordable(most, least, first_lot, took);
  const std::size_t left = annotation_bytes - first_lot * (annotation_bytes / most);
  const auto others = co_await given_large_referrers(ctx, subject.descriptor, first_lot, count,
                                                     left / (count - first_lot));
  all.insert(all.end(), others.begin(), others.end());
  ctx.note(note_on_size(count, most, "referrers"));

  // One answer has them all, or Links lead to the others.
  const auto walk =
      co_await walk_until_listed(ctx, api::list_referrers(ctx.repository(), digest), all);
  const auto listed = walk.digests();
  const bool complete = lists_all(walk, all);
  ctx.expect(walk.last(), "referrers.link-required")
      .holds(complete, std::to_string(count) + " entries, or a Link to the rest",
             std::to_string(listed.size()) + " entries and no Link that leads on" +
                 (walk.broken.empty() ? "" : ": " + walk.broken));
  for (const http::exchange& page : walk.pages) {
    const auto link = page.response.header("Link");
    if (!link) continue;
    ctx.expect(page, "referrers.link-format")
        .holds(is_next_link(page), "<URL>; rel=\"next\"", printable(*link));
  }
  const std::set<std::string> different(listed.begin(), listed.end());
  ctx.expect(walk.last(), "referrers.pages-disjoint")
      .holds(different.size() == listed.size(), "each entry once",
             std::to_string(listed.size() - different.size()) + " entries again");
}

/// The filters that the answer says it applied; RFC 9110's list.
std::vector<std::string> filters_applied(const http::exchange& seen) {
  std::vector<std::string> out;
  for (const std::string_view value : seen.response.headers.all("OCI-Filters-Applied")) {
    for (const std::string_view one : split(value, ',')) {
      if (!trim(one).empty()) out.emplace_back(trim(one));
    }
  }
  return out;
}

bool says_filtered(const http::exchange& seen) {
  const auto applied = filters_applied(seen);
  return std::find(applied.begin(), applied.end(), "artifactType") != applied.end();
}

/// Each filter that is named is one of those that were asked for.
void expect_filters_asked_for(context& ctx, const http::exchange& seen) {
  const auto applied = filters_applied(seen);
  const bool held = std::all_of(applied.begin(), applied.end(), [](const std::string& one) {
    return one == "artifactType" || one == "annotation";
  });
  const auto header = seen.response.header("OCI-Filters-Applied");
  ctx.expect(seen, "referrers.filters-applied-multiple")
      .holds(held, "a comma separated list of filters that were asked for",
             header ? printable(*header) : "no header");
}

struct filter_case {
  const char* query;
  std::vector<referrer> matching;
};

/// Referrers with one type, with another, and with the first as the type of their config.
std::vector<referrer> of_several_types(const oci::image_manifest& base) {
  std::vector<referrer> out;
  for (const char* type : {"application/vnd.plimsoll.a+json", "application/vnd.plimsoll.b", ""}) {
    oci::image_manifest one = base;
    one.artifact_type = type;
    if (*type == '\0') one.config.media_type = "application/vnd.plimsoll.a+json";
    out.push_back({one.media_type, oci::to_json(one), ""});
  }
  return out;
}

/// Each digest once: that a list has an entry twice is judged where the whole list is.
std::set<std::string> each_once(const std::multiset<std::string>& digests) {
  return {digests.begin(), digests.end()};
}

constexpr auto filtered_judges =
    requirement_ids("referrers.filter-support", "referrers.filters-applied-header",
                    "referrers.filters-applied-multiple", "referrers.filter-result-matches",
                    "referrers.filter-not-claimed", "table.end-12b.success");

boost::asio::awaitable<void> filtered(context& ctx) {
  const auto subject = co_await given_subject(ctx, "subject");
  const std::string digest = subject.descriptor.digest.str();
  oci::image_manifest base = co_await given_artifact(ctx, "filtered");
  base.subject = subject.descriptor;
  const auto all = of_several_types(base);
  (void)co_await given_referrers(ctx, all);

  // Who asks for no filter, or for one that no spec knows, is told of none.
  const auto whole =
      co_await given_list_of(ctx, api::list_referrers(ctx.repository(), digest), all);
  const auto odd = co_await ctx.send(
      api::list_referrers(ctx.repository(), digest, "x-plimsoll=application%2Fx"));
  for (const http::exchange& one : {whole.first(), odd}) {
    ctx.expect(one, "referrers.filter-not-claimed")
        .holds(!says_filtered(one), "no OCI-Filters-Applied: artifactType", "it");
  }
  const auto wanted = each_once(digests_of(all));
  if (each_once(whole.digests()) != wanted) {
    throw blocked("referrers.complete", "listed are " + shown(whole.digests()));
  }

  // A filter leaves the referrers of that type, whether it is written with or without escapes;
  // of a type that none has, it leaves none.
  const std::vector<filter_case> cases{
      {"artifactType=application%2Fvnd.plimsoll.a%2Bjson", {all[0], all[2]}},
      {"artifactType=application/vnd.plimsoll.b", {all[1]}},
      {"artifactType=application/vnd.plimsoll.b&annotation=x", {all[1]}},
      {"artifactType=application%2Fvnd.plimsoll.none", {}}};
  for (const filter_case& one : cases) {
    const auto list =
        co_await walk_referrers(ctx, api::list_referrers(ctx.repository(), digest, one.query));
    ctx.expect(list.first(), "table.end-12b.success").status(200);
    if (!list.broken.empty()) continue;
    const bool said = says_filtered(list.first());
    const auto listed = each_once(list.digests());
    const bool is_whole = listed == wanted;
    ctx.expect(list.first(), "referrers.filter-support")
        .holds(said || !is_whole, "a filtered list", "all entries, and no OCI-Filters-Applied");
    if (!said && is_whole) co_return;
    for (const http::exchange& page : list.pages) {
      ctx.expect(page, "referrers.filters-applied-header")
          .holds(says_filtered(page), "OCI-Filters-Applied: artifactType", "a page without it");
      expect_filters_asked_for(ctx, page);
    }
    if (!said) continue;
    ctx.expect(list.last(), "referrers.filter-result-matches")
        .holds(listed == each_once(digests_of(one.matching)), shown(digests_of(one.matching)),
               shown(list.digests()));
  }
}

constexpr std::array scenarios{
    scenario{.id = "discovery/many-referrers",
             .title = "A long list of referrers is complete, however many pages that takes",
             .category = "discovery",
             .judges = many_referrers_judges,
             .body = many_referrers,
             .is_bulky = true},
    scenario{.id = "discovery/filtered-referrers",
             .title = "Referrers can be filtered by their type, and the answer says so",
             .category = "discovery",
             .judges = filtered_judges,
             .body = filtered},
};

}  // namespace

std::span<const scenario> selecting_referrers() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
