#include <array>
#include <chrono>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "discovery/referrer_lists.hpp"
#include "given.hpp"
#include "management/deletions.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

http::request delete_digest(context& ctx, const oci::digest& digest) {
  return api::delete_manifest(ctx.repository(), digest.str());
}

/// The manifest was deleted, and is gone as far as can be seen.
boost::asio::awaitable<bool> given_deleted(context& ctx, oci::digest digest) {
  const auto answer = co_await ctx.send(delete_digest(ctx, digest));
  require_deletion(answer, manifest_deletion);
  std::vector<http::request> asks;
  asks.push_back(api::get_manifest(ctx.repository(), digest.str()));
  const auto gone = co_await ask_until_gone(ctx, settle_kind::deleted_manifest, std::move(asks));
  co_return gone.front().response.status == 404;
}

constexpr auto deleted_judges =
    requirement_ids("delete.manifest.202", "delete.manifest.disabled", "errors.code.unsupported",
                    "delete.manifest.get-404", "delete.manifest.tags-404",
                    "delete.manifest.tags-unlisted", "pull.manifest.404", "pull.head.manifest-404");

boost::asio::awaitable<void> deleted(context& ctx) {
  // A manifest with two tags is deleted by its digest.
  const tag_names tags{"first", "second"};
  const auto pushed = co_await given_tagged(ctx, tags, "management/manifest-deleted");
  const std::string digest = pushed.descriptor.digest.str();
  const auto answer = co_await ctx.send(delete_digest(ctx, pushed.descriptor.digest));
  const bool done = expect_deletion(ctx, answer, manifest_deletion);
  if (!done) co_return;

  // It is gone, by its digest and by its tags.
  std::vector<http::request> asks;
  asks.push_back(api::get_manifest(ctx.repository(), digest));
  asks.push_back(api::head_manifest(ctx.repository(), digest));
  asks.push_back(api::get_manifest(ctx.repository(), "first"));
  asks.push_back(api::head_manifest(ctx.repository(), "first"));
  asks.push_back(api::get_manifest(ctx.repository(), "second"));
  const auto gone = co_await ask_until_gone(ctx, settle_kind::deleted_manifest, std::move(asks));
  expect_gone(ctx, gone[0], "delete.manifest.get-404", "pull.manifest.404");
  expect_gone(ctx, gone[1], "delete.manifest.get-404", "pull.head.manifest-404");
  expect_gone(ctx, gone[2], "delete.manifest.tags-404", "pull.manifest.404");
  expect_gone(ctx, gone[3], "delete.manifest.tags-404", "pull.head.manifest-404");
  expect_gone(ctx, gone[4], "delete.manifest.tags-404", "pull.manifest.404");
  // A tag that still pulls is listed for that reason.
  if (gone[2].response.status != 404 || gone[4].response.status != 404) co_return;

  // No tag of it is listed.
  const auto list = co_await list_until_gone(ctx, tags);
  ctx.expect(list.last(), "delete.manifest.tags-unlisted")
      .holds(!has_tag(list, "first") && !has_tag(list, "second"),
             "a list without the tags of the deleted manifest", shown(list.tags));
}

/// Reads of what is not deleted: four of manifests, then two of a blob.
std::vector<http::request> reads_of_others(context& ctx, const pushed_manifest& deleted,
                                           const pushed_manifest& other, const oci::digest& blob) {
  std::vector<http::request> asks;
  asks.push_back(api::get_manifest(ctx.repository(), "kept"));
  asks.push_back(api::get_manifest(ctx.repository(), other.descriptor.digest.str()));
  asks.push_back(api::get_manifest(ctx.other_repository(), "elsewhere"));
  asks.push_back(api::get_manifest(ctx.other_repository(), deleted.descriptor.digest.str()));
  asks.push_back(api::get_blob(ctx.repository(), blob));
  asks.push_back(api::get_blob(ctx.other_repository(), blob));
  return asks;
}

constexpr auto others_judges = requirement_ids("pull.manifest.get-200", "pull.blob.get-200");

boost::asio::awaitable<void> others(context& ctx) {
  // Two tagged manifests need the same blob. A second repository has one of them as well.
  const std::string content = ctx.bytes(128);
  const oci::digest blob = co_await given_blob(ctx, content);
  oci::image_manifest artifact = co_await given_artifact(ctx, "management/others");
  artifact.layers.push_back(oci::describe(oci::media_type::octet_stream, content));
  const std::string json = oci::to_json(artifact);
  const auto pushed = co_await given_manifest(ctx, json, "deleted");
  artifact.annotations["land.plimsoll.mark"] = "kept";
  const auto other = co_await given_manifest(ctx, oci::to_json(artifact), "kept");
  std::vector<std::string> blobs{std::string(oci::empty_content), content};
  co_await given_elsewhere(ctx, std::move(blobs), json, "elsewhere");

  const std::vector<http::request> asks = reads_of_others(ctx, pushed, other, blob);
  co_await given_visible(ctx, asks);

  // That one is deleted: the other one, the blob, and the second repository are as they were.
  (void)co_await given_deleted(ctx, pushed.descriptor.digest);
  const auto seen = co_await ctx.send_all(asks);
  for (std::size_t i = 0; i < 4; ++i) ctx.expect(seen[i], "pull.manifest.get-200").status(200);
  for (std::size_t i = 4; i < 6; ++i) ctx.expect(seen[i], "pull.blob.get-200").status(200);
}

constexpr auto absent_judges =
    requirement_ids("delete.manifest.unknown-repo-404", "delete.manifest.get-404",
                    "pull.manifest.404", "table.end-9.failure-404", "errors.code.manifest-unknown");

boost::asio::awaitable<void> absent(context& ctx) {
  // A manifest that has no tag was deleted.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "management/manifest-absent");
  const auto pushed = co_await given_manifest(ctx, oci::to_json(artifact), "");
  std::vector<http::request> reads;
  reads.push_back(api::head_manifest(ctx.repository(), pushed.descriptor.digest.str()));
  co_await given_visible(ctx, std::move(reads));
  const auto deletion = co_await ctx.send(delete_digest(ctx, pushed.descriptor.digest));
  require_deletion(deletion, manifest_deletion);
  std::vector<http::request> pulls;
  pulls.push_back(api::get_manifest(ctx.repository(), pushed.descriptor.digest.str()));
  const auto pulled = co_await ask_until_gone(ctx, settle_kind::deleted_manifest, std::move(pulls));
  expect_gone(ctx, pulled.front(), "delete.manifest.get-404", "pull.manifest.404");
  const bool gone = pulled.front().response.status == 404;

  // It cannot be deleted again, and neither can one that never was.
  const oci::digest never = oci::digest_of(ctx.bytes(64));
  std::vector<http::request> asks;
  asks.push_back(delete_digest(ctx, never));
  if (gone) asks.push_back(delete_digest(ctx, pushed.descriptor.digest));
  const auto seen = co_await ctx.send_all(std::move(asks));
  for (const http::exchange& answer : seen) {
    ctx.expect(answer, "table.end-9.failure-404").status(404);
    ctx.expect(answer, "errors.code.manifest-unknown").error_code_in({"MANIFEST_UNKNOWN"});
  }

  // In a repository that does not exist nothing can. What a user may not see, he need not be
  // told of. Beside repositories that the user has named nothing is deleted.
  if (ctx.is_shared()) co_return;
  const auto elsewhere =
      co_await ctx.send(api::delete_manifest(ctx.absent_repository(), never.str()));
  if (is_denied(elsewhere)) co_return;
  ctx.expect(elsewhere, "delete.manifest.unknown-repo-404").status(404);
}

constexpr auto again_judges = requirement_ids("push.manifest.201", "pull.manifest.get-body");

boost::asio::awaitable<void> pushed_again(context& ctx) {
  // A manifest with a tag was deleted.
  const tag_names tag{"returns"};
  const auto pushed = co_await given_tagged(ctx, tag, "management/manifest-pushed-again");
  const bool was_gone = co_await given_deleted(ctx, pushed.descriptor.digest);
  if (!was_gone) throw blocked("delete.manifest.get-404", "the deleted manifest is still there");

  // It can be pushed again, and is there by its tag and by its digest.
  (void)co_await given_artifact(ctx, "again");
  const auto put = co_await ctx.send(
      api::put_manifest(ctx.repository(), "returns", oci::media_type::image_manifest, pushed.json));
  ctx.expect(put, "push.manifest.201").status(201);
  if (put.response.status != 201) co_return;
  std::vector<http::request> asks;
  asks.push_back(api::get_manifest(ctx.repository(), "returns"));
  asks.push_back(api::get_manifest(ctx.repository(), pushed.descriptor.digest.str()));
  const auto got = co_await ctx.send_all(std::move(asks));
  for (const http::exchange& one : got) {
    ctx.expect(one, "pull.manifest.get-body").status(200).body(pushed.json);
  }
}

constexpr auto index_judges =
    requirement_ids("pull.manifest.get-200", "delete.manifest.child-404", "pull.manifest.404");

boost::asio::awaitable<void> index(context& ctx) {
  // An index lists two tagged images, one of which is deleted. A registry may refuse that.
  oci::image_manifest image = co_await given_artifact(ctx, "management/index");
  const auto first = co_await given_manifest(ctx, oci::to_json(image), "first");
  image.annotations["land.plimsoll.mark"] = "management/index-other";
  const auto second = co_await given_manifest(ctx, oci::to_json(image), "second");
  oci::image_index both;
  both.media_type = oci::media_type::image_index;
  both.manifests = {first.descriptor, second.descriptor};
  const auto whole = co_await given_manifest(ctx, oci::to_json(both), "both", both.media_type);
  std::vector<http::request> reads;
  for (const char* tag : {"first", "second", "both"}) {
    reads.push_back(api::get_manifest(ctx.repository(), tag));
  }
  co_await given_visible(ctx, std::move(reads));
  const auto answer = co_await ctx.send(delete_digest(ctx, first.descriptor.digest));

  // The index is as it was.
  const auto kept = co_await ctx.send(api::get_manifest(ctx.repository(), "both"));
  ctx.expect(kept, "pull.manifest.get-200").status(200).body(whole.json);

  // It is deleted, and the other image stays.
  (void)co_await given_deleted(ctx, whole.descriptor.digest);
  const auto image_left = co_await ctx.send(api::get_manifest(ctx.repository(), "second"));
  ctx.expect(image_left, "pull.manifest.get-200").status(200).body(second.json);
  if (answer.response.status != 202) co_return;
  std::vector<http::request> asks;
  asks.push_back(api::get_manifest(ctx.repository(), first.descriptor.digest.str()));
  const auto gone = co_await ask_until_gone(ctx, settle_kind::deleted_manifest, std::move(asks));
  expect_gone(ctx, gone.front(), "delete.manifest.child-404", "pull.manifest.404");
}

/// Whether each referrer is listed if, and only if, it can be pulled.
bool lists_what_is_there(const referrer_walk& list, const std::vector<referrer>& all,
                         const std::vector<http::exchange>& pulled) {
  const auto listed = list.digests();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool is_there = pulled[i].response.status == 200;
    if (is_there != listed.contains(all[i].digest())) return false;
  }
  return true;
}

constexpr auto subject_judges =
    requirement_ids("referrers.missing-subject-listed", "referrers.deleted-referrer-gone");

boost::asio::awaitable<void> subject(context& ctx) {
  // Of three referrers to a manifest one was deleted. Then the manifest is deleted.
  const auto about = co_await given_subject(ctx, "management/subject");
  const std::vector all{artifact_about(about.descriptor, "one"),
                        artifact_about(about.descriptor, "two"),
                        artifact_about(about.descriptor, "three")};
  const auto pushes = co_await given_referrers(ctx, all);
  const auto list = api::list_referrers(ctx.repository(), about.descriptor.digest.str());
  const auto whole = co_await walk_until_listed(ctx, list, all);
  require_list(ctx, whole);
  if (!lists_all(whole, all)) {
    throw blocked("referrers.complete", "the list lacks referrers before any is deleted");
  }
  std::vector<http::request> asks;
  for (const referrer& one : all) asks.push_back(api::get_manifest(ctx.repository(), one.digest()));
  co_await given_visible(ctx, asks);
  const auto answer =
      co_await ctx.send(api::delete_manifest(ctx.repository(), all.back().digest()));
  require_deletion(answer, manifest_deletion);
  (void)co_await given_deleted(ctx, about.descriptor.digest);

  // Its referrers may go with it. Those that are still there are listed, and no others, be it
  // after a while.
  waiting wait(ctx, settle_kind::deleted_manifest);
  auto pulled = co_await ctx.send_all(asks);
  auto left = co_await walk_referrers(ctx, list);
  while (!lists_what_is_there(left, all, pulled) && wait.goes_on()) {
    co_await wait.pause();
    pulled = co_await ctx.send_all(asks);
    left = co_await walk_referrers(ctx, list);
  }
  wait.end(left.last(), lists_what_is_there(left, all, pulled));
  const auto listed = left.digests();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool is_listed = listed.contains(all[i].digest());
    // Only who confirmed the subject has taken the list over.
    const bool confirmed = pushes[i].response.header("OCI-Subject").has_value();
    if (pulled[i].response.status == 200 && confirmed) {
      ctx.expect(left.last(), "referrers.missing-subject-listed")
          .holds(is_listed, "the referrers that are there", shown(listed));
    } else if (pulled[i].response.status == 404) {
      ctx.expect(left.last(), "referrers.deleted-referrer-gone")
          .holds(!is_listed, "none of the referrers that are gone", shown(listed));
    }
  }
}

constexpr std::array scenarios{
    scenario{.id = "management/manifest-deleted",
             .title = "A deleted manifest is gone, and so are its tags",
             .category = "management",
             .judges = deleted_judges,
             .body = deleted},
    scenario{.id = "management/manifest-others",
             .title = "What is not deleted stays, here and in other repositories",
             .category = "management",
             .judges = others_judges,
             .body = others},
    scenario{.id = "management/manifest-absent",
             .title = "A manifest that is not there cannot be deleted",
             .category = "management",
             .judges = absent_judges,
             .body = absent},
    scenario{.id = "management/manifest-pushed-again",
             .title = "A manifest that was deleted can be pushed again",
             .category = "management",
             .judges = again_judges,
             .body = pushed_again},
    scenario{.id = "management/index-deleted",
             .title = "An index and what it lists are deleted each by itself",
             .category = "management",
             .judges = index_judges,
             .body = index},
    scenario{.id = "management/subject-deleted",
             .title = "The referrers of a deleted subject are listed as far as they are there",
             .category = "management",
             .judges = subject_judges,
             .body = subject},
};

}  // namespace

std::span<const scenario> deleting_manifests() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
