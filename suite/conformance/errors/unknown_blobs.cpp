#include <array>
#include <span>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto unknown_judges = requirement_ids("errors.code.blob-unknown");

void expect_unknown(context& ctx, const http::exchange& answer) {
  if (answer.response.status != 404) return;
  ctx.expect(answer, "errors.code.blob-unknown").error_code_in({"BLOB_UNKNOWN"});
}

boost::asio::awaitable<void> unknown_blob(context& ctx) {
  // A repository is there, and does not have this blob.
  (void)co_await given_blob(ctx, ctx.bytes(64));
  const oci::digest digest = oci::digest_of(ctx.bytes(64));

  // Where the answer to a GET has an error document, its code says so; the same of a DELETE.
  const auto pulled = co_await ctx.send(api::get_blob(ctx.repository(), digest));
  expect_unknown(ctx, pulled);
  const auto deleted = co_await ctx.send(api::delete_blob(ctx.repository(), digest));
  expect_unknown(ctx, deleted);
}

constexpr std::array scenarios{
    scenario{.id = "errors/blob-unknown",
             .title = "A blob that is not there is reported as BLOB_UNKNOWN",
             .category = "pull",
             .judges = unknown_judges,
             .body = unknown_blob},
};

}  // namespace

std::span<const scenario> unknown_blobs() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
