#include <array>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include "catalog.hpp"
#include "given.hpp"
#include "management/deletions.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

http::request delete_tag(context& ctx, std::string_view tag) {
  return api::delete_manifest(ctx.repository(), tag);
}

constexpr auto support_judges = requirement_ids("category.management.support");

/// Whether deletion is there, be it switched off or not allowed to this user.
bool is_there(const http::exchange& seen) {
  const int status = seen.response.status;
  return status / 100 == 2 || (status / 100 == 4 && status != 404);
}

boost::asio::awaitable<void> support(context& ctx) {
  // A tag, a manifest and a blob are in the repository.
  const tag_names tags{"support"};
  const auto pushed = co_await given_tagged(ctx, tags, "management/support");
  const oci::digest blob = co_await given_blob(ctx, ctx.bytes(64));

  // To delete at least one of them is possible, or switched off.
  const auto tag = co_await ctx.send(delete_tag(ctx, "support"));
  const auto manifest =
      co_await ctx.send(api::delete_manifest(ctx.repository(), pushed.descriptor.digest.str()));
  const auto last = co_await ctx.send(api::delete_blob(ctx.repository(), blob));
  ctx.expect(last, "category.management.support")
      .holds(is_there(tag) || is_there(manifest) || is_there(last),
             "a deletion of a tag, a manifest or a blob that is there, or is switched off with 400 "
             "or 405",
             fmt::format("status {}, {} and {}", tag.response.status, manifest.response.status,
                         last.response.status));
}

constexpr auto deleted_judges =
    requirement_ids("delete.tag.202", "delete.tag.disabled", "errors.code.unsupported",
                    "delete.tag.get-404", "delete.tag.keeps-manifest", "delete.tag.unlisted",
                    "pull.manifest.404", "pull.head.manifest-404");

boost::asio::awaitable<void> deleted(context& ctx) {
  // A manifest has two tags, one of which is deleted.
  const tag_names both{"deleted", "kept"};
  const auto pushed = co_await given_tagged(ctx, both, "management/tag-deleted");
  (void)co_await walk_until_listed(ctx, api::list_tags(ctx.repository(), ""), both);
  const auto answer = co_await ctx.send(delete_tag(ctx, "deleted"));
  const bool done = expect_deletion(ctx, answer, tag_deletion);
  if (!done) co_return;

  // It is gone, and then from the list as well.
  std::vector<http::request> asks;
  asks.push_back(api::get_manifest(ctx.repository(), "deleted"));
  asks.push_back(api::head_manifest(ctx.repository(), "deleted"));
  const auto gone = co_await ask_until_gone(ctx, settle_kind::deleted_tag, std::move(asks));
  expect_gone(ctx, gone[0], "delete.tag.get-404", "pull.manifest.404");
  expect_gone(ctx, gone[1], "delete.tag.get-404", "pull.head.manifest-404");
  tag_names without;
  if (gone[0].response.status == 404) without.emplace_back("deleted");
  const auto list = co_await list_until_gone(ctx, without);
  if (!without.empty()) {
    ctx.expect(list.last(), "delete.tag.unlisted")
        .holds(!has_tag(list, "deleted"), "a list without the deleted tag", shown(list.tags));
  }

  // The other tag and the manifest are still there.
  const auto by_tag = co_await ctx.send(api::get_manifest(ctx.repository(), "kept"));
  ctx.expect(by_tag, "delete.tag.keeps-manifest").status(200).body(pushed.json);
  const auto by_digest =
      co_await ctx.send(api::get_manifest(ctx.repository(), pushed.descriptor.digest.str()));
  ctx.expect(by_digest, "delete.tag.keeps-manifest").status(200).body(pushed.json);
  if (!list.broken.empty()) co_return;
  ctx.expect(list.last(), "delete.tag.keeps-manifest")
      .holds(has_tag(list, "kept"), "a list with the other tag", shown(list.tags));
}

constexpr auto absent_judges =
    requirement_ids("table.end-9.failure-404", "errors.code.manifest-unknown");

boost::asio::awaitable<void> absent(context& ctx) {
  // A tag was deleted.
  const tag_names both{"deleted", "kept"};
  (void)co_await given_tagged(ctx, both, "management/tag-absent");
  const auto answer = co_await ctx.send(delete_tag(ctx, "deleted"));
  require_deletion(answer, tag_deletion);
  std::vector<http::request> asks;
  asks.push_back(api::get_manifest(ctx.repository(), "deleted"));
  const auto gone = co_await ask_until_gone(ctx, settle_kind::deleted_tag, std::move(asks));

  // It cannot be deleted again, and neither can one that never was.
  if (gone.front().response.status == 404) {
    const auto again = co_await ctx.send(delete_tag(ctx, "deleted"));
    ctx.expect(again, "table.end-9.failure-404").status(404);
    ctx.expect(again, "errors.code.manifest-unknown").error_code_in({"MANIFEST_UNKNOWN"});
  }
  const auto never = co_await ctx.send(delete_tag(ctx, "never-pushed"));
  ctx.expect(never, "table.end-9.failure-404").status(404);
  ctx.expect(never, "errors.code.manifest-unknown").error_code_in({"MANIFEST_UNKNOWN"});
}

constexpr auto again_judges = requirement_ids("push.manifest.201", "pull.manifest.get-body");

boost::asio::awaitable<void> pushed_again(context& ctx) {
  // A tag of a manifest was deleted.
  const tag_names both{"returns", "kept"};
  (void)co_await given_tagged(ctx, both, "management/tag-pushed-again");
  const auto answer = co_await ctx.send(delete_tag(ctx, "returns"));
  require_deletion(answer, tag_deletion);
  std::vector<http::request> asks;
  asks.push_back(api::get_manifest(ctx.repository(), "returns"));
  const auto gone = co_await ask_until_gone(ctx, settle_kind::deleted_tag, std::move(asks));
  if (gone.front().response.status / 100 == 2) {
    throw blocked("delete.tag.get-404", "the deleted tag is still there");
  }

  // It can be given to another manifest.
  const oci::image_manifest other = co_await given_artifact(ctx, "management/another");
  const std::string json = oci::to_json(other);
  const auto put =
      co_await ctx.send(api::put_manifest(ctx.repository(), "returns", other.media_type, json));
  ctx.expect(put, "push.manifest.201").status(201);
  if (put.response.status != 201) co_return;
  const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), "returns"));
  ctx.expect(got, "pull.manifest.get-body").status(200).body(json);
}

constexpr std::array scenarios{
    scenario{.id = "management/support",
             .title = "The registry deletes content, or says that deletion is switched off",
             .category = "management",
             .judges = support_judges,
             .body = support},
    scenario{.id = "management/tag-deleted",
             .title = "A deleted tag is gone, and neither its manifest nor another tag is",
             .category = "management",
             .judges = deleted_judges,
             .body = deleted},
    scenario{.id = "management/tag-absent",
             .title = "A tag that is not there cannot be deleted",
             .category = "management",
             .judges = absent_judges,
             .body = absent},
    scenario{.id = "management/tag-pushed-again",
             .title = "A tag that was deleted can be pushed again",
             .category = "management",
             .judges = again_judges,
             .body = pushed_again},
};

}  // namespace

std::span<const scenario> deleting_tags() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
