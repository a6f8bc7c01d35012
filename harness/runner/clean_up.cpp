#include "clean_up.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
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
  std::string path;                     ///< Each target is this and a reference.
  std::vector<std::string> references;  ///< The last that was pushed comes first.
  std::size_t next = 0;
  std::vector<std::string> kept;
  std::string why;  ///< The last answer that was no deletion.

  [[nodiscard]] bool is_untouched() const { return kept.size() == references.size(); }
};

struct repository {
  std::string name;
  group tags;
  group manifests;
  group blobs;
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

asio::awaitable<void> remove_next(http::client& registry, group& from) {
  const std::string& reference = from.references[from.next++];
  http::request asked("DELETE", from.path + reference);
  const http::exchange seen = co_await registry.send(std::move(asked));
  const int status = seen.response.status;
  if (status / 100 == 2 || status == 404) co_return;
  from.kept.push_back(reference);
  from.why = seen.answered() ? fmt::format("DELETE is answered with {}", status) : seen.error;
}

asio::awaitable<void> remove_on(http::client& registry, group& from) {
  while (from.next < from.references.size()) {
    co_await remove_next(registry, from);
  }
}

/// The first alone: where a registry does not delete, one request is enough to know.
asio::awaitable<void> remove_all(http::client& registry, group& from) {
  if (from.references.empty()) co_return;
  co_await remove_next(registry, from);
  if (!from.kept.empty()) from.kept = from.references;
  const std::size_t left = from.references.size() - 1;
  if (!from.kept.empty() || left == 0) co_return;
  std::vector<asio::awaitable<void>> workers;
  for (std::size_t i = 0; i < std::min(left, at_once); ++i) {
    workers.push_back(remove_on(registry, from));
  }
  co_await all_of(std::move(workers));
}

/// Most registries delete a manifest's tags with it: a thousand of them, by one request.
asio::awaitable<void> remove_tags(http::client& registry, repository& from) {
  if (from.tags.references.empty()) co_return;
  if (from.manifests.kept.empty()) {
    const http::exchange seen = co_await registry.send(api::list_tags(from.name, ""));
    const auto list = oci::parse_tag_list(seen.response.body);
    const bool none = seen.response.status == 200 && list && list->tags.empty();
    if (none || seen.response.status == 404) co_return;
  }
  co_await remove_all(registry, from.tags);
}

/// Once more what was not deleted.
asio::awaitable<void> remove_rest(http::client& registry, group& from) {
  from.references = std::exchange(from.kept, {});
  from.next = 0;
  co_await remove_all(registry, from);
}

asio::awaitable<void> empty(http::client& registry, repository& from) {
  co_await remove_all(registry, from.manifests);
  co_await remove_tags(registry, from);
  // There are registries that keep a manifest for as long as a tag or an index refers to it.
  const bool anything = !from.tags.is_untouched() || !from.manifests.is_untouched();
  if (anything) {
    co_await remove_rest(registry, from.manifests);
  }
  co_await remove_all(registry, from.blobs);
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

std::string told(const repository& in, const group& of, std::string_view plural) {
  return fmt::format("{}: {} {} ({})", in.name, of.kept.size(), plural, of.why);
}

}  // namespace

asio::awaitable<std::vector<std::string>> clean_up(http::client& registry,
                                                   std::vector<pushed_content> pushed) {
  auto repositories = by_repository(std::move(pushed));
  std::vector<asio::awaitable<void>> parts;
  parts.reserve(repositories.size());
  for (repository& one : repositories) parts.push_back(empty(registry, one));
  co_await all_of(std::move(parts));
  std::vector<std::string> kept;
  for (const repository& one : repositories) {
    if (!one.tags.kept.empty()) kept.push_back(told(one, one.tags, "tags"));
    if (!one.manifests.kept.empty()) kept.push_back(told(one, one.manifests, "manifests"));
    if (!one.blobs.kept.empty()) kept.push_back(told(one, one.blobs, "blobs"));
  }
  co_return kept;
}

}  // namespace plimsoll
