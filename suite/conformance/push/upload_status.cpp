#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include "catalog.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/chunk_range.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/sessions.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto status_judges = requirement_ids("push.status.204", "push.status.location",
                                               "push.status.range", "push.status.range-value");

/// Sends the next chunk to the Location that a status had, which takes it.
boost::asio::awaitable<void> go_on_from(context& ctx, http::exchange asked, upload& session,
                                        std::uint64_t offset, std::string chunk) {
  const std::string next_location = location_of(asked, "push.status.location");
  const oci::chunk_range range{offset, offset + chunk.size() - 1};
  const auto taken = co_await ctx.send(api::upload_chunk(next_location, range, std::move(chunk)));
  ctx.expect(asked, "push.status.location")
      .holds(taken.response.status == 202, "a Location that takes the next chunk",
             fmt::format("status {} to the chunk", taken.response.status));
  ctx.require_status(taken, 202, "push.status.location");
  session.location = session_of(taken, "push.chunk.location");
}

boost::asio::awaitable<void> status(context& ctx) {
  // A session is open. Before its first byte the spec has no value for Range.
  upload session = co_await given_upload(ctx);
  const auto fresh = co_await ctx.send(api::upload_status(session.location));
  ctx.expect(fresh, "push.status.204").status(204);
  if (fresh.response.status != 204) co_return;
  (void)expect_location(ctx, fresh, "push.status.location");

  // The first chunk goes where the status says; then it says how far the session is.
  const std::uint64_t length = session.chunk_bytes;
  co_await go_on_from(ctx, fresh, session, 0, ctx.bytes(length));
  const auto asked = co_await expect_status(ctx, session, "push.status.range", length - 1);
  if (asked.response.status != 204) co_return;
  (void)expect_location(ctx, asked, "push.status.location");

  // So does the second, a large one, and the status counts both.
  const std::uint64_t more = length + 200'000;
  co_await go_on_from(ctx, asked, session, length, ctx.bytes(more));
  (void)co_await expect_status(ctx, session, "push.status.range", length + more - 1);
}

constexpr auto first_location_judges =
    requirement_ids("push.status.204", "push.status.range-value", "push.status.range-at-first");

boost::asio::awaitable<void> status_by_first_location(context& ctx) {
  // A session has a chunk. Its status is asked for at the Location that the POST gave: the spec
  // has it answered at "the URL obtained from any preceding POST or PATCH request".
  upload session = co_await given_upload(ctx);
  const std::string first_location = session.location;
  co_await given_chunk(ctx, session, 0, ctx.bytes(session.chunk_bytes));
  const auto asked = co_await ctx.send(api::upload_status(first_location));
  ctx.expect(asked, "push.status.204").status(204);
  const auto range = oci::parse_chunk_range(asked.response.header("Range").value_or(""));
  if (asked.response.status != 204 || !range) co_return;

  // The state of a session may travel in its Location: an older one then tells what was. What was
  // never sent it cannot tell.
  const std::string expected = "Range: " + to_string(oci::chunk_range{0, session.chunk_bytes - 1});
  const std::string received = "Range: " + to_string(*range);
  ctx.expect(asked, "push.status.range-value")
      .holds(range->last < session.chunk_bytes, expected, received);
  ctx.expect(asked, "push.status.range-at-first")
      .holds(range->last + 1 >= session.chunk_bytes, expected, received);
}

/// How many bytes a session with some says that it has.
/// @throws blocked where it does not say so
std::uint64_t received_by(const http::exchange& asked) {
  const auto range = oci::parse_chunk_range(asked.response.header("Range").value_or(""));
  if (!range || range->first != 0) {
    throw blocked("push.status.range", "the status has no usable Range to resume at");
  }
  return range->next();
}

/// Asks the session how far it is, and goes on where it says so.
/// @param sent the bytes that it can have at most
boost::asio::awaitable<std::uint64_t> ask_offset(context& ctx, upload& session,
                                                 std::uint64_t sent) {
  const auto asked = co_await ctx.send(api::upload_status(session.location));
  // The spec asks for the status of an active upload, and not that a broken chunk leaves one.
  if (asked.response.status == 404) {
    throw unsupported("a session ends where a chunk breaks off: its status is 404");
  }
  ctx.expect(asked, "push.status.204").status(204);
  if (asked.response.status != 204) throw blocked("push.status.204", "the session is lost");
  const auto next_location = api::location_of(asked);
  if (!next_location.is_absent()) session.location = location_of(asked, "push.status.location");
  const std::uint64_t offset = received_by(asked);
  ctx.expect(asked, "push.status.range-value")
      .holds(offset <= sent, fmt::format("no more than the {} bytes that were sent", sent),
             "Range: " + printable(asked.response.header("Range").value_or("")));
  if (offset > sent) throw blocked("push.status.range-value", "there is no offset to resume at");
  co_return offset;
}

/// Sends what the session does not have yet. A registry may still be at work on the chunk that
/// broke off: where it is further than it said, or not there any more, it is asked again.
/// @param sent the bytes that it can have at most
boost::asio::awaitable<http::exchange> resume(context& ctx, upload& session, std::string content,
                                              std::uint64_t sent) {
  constexpr std::chrono::milliseconds longest_pause{640};
  http::exchange taken;
  for (std::chrono::milliseconds pause{10};; pause *= 2) {
    const std::uint64_t offset = co_await ask_offset(ctx, session, sent);
    const oci::chunk_range rest{offset, content.size() - 1};
    taken = co_await ctx.send(api::upload_chunk(session.location, rest, content.substr(offset)));
    const bool is_at_work = taken.response.status == 416 || taken.response.status == 404;
    if (!is_at_work || pause > longest_pause) break;
    co_await ctx.pause(pause);
  }
  co_return taken;
}

constexpr auto resumed_judges =
    requirement_ids("push.status.204", "push.status.range-value", "push.chunk.202");

/// Where the session says that it stands it really stands: the upload that went on from there ends
/// in the right blob.
boost::asio::awaitable<void> expect_right_end(context& ctx, upload session, std::string content) {
  const oci::digest digest = oci::digest_of(content);
  const auto closed = co_await ctx.send(api::close_upload(session.location, digest, ""));
  if (is_policy_refusal(closed)) co_return;
  constexpr const char* expected = "a Range from which the upload goes on to the right blob";
  ctx.expect(closed, "push.status.range-value")
      .holds(closed.response.status == 201, expected,
             fmt::format("status {} to the close", closed.response.status));
  if (closed.response.status != 201) co_return;
  std::vector<expected_read> reads;
  reads.push_back({api::get_blob(ctx.repository(), digest), std::move(content),
                   "push.status.range-value", "push.status.range-value"});
  co_await expect_reads(ctx, std::move(reads));
}

boost::asio::awaitable<void> resumed(context& ctx) {
  // A session has its first chunk. In the middle of the second the connection ends.
  upload session = co_await given_upload(ctx);
  const std::uint64_t length = session.chunk_bytes;
  const std::string content = ctx.bytes(2 * length);
  co_await given_chunk(ctx, session, 0, content.substr(0, length));
  const oci::chunk_range second{length, 2 * length - 1};
  auto cut = api::upload_chunk(session.location, second, content.substr(length));
  cut.cut_after(length / 2);
  (void)co_await ctx.try_send(std::move(cut));

  // The session says how far it is, and takes the rest from there.
  const auto taken = co_await resume(ctx, session, content, length + length / 2);
  if (taken.response.status == 416) {
    ctx.expect(taken, "push.status.range-value")
        .holds(false, "a Range from which the upload goes on", "status 416 to a chunk from there");
    co_return;
  }
  ctx.expect(taken, "push.chunk.202").status(202);
  if (taken.response.status != 202) co_return;
  session.location = session_of(taken, "push.chunk.location");
  co_await expect_right_end(ctx, session, content);
}

constexpr std::array scenarios{
    scenario{.id = "push/upload-status",
             .title = "An upload session says where it stands",
             .category = "push",
             .judges = status_judges,
             .body = status},
    scenario{.id = "push/upload-status-at-first-location",
             .title = "The status of an upload is told at the Location of its POST, too",
             .category = "push",
             .judges = first_location_judges,
             .body = status_by_first_location},
    scenario{.id = "push/upload-resumed",
             .title = "An upload goes on after the connection broke in the middle of a chunk",
             .category = "push",
             .judges = resumed_judges,
             .body = resumed},
};

}  // namespace

std::span<const scenario> upload_status() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
