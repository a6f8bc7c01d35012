#pragma once

#include <set>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "given.hpp"
#include "plimsoll/http/message.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/scenario/context.hpp"

/// How the scenarios of referrers push them and read their lists.
namespace plimsoll::suite {

/// A list of referrers, read to its end.
struct referrer_walk {
  std::vector<http::exchange> pages;     ///< At least the first.
  std::vector<oci::descriptor> entries;  ///< Of all pages, in their order.
  std::string broken;  ///< Why it was not read to its end: a loop, no index; empty otherwise.

  [[nodiscard]] const http::exchange& first() const { return pages.front(); }
  /// The last page that was read.
  [[nodiscard]] const http::exchange& last() const { return pages.back(); }
  /// The digests of the entries; one that is listed twice stands there twice.
  [[nodiscard]] std::multiset<std::string> digests() const;
};

/// Sends `first` and follows the Links: a registry may page a list at any time.
[[nodiscard]] boost::asio::awaitable<referrer_walk> walk_referrers(context& ctx,
                                                                   http::request first);

/// The list is there and can be read.
/// @throws unsupported where the registry has no referrers API
[[nodiscard]] boost::asio::awaitable<referrer_walk> given_list(context& ctx, http::request first);

/// Ends the scenario where the list is not there or cannot be read.
/// @throws unsupported where the registry has no referrers API
void require_list(context& ctx, const referrer_walk& walk);

/// A manifest to push as a referrer.
struct referrer {
  std::string media_type;
  std::string json;
  std::string tag;  ///< Empty: it is pushed by its digest.

  [[nodiscard]] std::string digest() const;
};

/// Reads the list until it has all of these, as long as `settling` has it: a list may be an index
/// that lags. One that cannot be read is not asked for again.
[[nodiscard]] boost::asio::awaitable<referrer_walk> walk_until_listed(
    context& ctx, http::request first, const std::vector<referrer>& all);

/// The same where the list is there and can be read.
/// @throws unsupported where the registry has no referrers API
[[nodiscard]] boost::asio::awaitable<referrer_walk> given_list_of(context& ctx, http::request first,
                                                                  const std::vector<referrer>& all);

/// Whether the list has each of these, perhaps among others.
[[nodiscard]] bool lists_all(const referrer_walk& walk, const std::vector<referrer>& all);

/// An artifact with this subject, told apart by `mark`.
[[nodiscard]] referrer artifact_about(const oci::descriptor& subject, std::string mark);

/// An index, pushed by digest, that refers to `subject`.
[[nodiscard]] referrer index_about(const oci::descriptor& subject);

/// All of them are in the repository, in pushes that go out at once.
[[nodiscard]] boost::asio::awaitable<std::vector<http::exchange>> given_referrers(
    context& ctx, const std::vector<referrer>& all);

/// The artifact that others refer to is in the repository, with the blob that they all need.
[[nodiscard]] boost::asio::awaitable<pushed_manifest> given_subject(context& ctx, std::string mark);

[[nodiscard]] std::multiset<std::string> digests_of(const std::vector<referrer>& all);

/// "3 entries: sha256:..., ..." made safe to show and bounded.
[[nodiscard]] std::string shown(const std::multiset<std::string>& digests);

}  // namespace plimsoll::suite
