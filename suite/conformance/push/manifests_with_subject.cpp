#include <algorithm>
#include <array>
#include <span>
#include <string>
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
#include "stored.hpp"
#include "told.hpp"

namespace plimsoll::suite {
namespace {

/// Whether the registry has the referrers API. An answer of another kind than 200 and 404
/// leaves it open.
boost::asio::awaitable<bool> has_referrers(context& ctx, std::string subject) {
  const auto listed = co_await ctx.send(api::list_referrers(ctx.repository(), subject));
  if (listed.response.status == 404) co_return false;
  ctx.require_status(listed, 200, "referrers.200");
  co_return true;
}

constexpr std::string_view no_referrers =
    "the referrers API is not there: GET of the referrers gives 404";

http::request put_by_digest(context& ctx, std::string_view type, const std::string& json) {
  return api::put_manifest(ctx.repository(), oci::digest_of(json).str(), type, json);
}

constexpr auto missing_judges =
    requirement_ids("push.manifest.missing-subject-accepted", "push.subject.oci-subject",
                    "push.subject.oci-subject-value");

boost::asio::awaitable<void> missing(context& ctx) {
  // An image manifest and an index refer to a subject that is nowhere.
  oci::image_manifest artifact = co_await given_artifact(ctx, "with-subject");
  const oci::descriptor subject = oci::describe(oci::media_type::image_manifest, ctx.bytes(100));
  artifact.subject = subject;
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.subject = subject;
  std::vector<http::request> pushes;
  pushes.push_back(put_by_digest(ctx, artifact.media_type, oci::to_json(artifact)));
  pushes.push_back(put_by_digest(ctx, index.media_type, oci::to_json(index)));

  // They are accepted all the same.
  const auto put = co_await ctx.send_all(std::move(pushes));
  for (const http::exchange& one : put) {
    ctx.expect(one, "push.manifest.missing-subject-accepted").status(201);
  }
  if (put[0].response.status != 201) co_return;

  // With the referrers API the answer names the subject.
  const bool api_is_there = co_await has_referrers(ctx, subject.digest.str());
  if (!api_is_there) throw unsupported(std::string(no_referrers));
  ctx.expect(put[0], "push.subject.oci-subject").has_header("OCI-Subject");
  if (!put[0].response.header("OCI-Subject")) co_return;
  ctx.expect(put[0], "push.subject.oci-subject-value").header("OCI-Subject", subject.digest.str());
}

constexpr auto present_judges = requirement_ids(
    "push.subject.oci-subject", "push.subject.oci-subject-value", "push.subject.oci-subject-index");

boost::asio::awaitable<void> present(context& ctx) {
  // A manifest is in the repository, and is what an image manifest and an index refer to.
  oci::image_manifest artifact = co_await given_artifact(ctx, "subject");
  const auto subject = co_await given_manifest(ctx, oci::to_json(artifact), "");
  const std::string digest = subject.descriptor.digest.str();
  const bool api_is_there = co_await has_referrers(ctx, digest);
  if (!api_is_there) throw unsupported(std::string(no_referrers));
  artifact.subject = subject.descriptor;
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.artifact_type = artifact.artifact_type;
  index.subject = subject.descriptor;

  // The answer to each push names the subject.
  const auto image =
      co_await ctx.send(put_by_digest(ctx, artifact.media_type, oci::to_json(artifact)));
  ctx.require_status(image, 201, "push.manifest.201");
  ctx.expect(image, "push.subject.oci-subject").has_header("OCI-Subject");
  if (image.response.header("OCI-Subject")) {
    ctx.expect(image, "push.subject.oci-subject-value").header("OCI-Subject", digest);
  }
  const auto put = co_await ctx.send(put_by_digest(ctx, index.media_type, oci::to_json(index)));
  if (put.response.status != 201) co_return;
  ctx.expect(put, "push.subject.oci-subject-index").has_header("OCI-Subject");
  if (put.response.header("OCI-Subject")) {
    ctx.expect(put, "push.subject.oci-subject-value").header("OCI-Subject", digest);
  }
}

constexpr auto sha512_judges =
    requirement_ids("push.subject.oci-subject", "push.subject.oci-subject-value");

boost::asio::awaitable<void> sha512_subject(context& ctx) {
  // The subject is named by its sha512 digest.
  oci::image_manifest artifact = co_await given_artifact(ctx, "sha512-subject");
  const oci::descriptor subject =
      oci::describe(oci::hash_algorithm::sha512, oci::media_type::image_manifest, ctx.bytes(100));
  artifact.subject = subject;
  const auto put =
      co_await ctx.send(put_by_digest(ctx, artifact.media_type, oci::to_json(artifact)));
  if (put.response.status / 100 == 4) throw unsupported("a sha512 digest is refused");
  ctx.require_status(put, 201, "push.manifest.201");
  const auto listed =
      co_await ctx.send(api::list_referrers(ctx.repository(), subject.digest.str()));
  if (listed.response.status != 200) throw unsupported("no referrers of a sha512 digest");

  // The answer names it by that one.
  ctx.expect(put, "push.subject.oci-subject").has_header("OCI-Subject");
  if (!put.response.header("OCI-Subject")) co_return;
  ctx.expect(put, "push.subject.oci-subject-value").header("OCI-Subject", subject.digest.str());
}

constexpr auto later_judges =
    requirement_ids("push.manifest.missing-subject-later-pushed",
                    "push.manifest.missing-subject-kept", "pull.manifest.get-200");

boost::asio::awaitable<void> later(context& ctx) {
  // A manifest is pushed before its subject is.
  oci::image_manifest artifact = co_await given_artifact(ctx, "later");
  const std::string subject_json = oci::to_json(artifact);
  const oci::descriptor subject = oci::describe(artifact.media_type, subject_json);
  artifact.subject = subject;
  artifact.annotations["land.plimsoll.mark"] = "refers";
  const auto pushed = co_await given_manifest(ctx, oci::to_json(artifact), "");

  // The subject follows, and both are there. "Initially" a referrer is accepted: a registry may
  // collect one that has no subject yet, which is unusual.
  (void)co_await given_manifest(ctx, subject_json, "");
  const auto got =
      co_await ctx.send(api::get_manifest(ctx.repository(), pushed.descriptor.digest.str()));
  ctx.expect(got, "push.manifest.missing-subject-kept").status(200);
  std::vector<expected_read> reads;
  reads.push_back({api::get_manifest(ctx.repository(), subject.digest.str()), subject_json,
                   "pull.manifest.get-200", "pull.manifest.get-200"});
  co_await expect_reads(ctx, std::move(reads));
  if (got.response.status != 200) co_return;

  // With the referrers API one is listed for the other.
  const oci::digest referrer = pushed.descriptor.digest;
  const settle_condition is_listed = [referrer](const http::exchange& seen) {
    return !lacks_referrer(seen, referrer);
  };
  const auto listed =
      co_await ctx.settle(settle_kind::referrers,
                          api::list_referrers(ctx.repository(), subject.digest.str()), is_listed);
  if (listed.response.status != 200 || !oci::parse_image_index(listed.response.body)) co_return;
  ctx.expect(listed, "push.manifest.missing-subject-later-pushed")
      .holds(!lacks_referrer(listed, referrer), "the manifest is listed", "it is not in the list");
}

constexpr auto absent_judges =
    requirement_ids("push.subject.oci-subject-absent", "push.subject.oci-subject-without-subject");

boost::asio::awaitable<void> absent(context& ctx) {
  // A manifest without a subject has nothing to confirm.
  oci::image_manifest artifact = co_await given_artifact(ctx, "no-subject");
  const std::string json = oci::to_json(artifact);
  const auto put = co_await ctx.send(put_by_digest(ctx, artifact.media_type, json));
  ctx.require_status(put, 201, "push.manifest.201");
  const auto value = put.response.header("OCI-Subject");
  ctx.expect(put, "push.subject.oci-subject-without-subject")
      .holds(!value, "no OCI-Subject", value ? "OCI-Subject is present" : "none");

  // One with a subject is confirmed where the referrers API is there: who is told so does not
  // write the tag that other clients would read without the API.
  artifact.subject = oci::describe(artifact.media_type, json);
  const auto second =
      co_await ctx.send(put_by_digest(ctx, artifact.media_type, oci::to_json(artifact)));
  if (second.response.status != 201 || !second.response.header("OCI-Subject")) co_return;
  const settle_condition is_there = [](const http::exchange& seen) {
    return seen.response.status != 404;
  };
  const auto listed = co_await ctx.settle(
      settle_kind::referrers, api::list_referrers(ctx.repository(), artifact.subject->digest.str()),
      is_there);
  ctx.expect(second, "push.subject.oci-subject-absent")
      .holds(listed.response.status != 404, "no OCI-Subject where the referrers API is not there",
             "OCI-Subject is present, and GET of the referrers gives 404");
}

constexpr std::array scenarios{
    scenario{.id = "push/subject-missing",
             .title = "A manifest is accepted before its subject is there",
             .category = "push",
             .judges = missing_judges,
             .body = missing},
    scenario{.id = "push/subject-present",
             .title = "The answer to a manifest with a subject names it in OCI-Subject",
             .category = "push",
             .judges = present_judges,
             .body = present},
    scenario{.id = "push/subject-sha512",
             .title = "OCI-Subject is the very digest of the subject's descriptor",
             .category = "push",
             .judges = sha512_judges,
             .body = sha512_subject},
    scenario{.id = "push/subject-later",
             .title = "A manifest and its subject are pushed in either order",
             .category = "push",
             .judges = later_judges,
             .body = later},
    scenario{.id = "push/subject-none",
             .title = "Without a subject there is no OCI-Subject",
             .category = "push",
             .judges = absent_judges,
             .body = absent},
};

}  // namespace

std::span<const scenario> manifests_with_subject() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
