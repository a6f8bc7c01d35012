#include "clean_up.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace plimsoll {
namespace {

namespace asio = boost::asio;
using kind = pushed_content::kind;

constexpr std::size_t at_once = 8;

constexpr const char* plural(kind what) {
  if (what == kind::tag) return "tags";
  return what == kind::manifest ? "manifests" : "blobs";
}

/// What was pushed of one kind to one repository, and how far its deletion is.
struct group {
  std::string path;  ///< Each target is this and a reference.
  std::vector<std::string> references;
  std::size_t next = 0;
  std::size_t kept = 0;
  std::string why;  ///< The last answer that was no deletion.
};

asio::awaitable<void> remove_next(http::client& registry, group& from) {
  http::request asked("DELETE", from.path + from.references[from.next++]);
  const http::exchange seen = co_await registry.send(std::move(asked));
  const int status = seen.response.status;
  if (status / 100 == 2 || status == 404) co_return;
  ++from.kept;
  from.why = seen.answered() ? fmt::format("DELETE is answered with {}", status) : seen.error;
}

asio::awaitable<void> remove_on(http::client& registry, group& from) {
  while (from.next < from.references.size()) {
    co_await remove_next(registry, from);
  }
}

/// The first alone: where a registry does not delete, one request is enough to know.
asio::awaitable<void> remove_all(http::client& registry, group& from) {
  co_await remove_next(registry, from);
  if (from.kept != 0) from.kept = from.references.size();
  if (from.kept != 0 || from.references.size() == 1) co_return;
  const auto executor = co_await asio::this_coro::executor;
  using worker = decltype(asio::co_spawn(executor, remove_on(registry, from), asio::deferred));
  std::vector<worker> workers;
  for (std::size_t i = 1; i < std::min(from.references.size(), at_once + 1); ++i) {
    workers.push_back(asio::co_spawn(executor, remove_on(registry, from), asio::deferred));
  }
  auto all = asio::experimental::make_parallel_group(std::move(workers));
  co_await all.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
}

}  // namespace

asio::awaitable<std::vector<std::string>> clean_up(http::client& registry,
                                                   std::vector<pushed_content> pushed) {
  std::map<std::pair<kind, std::string>, std::set<std::string>> by_place;
  for (auto& one : pushed) {
    by_place[{one.what, one.repository}].insert(std::move(one.reference));
  }
  std::vector<std::string> kept;
  for (const auto& [place, references] : by_place) {
    group from;
    from.path =
        fmt::format("/v2/{}/{}/", place.second, place.first == kind::blob ? "blobs" : "manifests");
    from.references.assign(references.begin(), references.end());
    co_await remove_all(registry, from);
    if (from.kept == 0) continue;
    kept.push_back(
        fmt::format("{}: {} {} ({})", place.second, from.kept, plural(place.first), from.why));
  }
  co_return kept;
}

}  // namespace plimsoll
