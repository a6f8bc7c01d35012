#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/http/message.hpp"
#include "plimsoll/scenario/context.hpp"

/// How the scenarios of tags read tag lists.
namespace plimsoll::suite {

using tag_names = std::vector<std::string>;

/// The tags that the answer lists; nothing where it is no tag list.
[[nodiscard]] std::optional<tag_names> tags_of(const http::exchange& seen);

/// "tags [a, b]", made safe to show and bounded; "no tag list" for nothing.
[[nodiscard]] std::string shown(const std::optional<tag_names>& tags);

/// A tag list, read to its end.
struct tag_walk {
  std::vector<http::exchange> pages;  ///< At least the first.
  tag_names tags;                     ///< Of all pages, in their order.
  std::string broken;  ///< Why it was not read to its end: a loop, no tag list; empty otherwise.

  /// The last page that was read.
  [[nodiscard]] const http::exchange& last() const { return pages.back(); }
};

/// Sends `first` and follows the Links: a registry may page a list at any time, asked or not.
[[nodiscard]] boost::asio::awaitable<tag_walk> walk_tags(context& ctx, http::request first);

/// Reads the whole list until it has each of these tags, as long as `settling` has it: a list may
/// be an index that lags. One that cannot be read is not asked for again.
[[nodiscard]] boost::asio::awaitable<tag_walk> walk_until_listed(context& ctx, http::request first,
                                                                 tag_names tags);

/// Whether the list has each of these tags once, perhaps among others.
[[nodiscard]] bool lists_each_once(const tag_walk& walk, const tag_names& tags);

/// Whether the list has each of these tags, perhaps among others.
[[nodiscard]] bool lists_all(const tag_walk& walk, const tag_names& tags);

/// The order of a tag list. The spec allows two: ignoring case, and (since it says so itself, on
/// its way to 1.2) by the bytes.
struct tag_order {
  bool ignoring_case = false;
  bool by_bytes = false;

  [[nodiscard]] bool is_one() const noexcept { return ignoring_case || by_bytes; }
  /// Whether `b` comes after `a`.
  [[nodiscard]] bool is_after(std::string_view a, std::string_view b) const;
};
[[nodiscard]] tag_order order_of(const tag_names& tags);

/// The entries behind `tag`, which is one of them; at most `limit`.
[[nodiscard]] tag_names behind(const tag_names& all, std::string_view tag, std::size_t limit);

[[nodiscard]] tag_names sorted(tag_names tags);

/// Of the tags that are listed those which the scenario has pushed, in the list's order. Where the
/// repository is the scenario's own, these are all that may be listed, and all are left.
[[nodiscard]] tag_names own_tags(const context& ctx, const tag_names& listed,
                                 const tag_names& pushed);

/// Whether the page lists what stands at this place: all of `wanted`, or, where a Link leads on,
/// a beginning of it.
[[nodiscard]] bool is_page(const http::exchange& seen, const tag_names& wanted);

}  // namespace plimsoll::suite
