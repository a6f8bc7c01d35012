#include "push/sessions.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/chunk_range.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

constexpr std::uint64_t largest_minimum = std::uint64_t{16} * 1024 * 1024;

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

void expect_received(context& ctx, const http::exchange& answer, requirement_id form,
                     requirement_id value, std::uint64_t last) {
  const auto told = answer.response.header("Range");
  const auto range = told ? oci::parse_chunk_range(*told) : std::nullopt;
  const bool well_formed = range && range->first == 0;
  const std::string received = told ? "Range: " + printable(*told) : "Range is missing";
  ctx.expect(answer, form).holds(well_formed, "Range: 0-<end>", received);
  if (!well_formed) return;
  ctx.expect(answer, value)
      .holds(range->last == last, "Range: " + to_string(oci::chunk_range{0, last}), received);
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
