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
  ctx.expect(put, "push.subject.oci-subject-index").header("OCI-Subject", digest);
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

constexpr auto later_judges = requirement_ids("push.manifest.missing-subject-later-pushed");

boost::asio::awaitable<void> later(context& ctx) {
  // A manifest is pushed before its subject is.
  oci::image_manifest artifact = co_await given_artifact(ctx, "later");
  const std::string subject_json = oci::to_json(artifact);
  const oci::descriptor subject = oci::describe(artifact.media_type, subject_json);
  artifact.subject = subject;
  artifact.annotations["land.plimsoll.mark"] = "refers";
  const auto pushed = co_await given_manifest(ctx, oci::to_json(artifact), "");

  // The subject follows, and both are there.
  (void)co_await given_manifest(ctx, subject_json, "");
  std::vector<http::request> pulls;
  pulls.push_back(api::get_manifest(ctx.repository(), pushed.descriptor.digest.str()));
  pulls.push_back(api::get_manifest(ctx.repository(), subject.digest.str()));
  const auto pulled = co_await ctx.send_all(std::move(pulls));
  for (const http::exchange& one : pulled) {
    ctx.expect(one, "push.manifest.missing-subject-later-pushed").status(200);
  }

  // With the referrers API one is listed for the other.
  const auto listed =
      co_await ctx.send(api::list_referrers(ctx.repository(), subject.digest.str()));
  const auto index = oci::parse_image_index(listed.response.body);
  if (listed.response.status != 200 || !index) co_return;
  bool is_listed = false;
  for (const oci::descriptor& one : index->manifests) {
    is_listed = is_listed || one.digest == pushed.descriptor.digest;
  }
  ctx.expect(listed, "push.manifest.missing-subject-later-pushed")
      .holds(is_listed, "the manifest is listed",
             "it is not among " + std::to_string(index->manifests.size()));
}

constexpr auto absent_judges = requirement_ids("push.subject.oci-subject-absent");

boost::asio::awaitable<void> absent(context& ctx) {
  // A manifest without a subject has nothing to confirm.
  oci::image_manifest artifact = co_await given_artifact(ctx, "no-subject");
  const std::string json = oci::to_json(artifact);
  const auto put = co_await ctx.send(put_by_digest(ctx, artifact.media_type, json));
  ctx.require_status(put, 201, "push.manifest.201");
  const auto told = put.response.header("OCI-Subject");
  ctx.expect(put, "push.subject.oci-subject-absent")
      .holds(!told, "no OCI-Subject", told ? "OCI-Subject is present" : "none");

  // Nor has one with a subject where there is no referrers API.
  artifact.subject = oci::describe(artifact.media_type, json);
  const bool api_is_there = co_await has_referrers(ctx, artifact.subject->digest.str());
  if (api_is_there) co_return;
  const auto second =
      co_await ctx.send(put_by_digest(ctx, artifact.media_type, oci::to_json(artifact)));
  const auto claimed = second.response.header("OCI-Subject");
  ctx.expect(second, "push.subject.oci-subject-absent")
      .holds(!claimed, "no OCI-Subject where the referrers API is not there",
             claimed ? "OCI-Subject is present" : "none");
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
