#include <array>
#include <span>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto unknown_judges = requirement_ids("errors.code.blob-unknown");

boost::asio::awaitable<void> unknown_blob(context& ctx) {
  // A repository is there, and does not have this blob.
  (void)co_await given_blob(ctx, ctx.bytes(64));
  const oci::digest digest = oci::digest_of(ctx.bytes(64));
  std::vector<http::request> requests;
  requests.push_back(api::get_blob(ctx.repository(), digest));
  requests.push_back(api::delete_blob(ctx.repository(), digest));
  const auto answers = co_await ctx.send_all(std::move(requests));

  // Where the answer has an error document, its code says so.
  for (const http::exchange& one : answers) {
    if (one.response.status != 404) continue;
    ctx.expect(one, "errors.code.blob-unknown").error_code_in({"BLOB_UNKNOWN"});
  }
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
