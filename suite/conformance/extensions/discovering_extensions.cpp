#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <nlohmann/json.hpp>

#include "catalog.hpp"
#include "extension_list.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "told.hpp"

namespace plimsoll::suite {
namespace {

using nlohmann::json;
using entry_list = std::vector<json>;
using endpoint_list = std::vector<listed_endpoint>;

/// Whether a registry says with this answer that it does not list extensions.
bool lists_none(const http::exchange& seen) {
  return seen.response.status / 100 == 4 || seen.response.status == 501;
}

bool is_link(std::string_view text) {
  const bool has_scheme = text.find("://") != std::string_view::npos;
  return (has_scheme || text.starts_with('/')) && text.find(' ') == std::string_view::npos;
}

bool has_text_list(const json& entry, const char* member) {
  const auto found = entry.find(member);
  return found != entry.end() && found->is_array() &&
         std::all_of(found->begin(), found->end(), [](const json& e) { return e.is_string(); });
}

/// The first entry that does not keep to it, as text for a finding; empty where all do.
template <class Keeps>
std::string first_without(const entry_list& entries, Keeps keeps) {
  const auto found = std::find_if_not(entries.begin(), entries.end(), keeps);
  if (found == entries.end()) return "";
  return "entry " + printable(found->dump(-1, ' ', true, json::error_handler_t::replace), 200);
}

/// Whether the name stands in an endpoint; those that are written below the name have none.
bool is_in_its_paths(const json& entry) {
  const std::string name = text_in(entry, "name");
  const endpoint_list all = endpoints_of(entry);
  const auto has_none = [](const listed_endpoint& e) { return e.name.empty() && !e.is_from_root; };
  return std::all_of(all.begin(), all.end(), has_none) ||
         std::any_of(all.begin(), all.end(),
                     [&](const listed_endpoint& one) { return one.name == name; });
}

/// Extension, component and module of an endpoint; what is behind them is the extension's own.
bool has_good_segments(const listed_endpoint& one) {
  if (!one.name.empty() && !is_segment(one.name.substr(1))) return false;
  const auto count = std::min<std::size_t>(one.segments.size(), 2);
  return std::all_of(
      one.segments.begin(), one.segments.begin() + static_cast<std::ptrdiff_t>(count),
      [](const std::string& each) { return is_placeholder(each) || is_segment(each); });
}

bool is_named_once(const entry_list& entries) {
  std::vector<std::string> names;
  for (const json& one : entries) names.push_back(text_in(one, "name"));
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end();
}

/// What each entry has to have, whichever list it is in.
void expect_entries(context& ctx, const http::exchange& seen, const entry_list& entries) {
  const auto expect_all = [&](requirement_id rule, const char* wanted, auto keeps) {
    const std::string without = first_without(entries, keeps);
    ctx.expect(seen, rule).holds(without.empty(), wanted, without);
  };
  expect_all("ext.discover.name", "a name as it stands in the endpoints",
             [](const json& one) { return !text_in(one, "name").empty() && is_in_its_paths(one); });
  expect_all("ext.discover.url", "a url that is a link",
             [](const json& one) { return is_link(text_in(one, "url")); });
  expect_all("ext.discover.endpoints", "endpoints, an array of strings",
             [](const json& one) { return has_text_list(one, "endpoints"); });
  expect_all("ext.name-underscore", "a name that begins with an underscore", [](const json& one) {
    const std::string name = text_in(one, "name");
    return name.empty() || name.starts_with('_');
  });
  expect_all("ext.segment-regexp", "segments of [a-z0-9]+ with single . _ - between",
             [](const json& one) {
               const endpoint_list all = endpoints_of(one);
               return std::all_of(all.begin(), all.end(), has_good_segments);
             });
  ctx.expect(seen, "ext.name-unique")
      .holds(is_named_once(entries), "each name once", "a name twice");
}

/// The list of an answer that has one, with all that holds on either level.
/// @throws unsupported where there is none
entry_list expect_list(context& ctx, const http::exchange& seen) {
  if (lists_none(seen)) throw unsupported("no extensions are listed here");
  const auto document = document_of(seen);
  ctx.expect(seen, "ext.discover.content-type")
      .status(200)
      .holds(has_type(seen, "application/json"), "Content-Type: application/json", told_type(seen))
      .holds(document.has_value(), "a JSON object", "no JSON object");
  if (!document) return {};
  const auto entries = entries_of(*document);
  ctx.expect(seen, "ext.discover.extensions-array")
      .holds(entries.has_value(), "extensions, an array of objects", "none");
  if (!entries) return {};
  expect_entries(ctx, seen, *entries);
  return *entries;
}

/// Every endpoint of all entries keeps to it.
template <class Keeps>
void expect_endpoints(context& ctx, const http::exchange& seen, requirement_id rule,
                      const entry_list& entries, const std::string& wanted, Keeps keeps) {
  for (const json& entry : entries) {
    for (const listed_endpoint& one : endpoints_of(entry)) {
      ctx.expect(seen, rule).holds(keeps(one), wanted, printable(one.text));
    }
  }
}

constexpr auto registry_judges = requirement_ids(
    "ext.discover.content-type", "ext.discover.extensions-array", "ext.discover.name",
    "ext.discover.url", "ext.discover.endpoints", "ext.name-underscore", "ext.name-unique",
    "ext.segment-regexp", "ext.registry-level-path");

boost::asio::awaitable<void> of_registry(context& ctx) {
  // The registry is asked for its extensions, and may list some.
  const auto seen = co_await ctx.send(api::discover_extensions());
  const entry_list entries = expect_list(ctx, seen);

  // Their endpoints are below /v2/, or below a repository there.
  expect_endpoints(ctx, seen, "ext.registry-level-path", entries, "an endpoint below /v2/_NAME/",
                   [](const listed_endpoint& one) {
                     return !one.is_from_root || (one.is_in_api && !one.name.empty());
                   });

  // The one whose method everybody knows is there.
  const bool has_catalogue = std::any_of(entries.begin(), entries.end(), [](const json& one) {
    return text_in(one, "name") == "_catalog";
  });
  if (!has_catalogue) co_return;
  const auto catalogue = co_await ctx.send(api::list_repositories("n=1"));
  const bool is_there = catalogue.response.status != 404;
  ctx.expect(catalogue, "ext.registry-level-path")
      .holds(is_there, "an answer of _catalog, which is listed", "status 404");
}

constexpr auto repository_judges = requirement_ids(
    "ext.discover.content-type", "ext.discover.extensions-array", "ext.discover.name",
    "ext.discover.url", "ext.discover.endpoints", "ext.name-underscore", "ext.name-unique",
    "ext.segment-regexp", "ext.repository-level-path");

boost::asio::awaitable<void> of_repository(context& ctx) {
  // A repository is there. It is asked for its extensions, and may list some.
  if (!ctx.is_read_only()) {
    (void)co_await given_blob(ctx, ctx.bytes(64));
  }
  const auto seen = co_await ctx.send(api::discover_extensions(ctx.repository()));
  const entry_list entries = expect_list(ctx, seen);

  // Their endpoints are below the repository.
  const std::vector<std::string_view> own = split(ctx.repository(), '/');
  expect_endpoints(
      ctx, seen, "ext.repository-level-path", entries,
      "an endpoint below /v2/" + ctx.repository() + "/_NAME/", [&](const listed_endpoint& one) {
        if (!one.is_from_root) return true;
        const bool is_own = std::equal(one.scope.begin(), one.scope.end(), own.begin(), own.end());
        const bool is_any = one.scope.size() == 1 && is_placeholder(one.scope[0]);
        return one.is_in_api && !one.name.empty() && (is_own || is_any);
      });
}

constexpr auto unknown_judges = requirement_ids("ext.error-extension-unknown");

boost::asio::awaitable<void> unknown(context& ctx) {
  // Nobody has this extension: the registry says so, with whichever code.
  if (!ctx.is_read_only()) {
    (void)co_await given_blob(ctx, ctx.bytes(64));
  }
  std::vector<http::request> asked;
  asked.emplace_back("GET", "/v2/_plimsoll-unknown/no/such");
  asked.emplace_back("GET", "/v2/" + ctx.repository() + "/_plimsoll-unknown/no/such");
  const auto seen = co_await ctx.send_all(std::move(asked));
  for (const http::exchange& one : seen) {
    const std::string status = "status " + std::to_string(one.response.status);
    ctx.expect(one, "ext.error-extension-unknown").holds(lists_none(one), "status 404", status);
    // The spec does not forbid another answer; it tells extensions that are there from no others.
    if (!lists_none(one)) throw unsupported("an extension that nobody has gives " + status);
  }
}

constexpr std::array scenarios{
    scenario{.id = "extensions/registry",
             .title = "The registry's extensions are listed as the spec describes it, if at all",
             .category = "extensions",
             .judges = registry_judges,
             .body = of_registry,
             .stands_on = basis::nothing},
    scenario{.id = "extensions/repository",
             .title = "A repository's extensions are listed as the spec describes it, if at all",
             .category = "extensions",
             .judges = repository_judges,
             .body = of_repository,
             .stands_on = basis::nothing},
    scenario{.id = "extensions/unknown",
             .title = "An extension that is not there is refused",
             .category = "extensions",
             .judges = unknown_judges,
             .body = unknown,
             .stands_on = basis::nothing},
};

}  // namespace

std::span<const scenario> discovering_extensions() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
