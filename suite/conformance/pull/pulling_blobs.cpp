#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "told.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto pull_blob_judges =
    requirement_ids("pull.blob.get-200", "pull.blob.get-body", "pull.blob.docker-content-digest",
                    "pull.blob.dcd-matches-body");

boost::asio::awaitable<void> pull_blob(context& ctx) {
  // Blobs of one byte, of some, and of more than one packet are in the repository.
  std::vector<std::string> contents;
  for (const std::size_t size : {1U, 2048U, 100'000U}) contents.push_back(ctx.bytes(size));
  const auto digests = co_await given_blobs(ctx, contents);

  // Each is pulled, and once more, as from a cache. Its bytes are those pushed, and its digest is
  // told.
  for (int times = 0; times < 2; ++times) {
    std::vector<http::request> pulls;
    for (const oci::digest& digest : digests) {
      pulls.push_back(api::get_blob(ctx.repository(), digest));
    }
    const auto pulled = co_await ctx.send_all(std::move(pulls));
    for (std::size_t i = 0; i < pulled.size(); ++i) {
      ctx.expect(pulled[i], "pull.blob.get-200").status(200);
      if (pulled[i].response.status != 200) continue;
      ctx.expect(pulled[i], "pull.blob.get-body").body(contents[i]);
      expect_a_digest(ctx, pulled[i], "pull.blob.docker-content-digest");
      expect_digest_of(ctx, pulled[i], "pull.blob.dcd-matches-body", contents[i]);
    }
  }
}

constexpr auto head_blob_judges =
    requirement_ids("pull.head.blob-200", "pull.head.blob-docker-content-digest",
                    "pull.blob.dcd-matches-body", "pull.head.blob-content-length");

boost::asio::awaitable<void> head_blob(context& ctx) {
  // Blobs of one byte, of some, and of more than one packet are in the repository.
  std::vector<std::string> contents;
  for (const std::size_t size : {1U, 2048U, 100'000U}) contents.push_back(ctx.bytes(size));
  const auto digests = co_await given_blobs(ctx, contents);

  // HEAD finds each, and tells its digest and size without its bytes.
  std::vector<http::request> looks;
  for (const oci::digest& one : digests) looks.push_back(api::head_blob(ctx.repository(), one));
  const auto heads = co_await ctx.send_all(std::move(looks));
  for (std::size_t i = 0; i < heads.size(); ++i) {
    ctx.expect(heads[i], "pull.head.blob-200").status(200);
    if (heads[i].response.status != 200) continue;
    expect_a_digest(ctx, heads[i], "pull.head.blob-docker-content-digest");
    expect_digest_of(ctx, heads[i], "pull.blob.dcd-matches-body", contents[i]);
    if (!heads[i].response.codings().empty()) continue;  // the length is that of the coded bytes
    ctx.expect(heads[i], "pull.head.blob-content-length")
        .header("Content-Length", std::to_string(contents[i].size()));
  }
}

constexpr std::array scenarios{
    scenario{.id = "pull/blob",
             .title = "A blob is pulled as it was pushed",
             .category = "pull",
             .judges = pull_blob_judges,
             .body = pull_blob},
    scenario{.id = "pull/blob-head",
             .title = "HEAD of a blob tells its size and digest",
             .category = "pull",
             .judges = head_blob_judges,
             .body = head_blob},
};

}  // namespace

std::span<const scenario> pulling_blobs() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
