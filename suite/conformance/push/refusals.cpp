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

boost::asio::awaitable<void> expect_not_stored(context& ctx, std::vector<http::exchange> answers,
                                               std::vector<oci::digest> digests) {
  std::vector<http::request> reads;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    expect_refusal(ctx, answers[i], "push.blob.digest-mismatch-rejected");
    // What was taken is found broken already.
    if (is_acceptance(answers[i])) continue;
    reads.push_back(api::get_blob(ctx.repository(), digests[i]));
    reads.push_back(api::head_blob(ctx.repository(), digests[i]));
  }
  const auto seen = co_await ctx.send_all(std::move(reads));
  for (const http::exchange& read : seen) {
    ctx.expect(read, "push.blob.digest-mismatch-rejected")
        .holds(read.response.status / 100 != 2, "nothing under that digest",
               fmt::format("status {}", read.response.status));
  }
}

boost::asio::awaitable<void> expect_not_stored(context& ctx, http::exchange answer,
                                               oci::digest digest) {
  std::vector<http::exchange> answers;
  answers.push_back(std::move(answer));
  std::vector<oci::digest> digests;
  digests.push_back(std::move(digest));
  co_await expect_not_stored(ctx, std::move(answers), std::move(digests));
}

}  // namespace plimsoll::suite
