#include "push/refusals.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "plimsoll/scenario/requests.hpp"
#include "stored.hpp"

namespace plimsoll::suite {

void expect_refusal(context& ctx, const http::exchange& answer, requirement_id rule) {
  const std::string received = fmt::format("status {}", answer.response.status);
  ctx.expect(answer, rule).holds(!is_acceptance(answer), "a status of 400 to 499", received);
  ctx.expect(answer, "push.refused-not-failed")
      .holds(answer.response.status / 100 != 5, "a status of 400 to 499", received);
}

boost::asio::awaitable<void> expect_not_stored(context& ctx, http::exchange answer,
                                               oci::digest digest) {
  expect_refusal(ctx, answer, "push.blob.digest-mismatch-rejected");
  // What was taken is found broken already.
  if (is_acceptance(answer)) co_return;
  std::vector<http::request> reads;
  reads.push_back(api::get_blob(ctx.repository(), digest));
  reads.push_back(api::head_blob(ctx.repository(), digest));
  const auto seen = co_await ctx.send_all(std::move(reads));
  for (const http::exchange& read : seen) {
    ctx.expect(read, "push.blob.digest-mismatch-rejected")
        .holds(read.response.status / 100 != 2, "nothing under that digest",
               fmt::format("status {}", read.response.status));
  }
}

}  // namespace plimsoll::suite
