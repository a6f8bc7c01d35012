#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include "catalog.hpp"
#include "given.hpp"
#include "management/deletions.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/sessions.hpp"

namespace plimsoll::suite {
namespace {

/// GET and HEAD of the blob.
std::vector<http::request> pulls_of(context& ctx, const oci::digest& blob) {
  std::vector<http::request> asks;
  asks.push_back(api::get_blob(ctx.repository(), blob));
  asks.push_back(api::head_blob(ctx.repository(), blob));
  return asks;
}

/// Whether a failure is one that the table of endpoints names. Who may not delete, or not so
/// often, is told so with other codes.
bool is_listed_failure(int status) {
  constexpr std::array fine{400, 401, 403, 404, 405, 429};
  return status / 100 == 2 || std::find(fine.begin(), fine.end(), status) != fine.end();
}

constexpr auto deleted_judges = requirement_ids(
    "delete.blob.202", "delete.blob.disabled", "errors.code.unsupported",
    "table.end-10.failure-400", "delete.blob.get-404", "pull.blob.404", "pull.head.blob-404");

boost::asio::awaitable<void> deleted(context& ctx) {
  // A blob that nothing needs is deleted.
  const oci::digest blob = co_await given_blob(ctx, ctx.bytes(128));
  co_await given_visible(ctx, pulls_of(ctx, blob));
  const auto answer = co_await ctx.send(api::delete_blob(ctx.repository(), blob));
  ctx.expect(answer, "table.end-10.failure-400")
      .holds(is_listed_failure(answer.response.status), "status 202, 404, 400 or 405",
             fmt::format("status {}", answer.response.status));
  const bool done = expect_deletion(ctx, answer, blob_deletion);
  if (!done) co_return;

  // It is gone.
  const auto gone = co_await ask_until_gone(ctx, settle_kind::deleted_blob, pulls_of(ctx, blob));
  expect_gone(ctx, gone[0], "delete.blob.get-404", "pull.blob.404");
  expect_gone(ctx, gone[1], "delete.blob.get-404", "pull.head.blob-404");
}

constexpr auto absent_judges = requirement_ids("delete.blob.404", "errors.code.blob-unknown");

boost::asio::awaitable<void> absent(context& ctx) {
  // A blob was deleted.
  const oci::digest blob = co_await given_blob(ctx, ctx.bytes(128));
  co_await given_visible(ctx, pulls_of(ctx, blob));
  const auto answer = co_await ctx.send(api::delete_blob(ctx.repository(), blob));
  require_deletion(answer, blob_deletion);
  const auto gone = co_await ask_until_gone(ctx, settle_kind::deleted_blob, pulls_of(ctx, blob));

  // It is not found a second time, and neither is one that never was, or whose repository
  // never was.
  const oci::digest never = oci::digest_of(ctx.bytes(64));
  std::vector<http::request> asks;
  asks.push_back(api::delete_blob(ctx.repository(), never));
  // Beside repositories that the user has named nothing is deleted.
  if (!ctx.is_shared()) asks.push_back(api::delete_blob(ctx.absent_repository(), never));
  if (gone.front().response.status == 404) {
    asks.push_back(api::delete_blob(ctx.repository(), blob));
  }
  const auto seen = co_await ctx.send_all(std::move(asks));
  for (const http::exchange& one : seen) {
    // Where a repository is made by its owner, only those that are there are open to others.
    if (is_denied(one)) continue;
    ctx.expect(one, "delete.blob.404").status(404);
    ctx.expect(one, "errors.code.blob-unknown").error_code_in({"BLOB_UNKNOWN", "NAME_UNKNOWN"});
  }
}

constexpr auto again_judges = requirement_ids("push.put.201", "pull.blob.get-body");

boost::asio::awaitable<void> pushed_again(context& ctx) {
  // A blob was deleted.
  const std::string content = ctx.bytes(128);
  const oci::digest blob = co_await given_blob(ctx, content);
  co_await given_visible(ctx, pulls_of(ctx, blob));
  const auto answer = co_await ctx.send(api::delete_blob(ctx.repository(), blob));
  require_deletion(answer, blob_deletion);
  const auto gone = co_await ask_until_gone(ctx, settle_kind::deleted_blob, pulls_of(ctx, blob));
  if (gone.front().response.status / 100 == 2) {
    throw blocked("delete.blob.get-404", "the deleted blob is still there");
  }

  // It can be pushed again, and is there.
  const upload session = co_await given_upload(ctx);
  const auto put = co_await ctx.send(api::close_upload(session.location, blob, content));
  ctx.expect(put, "push.put.201").status(201);
  if (put.response.status != 201) co_return;
  const auto got = co_await ctx.send(api::get_blob(ctx.repository(), blob));
  ctx.expect(got, "pull.blob.get-body").status(200).body(content);
}

constexpr auto elsewhere_judges = requirement_ids("pull.blob.get-200");

boost::asio::awaitable<void> elsewhere(context& ctx) {
  // A manifest and its blob are in one repository. The blob was mounted from a second one, or
  // pushed to both.
  const std::string content = ctx.bytes(128);
  const oci::digest blob = co_await given_blob_in(ctx, ctx.other_repository(), content);
  const auto mounted =
      co_await ctx.send(api::mount_blob(ctx.repository(), blob, ctx.other_repository()));
  if (mounted.response.status != 201) {
    (void)co_await given_blob(ctx, content);
  }
  oci::image_manifest needs = co_await given_artifact(ctx, "needs");
  needs.layers.push_back(oci::describe(oci::media_type::octet_stream, content));
  (void)co_await given_manifest(ctx, oci::to_json(needs), "needs");

  std::vector<http::request> reads = pulls_of(ctx, blob);
  reads.push_back(api::head_blob(ctx.other_repository(), blob));
  co_await given_visible(ctx, std::move(reads));

  // It is deleted in the second: what the first needs stays.
  const auto answer = co_await ctx.send(api::delete_blob(ctx.other_repository(), blob));
  require_deletion(answer, blob_deletion);
  const auto kept = co_await ctx.send(api::get_blob(ctx.repository(), blob));
  ctx.expect(kept, "pull.blob.get-200").status(200).body(content);
}

constexpr std::array scenarios{
    scenario{.id = "management/blob-deleted",
             .title = "A deleted blob is gone",
             .category = "management",
             .judges = deleted_judges,
             .body = deleted},
    scenario{.id = "management/blob-absent",
             .title = "A blob that is not there cannot be deleted",
             .category = "management",
             .judges = absent_judges,
             .body = absent},
    scenario{.id = "management/blob-pushed-again",
             .title = "A blob that was deleted can be pushed again",
             .category = "management",
             .judges = again_judges,
             .body = pushed_again},
    scenario{.id = "management/blob-elsewhere",
             .title = "A blob that is deleted in one repository stays in another",
             .category = "management",
             .judges = elsewhere_judges,
             .body = elsewhere},
};

}  // namespace

std::span<const scenario> deleting_blobs() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
