#include "taken.hpp"

#include <cstddef>
#include <optional>
#include <utility>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "stored.hpp"

namespace plimsoll::suite {

boost::asio::awaitable<void> expect_taken(context& ctx, std::vector<manifest_to_take> manifests) {
  std::vector<http::request> pushes;
  for (const manifest_to_take& one : manifests) {
    pushes.push_back(api::put_manifest(ctx.repository(), oci::digest_of(one.json).str(),
                                       one.media_type, one.json));
  }
  const auto pushed = co_await ctx.send_all(std::move(pushes));

  std::vector<expected_read> reads;
  // A policy may refuse one type of content: the others are judged all the same.
  std::optional<refusal> refused;
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    if (const auto by_policy = ctx.refusal_in(pushed[i])) {
      if (!refused) refused = by_policy;
      continue;
    }
    ctx.expect(pushed[i], manifests[i].rule).status(201);
    if (pushed[i].response.status != 201) continue;
    const std::string digest = oci::digest_of(manifests[i].json).str();
    http::request pull("GET", api::manifest_path(ctx.repository(), digest));
    pull.header("Accept", manifests[i].media_type);
    reads.push_back({std::move(pull), manifests[i].json, "pull.manifest.get-200",
                     "image.extensibility.no-modify.registry"});
  }
  co_await expect_reads(ctx, std::move(reads));
  if (refused) throw refused_by_policy(*refused);
}

boost::asio::awaitable<void> expect_taken(context& ctx, requirement_id rule, std::string media_type,
                                          std::string json) {
  std::vector<manifest_to_take> one;
  one.push_back({rule, std::move(media_type), std::move(json)});
  co_await expect_taken(ctx, std::move(one));
}

}  // namespace plimsoll::suite
