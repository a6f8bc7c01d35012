#include "clean_up.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "plimsoll/oci/tag_list.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll {
namespace {

namespace asio = boost::asio;
using kind = pushed_content::kind;

constexpr std::size_t at_once = 8;

/// What was pushed of one kind to one repository, and how far its deletion is.
struct group {
  kind what;
  std::string path;                     ///< Each target is this and a reference.
  std::vector<std::string> references;  ///< The last that was pushed comes first.
  std::size_t next = 0;
  std::vector<std::string> kept;
  std::string why;  ///< The last answer that was no deletion.

  [[nodiscard]] bool is_untouched() const { return kept.size() == references.size(); }
  /// Gives up what is not begun.
  void keep_rest(std::string reason) {
    const auto rest = references.begin() + static_cast<std::ptrdiff_t>(next);
    kept.insert(kept.end(), rest, references.end());
    next = references.size();
    why = std::move(reason);
  }
};

struct repository {
  std::string name;
  group tags{kind::tag, {}, {}, 0, {}, {}};
  group manifests{kind::manifest, {}, {}, 0, {}, {}};
  group blobs{kind::blob, {}, {}, 0, {}, {}};
};

/// What the deletions of one call share.
struct deletions {
  http::client& registry;
  clean_up_state& state;
  clean_up_state::time_point began;
};

asio::awaitable<void> all_of(std::vector<asio::awaitable<void>> parts) {
  if (parts.empty()) co_return;
  const auto executor = co_await asio::this_coro::executor;
  using part = decltype(asio::co_spawn(executor, std::move(parts[0]), asio::deferred));
  std::vector<part> begun;
  begun.reserve(parts.size());
  for (auto& one : parts) begun.push_back(asio::co_spawn(executor, std::move(one), asio::deferred));
  auto all = asio::experimental::make_parallel_group(std::move(begun));
  co_await all.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
}

/// A request that may be given up while it is under way.
struct pending {
  explicit pending(const asio::any_io_executor& executor) : ended(executor) {}
  http::exchange seen;
  bool is_over = false;
  asio::steady_timer ended;  ///< Expires with the request, or when it is given up.
};

asio::awaitable<void> send_into(http::client& registry, http::request asked,
                                std::shared_ptr<pending> one) {
  one->seen = co_await registry.send(std::move(asked));
  one->is_over = true;
  one->ended.expires_at(asio::steady_timer::time_point::min());
}

/// As the client does, but for no longer than the limit for one answer. What is given up then ends
/// by the client's own limits.
asio::awaitable<http::exchange> send(deletions& by, http::request asked) {
  const auto executor = co_await asio::this_coro::executor;
  const auto limit = by.state.limits().answer;
  http::exchange late;
  late.last.method = asked.method();
  late.error = fmt::format("timed out after {} ms", limit.count());
  const auto one = std::make_shared<pending>(executor);
  one->ended.expires_after(limit);
  asio::co_spawn(executor, send_into(by.registry, std::move(asked), one), asio::detached);
  (void)co_await one->ended.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!one->is_over) co_return late;
  co_return std::move(one->seen);
}

asio::awaitable<void> remove_next(deletions& by, group& from) {
  std::string over = by.state.reason_to_end(by.began, from.what);
  if (!over.empty()) {
    from.keep_rest(std::move(over));
    co_return;
  }
  const std::string& reference = from.references[from.next++];
  const http::exchange seen = co_await send(by, http::request("DELETE", from.path + reference));
  by.state.record_deletion(from.what, seen);
  const int status = seen.response.status;
  if (status / 100 == 2 || status == 404) co_return;
  from.kept.push_back(reference);
  over = by.state.reason_to_end(by.began);
  from.why = seen.answered() ? fmt::format("DELETE is answered with {}", status)
             : over.empty()  ? seen.error
                             : over;
}

asio::awaitable<void> remove_on(deletions& by, group& from) {
  while (from.next < from.references.size()) {
    co_await remove_next(by, from);
  }
}

/// The first alone: where a registry does not delete, one request is enough to know.
asio::awaitable<void> remove_all(deletions& by, group& from) {
  if (from.references.empty()) co_return;
  co_await remove_next(by, from);
  if (!from.kept.empty()) from.kept = from.references;
  const std::size_t left = from.references.size() - 1;
  if (!from.kept.empty() || left == 0) co_return;
  std::vector<asio::awaitable<void>> workers;
  for (std::size_t i = 0; i < std::min(left, at_once); ++i) {
    workers.push_back(remove_on(by, from));
  }
  co_await all_of(std::move(workers));
}

/// Most registries delete a manifest's tags with it: a thousand of them, by one request.
asio::awaitable<void> remove_tags(deletions& by, repository& from) {
  if (from.tags.references.empty()) co_return;
  if (from.manifests.kept.empty() && by.state.reason_to_end(by.began).empty()) {
    const http::exchange seen = co_await send(by, api::list_tags(from.name, ""));
    by.state.record(seen);
    const auto list = oci::parse_tag_list(seen.response.body);
    const bool none = seen.response.status == 200 && list && list->tags.empty();
    if (none || seen.response.status == 404) co_return;
  }
  co_await remove_all(by, from.tags);
}

/// Once more what was not deleted.
asio::awaitable<void> remove_rest(deletions& by, group& from) {
  from.references = std::exchange(from.kept, {});
  from.next = 0;
  co_await remove_all(by, from);
}

asio::awaitable<void> empty(deletions& by, repository& from) {
  co_await remove_all(by, from.manifests);
  co_await remove_tags(by, from);
  // There are registries that keep a manifest for as long as a tag or an index refers to it.
  const bool anything = !from.tags.is_untouched() || !from.manifests.is_untouched();
  if (anything) {
    co_await remove_rest(by, from.manifests);
  }
  co_await remove_all(by, from.blobs);
}

asio::awaitable<void> empty_on(deletions& by, std::vector<repository>& all, std::size_t& next) {
  while (next < all.size()) {
    repository& mine = all[next++];
    co_await empty(by, mine);
  }
}

std::vector<repository> by_repository(std::vector<pushed_content> pushed) {
  std::map<std::string, repository> found;
  std::set<std::tuple<kind, std::string, std::string>> known;
  for (auto one = pushed.rbegin(); one != pushed.rend(); ++one) {  // NOLINT(*-loop-convert)
    if (!known.emplace(one->what, one->repository, one->reference).second) continue;
    repository& in = found[one->repository];
    group& to = one->what == kind::tag        ? in.tags
                : one->what == kind::manifest ? in.manifests
                                              : in.blobs;
    to.references.push_back(std::move(one->reference));
  }
  std::vector<repository> made;
  for (auto& [name, one] : found) {
    one.name = name;
    one.tags.path = one.manifests.path = api::manifest_path(name, "");
    one.blobs.path = api::blob_path(name, "");
    made.push_back(std::move(one));
  }
  return made;
}

void add_kept(const repository& in, const group& of, std::vector<kept_content>& to) {
  if (of.kept.empty()) return;
  kept_content made;
  made.why = of.why;
  for (const std::string& reference : of.kept) {
    made.content.push_back({of.what, in.name, reference});
  }
  to.push_back(std::move(made));
}

std::string_view plural_of(kind what) noexcept {
  if (what == kind::tag) return "tags";
  return what == kind::manifest ? "manifests" : "blobs";
}

}  // namespace

asio::awaitable<std::vector<kept_content>> clean_up(http::client& registry,
                                                    std::vector<pushed_content> pushed,
                                                    clean_up_state& state) {
  auto repositories = by_repository(std::move(pushed));
  deletions by{registry, state, state.limits().now()};
  std::size_t next = 0;
  std::vector<asio::awaitable<void>> parts;
  for (std::size_t i = 0; i < std::min(repositories.size(), at_once); ++i) {
    parts.push_back(empty_on(by, repositories, next));
  }
  co_await all_of(std::move(parts));
  state.add_time_since(by.began);
  std::vector<kept_content> kept;
  for (const repository& one : repositories) {
    add_kept(one, one.tags, kept);
    add_kept(one, one.manifests, kept);
    add_kept(one, one.blobs, kept);
  }
  co_return kept;
}

std::string to_text(const kept_content& kept) {
  const pushed_content& first = kept.content.front();
  return fmt::format("{}: {} {} ({})", first.repository, kept.content.size(), plural_of(first.what),
                     kept.why);
}

}  // namespace plimsoll
