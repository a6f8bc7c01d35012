#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/sessions.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

constexpr std::size_t uploads = 16;

constexpr auto at_once_judges =
    requirement_ids("usecase.dedup.concurrent-upload", "pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> same_blob_at_once(context& ctx) {
  // Sixteen sessions are open in two repositories, all at the same time.
  const std::array places{ctx.repository(), ctx.other_repository()};
  std::vector<http::request> starts;
  for (std::size_t i = 0; i < uploads; ++i) {
    starts.push_back(api::start_upload(places[i % places.size()]));
  }
  const auto opened = co_await ctx.send_all(std::move(starts));

  // All are given the same blob at once.
  const std::string content = ctx.bytes(std::size_t{64} * 1024);
  const oci::digest digest = oci::digest_of(content);
  std::vector<http::request> ends;
  for (const http::exchange& one : opened) {
    ctx.require_status(one, 202, "push.post.202");
    ends.push_back(api::close_upload(session_of(one, "push.post.location"), digest, content));
  }
  const auto closed = co_await ctx.send_all(std::move(ends));

  // All run to completion, and the blob is where a 201 says so. A registry may lock or limit.
  std::array<bool, places.size()> is_claimed{};
  for (std::size_t i = 0; i < closed.size(); ++i) {
    ctx.expect(closed[i], "usecase.dedup.concurrent-upload").status(201);
    if (closed[i].response.status == 201) is_claimed.at(i % places.size()) = true;
  }
  std::vector<expected_read> reads;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!is_claimed.at(i)) continue;
    reads.push_back(
        {api::get_blob(places.at(i), digest), content, "pull.blob.get-200", "pull.blob.get-body"});
  }
  co_await expect_reads(ctx, std::move(reads));
}

constexpr std::array scenarios{
    scenario{.id = "push/blob-from-many-at-once",
             .title = "One blob is pushed from sixteen connections at once",
             .category = "push",
             .judges = at_once_judges,
             .body = same_blob_at_once},
};

}  // namespace

std::span<const scenario> blobs_at_once() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
