#include <array>
#include <span>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto pull_blob_judges =
    requirement_ids("pull.blob.get-200", "pull.blob.get-body", "pull.blob.docker-content-digest",
                    "pull.head.blob-200", "pull.head.blob-docker-content-digest",
                    "pull.head.blob-content-length", "pull.blob.range.single");

boost::asio::awaitable<void> pull_blob(context& ctx) {
  // A blob is in the repository.
  const std::string content = ctx.bytes(2048);
  const oci::digest digest = co_await given_blob(ctx, content);

  // It is pulled, and its bytes are those pushed.
  const auto got = co_await ctx.send(api::get_blob(ctx.repository(), digest));
  ctx.expect(got, "pull.blob.get-200").status(200);
  ctx.expect(got, "pull.blob.get-body").body(content);
  ctx.expect(got, "pull.blob.docker-content-digest").has_header("Docker-Content-Digest");

  // HEAD tells the same without the bytes.
  const auto head = co_await ctx.send(api::head_blob(ctx.repository(), digest));
  ctx.expect(head, "pull.head.blob-200").status(200);
  ctx.expect(head, "pull.head.blob-docker-content-digest").has_header("Docker-Content-Digest");
  ctx.expect(head, "pull.head.blob-content-length").header("Content-Length", "2048");

  // A closed range gives that part only.
  const auto part =
      co_await ctx.send(api::get_blob(ctx.repository(), digest).header("Range", "bytes=500-1499"));
  ctx.expect(part, "pull.blob.range.single").status(206).body(content.substr(500, 1000));
}

constexpr std::array scenarios{
    scenario{.id = "pull/blob",
             .title = "A blob is pulled as it was pushed",
             .category = "pull",
             .judges = pull_blob_judges,
             .body = pull_blob},
};

}  // namespace

std::span<const scenario> pulling_blobs() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
