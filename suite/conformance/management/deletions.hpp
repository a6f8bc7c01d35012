#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "discovery/tag_pages.hpp"
#include "given.hpp"
#include "plimsoll/http/message.hpp"
#include "plimsoll/scenario/context.hpp"

/// How the scenarios of deletion judge its answers. Deletion is optional as a whole, and the
/// deletion of tags by itself ("Content Management").
namespace plimsoll::suite {

/// One manifest is in the repository under each of these tags, and was seen there; `mark` tells it
/// apart from what other repositories have, since a registry may be wrong about whose it deletes.
[[nodiscard]] boost::asio::awaitable<pushed_manifest> given_tagged(context& ctx, tag_names tags,
                                                                   std::string mark);

/// One kind of deletion, and what its answer is held to where the content is there.
struct deletion {
  std::string_view name;
  requirement_id done;  ///< 202.
  requirement_id off;   ///< 400 or 405 where it is switched off.
};

inline constexpr deletion tag_deletion{"the deletion of tags", "delete.tag.202",
                                       "delete.tag.disabled"};
inline constexpr deletion manifest_deletion{"the deletion of manifests", "delete.manifest.202",
                                            "delete.manifest.disabled"};
inline constexpr deletion blob_deletion{"the deletion of blobs", "delete.blob.202",
                                        "delete.blob.disabled"};

/// Whether the answer refuses for a reason that the registry need not give: this user may not,
/// or this content is kept.
[[nodiscard]] bool is_denied(const http::exchange& seen);

/// Checks the answer to the deletion of something that is there: both rules of `kind`, and
/// errors.code.unsupported. Whether it was deleted.
/// @throws unsupported where this kind of deletion is off, or refused to this user
[[nodiscard]] bool expect_deletion(context& ctx, const http::exchange& seen, const deletion& kind);

/// The content was deleted, which is another scenario's subject.
/// @throws unsupported where this kind of deletion is off, or refused to this user
void require_deletion(const http::exchange& seen, const deletion& kind);

/// Sends the requests until none is answered with content, as long as `settling` has it: a 202 lets
/// a registry delete later than it says so. The last answers, in the order of the requests.
[[nodiscard]] boost::asio::awaitable<std::vector<http::exchange>> ask_until_gone(
    context& ctx, settle_kind kind, std::vector<http::request> asks);

/// Content that was deleted is not served any more. How the answer says so is `absent`'s: one that
/// is neither content nor 404 breaks that rule, and not this one.
void expect_gone(context& ctx, const http::exchange& seen, requirement_id rule,
                 requirement_id absent);

/// What was pushed and that nothing was to delete can be read: a registry may show it late.
[[nodiscard]] boost::asio::awaitable<void> given_visible(context& ctx,
                                                         std::vector<http::request> reads);

/// Reads the tag list until it has no tag of `gone`, as long as `settling` has it.
[[nodiscard]] boost::asio::awaitable<tag_walk> list_until_gone(context& ctx, tag_names gone);

/// Whether the list was read to its end and has this tag.
[[nodiscard]] bool has_tag(const tag_walk& list, std::string_view tag);

}  // namespace plimsoll::suite
