#include "push/sessions.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/chunk_range.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

constexpr std::uint64_t largest_minimum = std::uint64_t{16} * 1024 * 1024;

/// The Range of the answer where it has the form 0-<end>.
std::optional<oci::chunk_range> range_of(const http::exchange& answer) {
  const auto range = oci::parse_chunk_range(answer.response.header("Range").value_or(""));
  if (!range || range->first != 0) return std::nullopt;
  return range;
}

/// Range as it came, for a finding.
std::string range_text(const http::exchange& answer) {
  const auto value = answer.response.header("Range");
  return value ? "Range: " + printable(*value) : "Range is missing";
}

}  // namespace

std::uint64_t chunk_bytes_of(const http::exchange& opened) {
  const auto told = opened.response.header("OCI-Chunk-Min-Length");
  std::uint64_t minimum = 0;
  if (told) std::from_chars(told->data(), told->data() + told->size(), minimum);
  if (minimum > largest_minimum) {
    throw not_judged("the registry asks for chunks of over 16 MiB, more than this scenario sends");
  }
  return std::max<std::uint64_t>(minimum, 256);
}

std::string session_of(const http::exchange& answer, requirement_id by) {
  return location_of(answer, by);
}

std::uint64_t expect_progress(context& ctx, const http::exchange& taken, std::uint64_t sent) {
  const std::string received = range_text(taken);
  const auto range = range_of(taken);
  ctx.expect(taken, "push.chunk.range-header").holds(range.has_value(), "Range: 0-<end>", received);
  if (!range) return sent;
  const std::string expected = "Range: " + to_string(oci::chunk_range{0, sent - 1});
  ctx.expect(taken, "push.chunk.range-value").holds(range->next() <= sent, expected, received);
  ctx.expect(taken, "push.chunk.range-complete").holds(range->next() >= sent, expected, received);
  return std::min(range->next(), sent);
}

boost::asio::awaitable<bool> send_chunks(context& ctx, upload& session, std::string content,
                                         std::uint64_t offset) {
  // Where a Range goes back again and again, the upload does not end.
  const std::uint64_t most_chunks = 4 + 4 * (content.size() - offset) / session.chunk_bytes;
  for (std::uint64_t i = 0; offset < content.size(); ++i) {
    std::string chunk = content.substr(offset, session.chunk_bytes);
    const oci::chunk_range range{offset, offset + chunk.size() - 1};
    const auto taken =
        co_await ctx.send(api::upload_chunk(session.location, range, std::move(chunk)));
    const int status = taken.response.status;
    const bool leads_on = status == 202 && i < most_chunks;
    if (session.went_back && !leads_on && !is_policy_refusal(taken)) {
      ctx.expect(taken, "push.chunk.range-value")
          .holds(false, "a Range from which the upload goes on", fmt::format("status {}", status));
      co_return false;
    }
    ctx.expect(taken, "push.chunk.202").status(202);
    if (status != 202) co_return false;
    (void)expect_location(ctx, taken, "push.chunk.location");
    offset = expect_progress(ctx, taken, range.next());
    session.went_back = session.went_back || offset < range.next();
    session.location = session_of(taken, "push.chunk.location");
  }
  co_return true;
}

boost::asio::awaitable<http::exchange> close_chunks(context& ctx, upload session,
                                                    oci::digest digest) {
  const auto closed = co_await ctx.send(api::close_upload(session.location, digest, ""));
  if (session.went_back && closed.response.status != 201 && !is_policy_refusal(closed)) {
    ctx.expect(closed, "push.chunk.range-value")
        .holds(false, "a Range from which the upload goes on to the right blob",
               fmt::format("status {} to the close", closed.response.status));
    co_return closed;
  }
  ctx.expect(closed, "push.chunk.close-201").status(201);
  co_return closed;
}

boost::asio::awaitable<http::exchange> expect_status(context& ctx, upload session,
                                                     requirement_id form, std::uint64_t last) {
  const settle_condition is_up_to_date = [last](const http::exchange& seen) {
    if (seen.response.status != 204) return seen.response.status / 100 != 5;
    const auto range = range_of(seen);
    return !range || range->last >= last;
  };
  const auto asked =
      co_await ctx.settle(settle_kind::upload, api::upload_status(session.location), is_up_to_date);
  ctx.expect(asked, "push.status.204").status(204);
  if (asked.response.status != 204) co_return asked;
  const auto range = range_of(asked);
  const std::string received = range_text(asked);
  ctx.expect(asked, form).holds(range.has_value(), "Range: 0-<end>", received);
  if (!range) co_return asked;
  ctx.expect(asked, "push.status.range-value")
      .holds(range->last == last, "Range: " + to_string(oci::chunk_range{0, last}), received);
  co_return asked;
}

bool is_refused(const http::exchange& answer) noexcept {
  return answer.response.status / 100 == 4;
}

boost::asio::awaitable<upload> given_upload(context& ctx) {
  const auto opened = co_await ctx.send(api::start_upload(ctx.repository()));
  ctx.require_status(opened, 202, "push.post.202");
  upload session;
  session.location = session_of(opened, "push.post.location");
  session.chunk_bytes = chunk_bytes_of(opened);
  co_return session;
}

boost::asio::awaitable<void> given_chunk(context& ctx, upload& session, std::uint64_t offset,
                                         std::string chunk) {
  const oci::chunk_range range{offset, offset + chunk.size() - 1};
  const auto taken =
      co_await ctx.send(api::upload_chunk(session.location, range, std::move(chunk)));
  ctx.require_status(taken, 202, "push.chunk.202");
  session.location = session_of(taken, "push.chunk.location");
}

boost::asio::awaitable<oci::digest> given_blob_in(context& ctx, std::string repository,
                                                  std::string content) {
  const oci::digest digest = oci::digest_of(content);
  const auto opened = co_await ctx.send(api::start_upload(repository));
  ctx.require_status(opened, 202, "push.post.202");
  const std::string session = session_of(opened, "push.post.location");
  const auto closed = co_await ctx.send(api::close_upload(session, digest, std::move(content)));
  ctx.require_status(closed, 201, "push.put.201");
  co_return digest;
}

}  // namespace plimsoll::suite
