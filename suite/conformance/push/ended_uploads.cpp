#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include "catalog.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/sessions.hpp"

namespace plimsoll::suite {
namespace {

/// What a client may do with a session: a chunk, the status, and the close.
std::vector<http::request> uses_of(const std::string& session, const std::string& content) {
  const oci::chunk_range range{0, content.size() - 1};
  std::vector<http::request> all;
  all.push_back(api::upload_chunk(session, range, content));
  all.push_back(api::close_upload(session, oci::digest_of(content), content));
  all.push_back(api::upload_status(session));
  return all;
}

constexpr auto gone_judges =
    requirement_ids("table.end-5.failure-404", "table.end-6.failure-404",
                    "table.end-13.failure-404", "errors.code.blob-upload-unknown");

/// The answers to `uses_of` a session that is not there.
void expect_gone(context& ctx, const std::vector<http::exchange>& answers) {
  ctx.expect(answers.at(0), "table.end-5.failure-404").status(404);
  ctx.expect(answers.at(1), "table.end-6.failure-404").status(404);
  ctx.expect(answers.at(2), "table.end-13.failure-404").status(404);
  for (const http::exchange& one : answers) {
    if (one.response.status != 404) continue;
    ctx.expect(one, "errors.code.blob-upload-unknown").error_code_in({"BLOB_UPLOAD_UNKNOWN"});
  }
}

boost::asio::awaitable<void> never_opened(context& ctx) {
  // There is a repository, and no session with this id in it.
  (void)co_await given_upload(ctx);
  const std::string session =
      fmt::format("/v2/{}/blobs/uploads/5a1e0f2c-0d4b-4c7e-9f3a-6b8d2e1c7a90", ctx.repository());
  const auto answers = co_await ctx.send_all(uses_of(session, ctx.bytes(300)));
  expect_gone(ctx, answers);
}

boost::asio::awaitable<void> closed_already(context& ctx) {
  // A session has become a blob.
  const upload session = co_await given_upload(ctx);
  const std::string content = ctx.bytes(300);
  const auto closed =
      co_await ctx.send(api::close_upload(session.location, oci::digest_of(content), content));
  ctx.require_status(closed, 201, "push.put.201");

  // It is over: it takes neither a chunk nor another close, and has no status.
  const auto answers = co_await ctx.send_all(uses_of(session.location, ctx.bytes(300)));
  expect_gone(ctx, answers);
}

constexpr auto cancel_judges =
    requirement_ids("push.cancel.204", "push.cancel.session-gone", "table.end-14.failure");

boost::asio::awaitable<void> cancelled(context& ctx) {
  // A session that has a chunk is cancelled.
  upload session = co_await given_upload(ctx);
  const std::string content = ctx.bytes(session.chunk_bytes);
  co_await given_chunk(ctx, session, 0, content);
  const auto cancel = co_await ctx.send(api::cancel_upload(session.location));
  ctx.expect(cancel, "push.cancel.204").status(204);
  if (cancel.response.status / 100 != 2) co_return;

  // It is gone, at once or a little later: it takes neither another chunk nor the close.
  const settle_condition has_ended = [](const http::exchange& seen) {
    return seen.response.status / 100 != 2;
  };
  (void)co_await ctx.settle(settle_kind::upload, api::upload_status(session.location), has_ended);
  const oci::chunk_range next{content.size(), 2 * content.size() - 1};
  const auto chunk = co_await ctx.send(api::upload_chunk(session.location, next, content));
  ctx.expect(chunk, "push.cancel.session-gone")
      .holds(chunk.response.status != 202, "no chunk is taken", "status 202");
  const std::string sent = chunk.response.status == 202 ? content + content : content;
  const auto closed =
      co_await ctx.send(api::close_upload(session.location, oci::digest_of(sent), ""));
  ctx.expect(closed, "push.cancel.session-gone")
      .holds(closed.response.status != 201, "no blob comes of it", "status 201");

  // It cannot be cancelled again.
  const auto again = co_await ctx.send(api::cancel_upload(session.location));
  ctx.expect(again, "table.end-14.failure").status_in({404, 400});
}

constexpr std::array scenarios{
    scenario{.id = "push/upload-unknown",
             .title = "A session that was never opened is not found",
             .category = "push",
             .judges = gone_judges,
             .body = never_opened},
    scenario{.id = "push/upload-closed",
             .title = "A session that has become a blob is not found any more",
             .category = "push",
             .judges = gone_judges,
             .body = closed_already},
    scenario{.id = "push/upload-cancelled",
             .title = "A session is cancelled with DELETE",
             .category = "push",
             .judges = cancel_judges,
             .body = cancelled},
};

}  // namespace

std::span<const scenario> ended_uploads() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
