#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// The repository exists; where nothing may be pushed, it may be one that the user has named.
boost::asio::awaitable<void> given_repository(context& ctx) {
  if (!ctx.is_read_only()) {
    (void)co_await given_blob(ctx, ctx.bytes(64));
  }
}

/// Where a repository is not there, or is not shown to everybody, a registry need not tell what is
/// absent from what may not be read.
/// @throws unsupported
void require_readable(const http::exchange& seen) {
  const int status = seen.response.status;
  if (status != 401 && status != 403) return;
  throw unsupported("what is absent is not told from what the login may not read: status " +
                    std::to_string(status));
}

constexpr auto absent_blob_judges = requirement_ids("pull.blob.404", "pull.head.blob-404");

boost::asio::awaitable<void> absent_blob(context& ctx) {
  // The repository exists, and lacks the blob that is asked for.
  co_await given_repository(ctx);
  const oci::digest absent = oci::digest_of(ctx.bytes(64));

  const auto got = co_await ctx.send(api::get_blob(ctx.repository(), absent));
  if (ctx.is_read_only()) require_readable(got);
  ctx.expect(got, "pull.blob.404").status(404);
  const auto head = co_await ctx.send(api::head_blob(ctx.repository(), absent));
  ctx.expect(head, "pull.head.blob-404").status(404);
}

constexpr auto absent_manifest_judges =
    requirement_ids("pull.manifest.404", "pull.head.manifest-404", "errors.code.manifest-unknown");

boost::asio::awaitable<void> absent_manifest(context& ctx) {
  // The repository exists, and lacks the manifest that is asked for by digest and by tag.
  co_await given_repository(ctx);
  const std::array<std::string, 2> references{oci::digest_of(ctx.bytes(64)).str(),
                                              "no-such-tag-" + ctx.mark()};

  for (const std::string& reference : references) {
    const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), reference));
    if (ctx.is_read_only()) require_readable(got);
    ctx.expect(got, "pull.manifest.404").status(404);
    // The repository itself may be missing where nothing was pushed to it.
    const std::string_view or_name = ctx.is_read_only() ? "NAME_UNKNOWN" : "MANIFEST_UNKNOWN";
    ctx.expect(got, "errors.code.manifest-unknown").error_code_in({"MANIFEST_UNKNOWN", or_name});
    const auto head = co_await ctx.send(api::head_manifest(ctx.repository(), reference));
    ctx.expect(head, "pull.head.manifest-404").status(404);
  }
}

constexpr auto other_repository_judges =
    requirement_ids("pull.manifest.404-repository-scoped", "pull.blob.404-repository-scoped",
                    "pull.head.manifest-404", "pull.head.blob-404");

boost::asio::awaitable<void> other_repository(context& ctx) {
  // A blob and a manifest are in one repository, a tag of another manifest in a second one.
  const std::string content = ctx.bytes(64);
  const oci::digest blob = co_await given_blob(ctx, content);
  oci::image_manifest artifact = co_await given_artifact(ctx, "only-in-one");
  const std::string tag = "only-in-one-" + ctx.mark();
  const auto pushed = co_await given_manifest(ctx, oci::to_json(artifact), tag);
  const std::string manifest = pushed.descriptor.digest.str();

  // The second repository has neither: what is not in a repository is not found in it.
  std::vector<http::request> asks;
  asks.push_back(api::get_blob(ctx.other_repository(), blob));
  asks.push_back(api::head_blob(ctx.other_repository(), blob));
  asks.push_back(api::get_manifest(ctx.other_repository(), manifest));
  asks.push_back(api::get_manifest(ctx.other_repository(), tag));
  asks.push_back(api::head_manifest(ctx.other_repository(), manifest));
  const auto seen = co_await ctx.send_all(std::move(asks));
  ctx.expect(seen[0], "pull.blob.404-repository-scoped").status(404);
  ctx.expect(seen[1], "pull.head.blob-404").status(404);
  ctx.expect(seen[2], "pull.manifest.404-repository-scoped").status(404);
  ctx.expect(seen[3], "pull.manifest.404-repository-scoped").status(404);
  ctx.expect(seen[4], "pull.head.manifest-404").status(404);
}

constexpr auto no_repository_judges =
    requirement_ids("push.manifest.nonexistent-repo-404", "errors.code.name-unknown");

boost::asio::awaitable<void> no_repository(context& ctx) {
  // Nothing was ever pushed to a repository of this name.
  const std::string nowhere = ctx.absent_repository();
  const oci::digest digest = oci::digest_of(ctx.bytes(64));

  std::vector<http::request> asks;
  asks.push_back(api::get_manifest(nowhere, "latest"));
  asks.push_back(api::head_manifest(nowhere, "latest"));
  asks.push_back(api::get_blob(nowhere, digest));
  asks.push_back(api::head_blob(nowhere, digest));
  const auto seen = co_await ctx.send_all(std::move(asks));
  for (const http::exchange& answer : seen) {
    require_readable(answer);
    // That HEAD is not there is what the rules about HEAD say.
    if (answer.last.method == "HEAD" && answer.response.status == 405) continue;
    ctx.expect(answer, "push.manifest.nonexistent-repo-404").status(404);
  }
  // Which of the two is missing, the repository or what is asked for, is the registry's word.
  ctx.expect(seen[0], "errors.code.name-unknown")
      .error_code_in({"NAME_UNKNOWN", "MANIFEST_UNKNOWN"});
  ctx.expect(seen[2], "errors.code.name-unknown").error_code_in({"NAME_UNKNOWN", "BLOB_UNKNOWN"});
  // A registry without tag lists, or that hides names, has another code.
  const auto tags = co_await ctx.send(api::list_tags(nowhere, ""));
  if (tags.response.status != 404) co_return;
  ctx.expect(tags, "errors.code.name-unknown").error_code_in({"NAME_UNKNOWN", "UNSUPPORTED"});
}

constexpr std::array scenarios{
    scenario{.id = "pull/absent-blob",
             .title = "A blob that is not there is answered with 404",
             .category = "pull",
             .judges = absent_blob_judges,
             .body = absent_blob,
             .stands_on = basis::nothing},
    scenario{.id = "pull/absent-manifest",
             .title = "A manifest that is not there is answered with 404",
             .category = "pull",
             .judges = absent_manifest_judges,
             .body = absent_manifest,
             .stands_on = basis::nothing},
    scenario{.id = "pull/other-repository",
             .title = "What only another repository holds is not found in this one",
             .category = "pull",
             .judges = other_repository_judges,
             .body = other_repository},
    scenario{.id = "pull/no-such-repository",
             .title = "Of a repository that does not exist nothing is found",
             .category = "pull",
             .judges = no_repository_judges,
             .body = no_repository,
             .stands_on = basis::nothing},
};

}  // namespace

std::span<const scenario> absent_content() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
