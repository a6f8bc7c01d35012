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
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto named_judges =
    requirement_ids("push.chunk.digest-algorithm-param.registry", "table.end-4c.success",
                    "table.end-4c.success-202", "pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> named_algorithm(context& ctx) {
  // A session is opened for a blob that will have a sha512 digest. A registry may lack those, and
  // where it takes other pushes, no policy refuses this one, whatever the status is.
  const auto opened = co_await ctx.send(api::start_upload(ctx.repository(), "sha512"));
  if (is_refused(opened)) throw unsupported("digest-algorithm=sha512 is refused");
  // 201 stands in the table beside the 202 that the prose demands.
  ctx.expect(opened, "table.end-4c.success").status_in({202, 201});
  ctx.expect(opened, "table.end-4c.success-202").status(202);
  upload session;
  session.location = session_of(opened, "push.post.location");
  session.chunk_bytes = chunk_bytes_of(opened);

  // It takes a chunk, and is closed with the sha512 digest.
  const std::string content = ctx.bytes(session.chunk_bytes);
  co_await given_chunk(ctx, session, 0, content);
  const oci::digest digest = oci::digest_of(oci::hash_algorithm::sha512, content);
  const auto closed = co_await ctx.send(api::close_upload(session.location, digest, ""));
  ctx.expect(closed, "push.chunk.digest-algorithm-param.registry").status(201);
  if (closed.response.status != 201) co_return;

  // The blob has that digest.
  std::vector<expected_read> reads;
  reads.push_back({api::get_blob(ctx.repository(), digest), content, "pull.blob.get-200",
                   "pull.blob.get-body"});
  co_await expect_reads(ctx, std::move(reads));
}

constexpr auto unknown_judges =
    requirement_ids("push.chunk.digest-algorithm-unsupported", "table.end-4c.failure");

boost::asio::awaitable<void> unknown_algorithm(context& ctx) {
  // A session is asked for by an algorithm that nobody knows.
  const auto opened = co_await ctx.send(api::start_upload(ctx.repository(), "nosuch"));
  if (opened.response.status != 202) {
    ctx.expect(opened, "table.end-4c.failure").status_in({404, 400});
    ctx.expect(opened, "push.chunk.digest-algorithm-unsupported")
        .holds(is_refused(opened), "a 4XX", fmt::format("status {}", opened.response.status));
    co_return;
  }

  // Where the registry only sees it at the end, it refuses the blob then.
  const auto digest = oci::digest::parse("nosuch:abc");
  const std::string session = session_of(opened, "push.post.location");
  const auto closed = co_await ctx.send(api::close_upload(session, digest.value(), "a"));
  ctx.expect(closed, "push.chunk.digest-algorithm-unsupported")
      .holds(is_refused(closed), "a 4XX", fmt::format("status {}", closed.response.status));
}

constexpr std::array scenarios{
    scenario{.id = "push/blob-by-named-algorithm",
             .title = "A session that was opened with digest-algorithm takes a blob by it",
             .category = "push",
             .judges = named_judges,
             .body = named_algorithm},
    scenario{.id = "push/blob-by-unknown-algorithm",
             .title = "A digest-algorithm that the registry lacks is refused",
             .category = "push",
             .judges = unknown_judges,
             .body = unknown_algorithm},
};

}  // namespace

std::span<const scenario> blobs_by_algorithm() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
