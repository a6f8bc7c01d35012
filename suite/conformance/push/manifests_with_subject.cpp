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

constexpr auto manifest_with_subject_judges = requirement_ids(
    "push.manifest.missing-subject-accepted", "push.manifest.201", "push.manifest.location",
    "push.subject.oci-subject", "push.subject.oci-subject-value");

boost::asio::awaitable<void> manifest_with_subject(context& ctx) {
  // A manifest refers to a subject that is not in the repository.
  oci::image_manifest artifact = co_await given_artifact(ctx, "with-subject");
  const oci::descriptor subject = oci::describe(oci::media_type::image_manifest, ctx.bytes(100));
  artifact.subject = subject;
  const std::string json = oci::to_json(artifact);
  const std::string digest = oci::digest_of(json).str();

  // It is accepted all the same.
  const auto put = co_await ctx.send(
      api::put_manifest(ctx.repository(), digest, oci::media_type::image_manifest, json));
  ctx.expect(put, "push.manifest.missing-subject-accepted").status(201);
  ctx.expect(put, "push.manifest.201").status(201);
  ctx.expect(put, "push.manifest.location").has_header("Location");
  if (put.response.status != 201) co_return;

  // With the referrers API the answer names the subject.
  const auto listed =
      co_await ctx.send(api::list_referrers(ctx.repository(), subject.digest.str()));
  if (listed.response.status == 404) {
    throw unsupported("the referrers API is not there: GET of the referrers gives 404");
  }
  ctx.expect(put, "push.subject.oci-subject").has_header("OCI-Subject");
  ctx.expect(put, "push.subject.oci-subject-value").header("OCI-Subject", subject.digest.str());
}

constexpr std::array scenarios{
    scenario{
        .id = "push/manifest-with-subject",
        .title =
            "A manifest is accepted before its subject is there, and OCI-Subject names the subject",
        .category = "push",
        .judges = manifest_with_subject_judges,
        .body = manifest_with_subject},
};

}  // namespace

std::span<const scenario> manifests_with_subject() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
