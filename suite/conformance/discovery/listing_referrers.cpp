#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "referrer_lists.hpp"

namespace plimsoll::suite {
namespace {

void expect_content_type(context& ctx, const http::exchange& seen) {
  const auto type = seen.response.header("Content-Type");
  const bool held = type && equal_ignoring_case(oci::media_type::without_parameters(*type),
                                                oci::media_type::image_index);
  ctx.expect(seen, "referrers.content-type")
      .holds(held, "Content-Type: " + std::string(oci::media_type::image_index),
             type ? "Content-Type: " + printable(*type) : "no Content-Type");
}

constexpr auto list_of_referrers_judges =
    requirement_ids("referrers.200", "referrers.404-forbidden", "table.end-12a.failure-404",
                    "referrers.content-type", "referrers.body-index", "referrers.complete",
                    "referrers.only-matching-subject", "upgrade.include-new");

boost::asio::awaitable<void> list_of_referrers(context& ctx) {
  // Artifacts and an index, by digest and by tag, refer to one manifest; one refers to another.
  const auto target = co_await given_subject(ctx, "subject");
  const auto other = co_await given_subject(ctx, "another subject");
  std::vector<referrer> referrers{artifact_about(target.descriptor, "by digest"),
                                  artifact_about(target.descriptor, "by tag"),
                                  index_about(target.descriptor)};
  referrers[1].tag = "referrer";
  const auto pushed = co_await given_referrers(ctx, referrers);
  const std::vector stranger{artifact_about(other.descriptor, "stranger")};
  (void)co_await given_referrers(ctx, stranger);

  const std::string digest = target.descriptor.digest.str();
  const auto walk = co_await walk_referrers(ctx, api::list_referrers(ctx.repository(), digest));
  const int status = walk.first().response.status;
  // A registry without the API answers 404, and does not say that it took note of a subject.
  const bool claims = pushed.front().response.header("OCI-Subject").has_value();
  if (status == 404 && !claims) {
    ctx.expect(walk.first(), "table.end-12a.failure-404").status(404);
    throw unsupported("the referrers API is not there: GET of the referrers gives 404");
  }
  if (!claims && status != 200) {
    ctx.expect(walk.first(), "table.end-12a.failure-404").status(404);
    co_return;
  }
  ctx.expect(walk.first(), "referrers.404-forbidden")
      .holds(status != 404, "a status other than 404", "status " + std::to_string(status));
  ctx.expect(walk.first(), "referrers.200").status(200);
  if (status != 200) co_return;

  // Its pages are image indexes, and have the referrers of this manifest, each once.
  for (const http::exchange& page : walk.pages) expect_content_type(ctx, page);
  ctx.expect(walk.last(), "referrers.body-index")
      .holds(walk.broken.empty(), "an image index", walk.broken.empty() ? "one" : walk.broken);
  if (!walk.broken.empty()) co_return;
  const auto listed = walk.digests();
  const auto wanted = digests_of(referrers);
  ctx.expect(walk.last(), "referrers.complete")
      .holds(listed == wanted, shown(wanted), shown(listed));
  // Of indexes only the spec's description of the list speaks, not "Enabling the Referrers API".
  const auto images = digests_of({referrers[0], referrers[1]});
  ctx.expect(walk.last(), "upgrade.include-new")
      .holds(std::includes(listed.begin(), listed.end(), images.begin(), images.end()),
             shown(images), shown(listed));
  const bool has_others = std::any_of(
      listed.begin(), listed.end(), [&](const std::string& one) { return !wanted.contains(one); });
  ctx.expect(walk.last(), "referrers.only-matching-subject")
      .holds(!has_others, shown(wanted), shown(listed));

  // It is an image index whatever the client would rather have.
  std::vector<http::request> asked;
  for (const std::string_view type : {std::string_view("*/*"), oci::media_type::image_manifest}) {
    asked.push_back(api::list_referrers(ctx.repository(), digest));
    asked.back().header("Accept", std::string(type));
  }
  const auto seen = co_await ctx.send_all(std::move(asked));
  for (const http::exchange& one : seen) {
    if (one.response.status == 200) expect_content_type(ctx, one);
  }
}

constexpr auto no_referrers_judges =
    requirement_ids("referrers.empty-list", "referrers.404-forbidden", "referrers.body-index");

boost::asio::awaitable<void> no_referrers(context& ctx) {
  // Nothing refers to the manifest of the repository; one refers to something else.
  const auto alone = co_await given_subject(ctx, "alone");
  const auto about = oci::describe(oci::media_type::image_manifest, ctx.bytes(64));
  const std::vector elsewhere{artifact_about(about, "elsewhere")};
  (void)co_await given_referrers(ctx, elsewhere);
  (void)co_await given_list(ctx, api::list_referrers(ctx.repository(), about.digest.str()));

  // The list of that manifest, and of a digest that nobody knows, is an index without entries.
  const std::string unknown = oci::digest_of(ctx.bytes(64)).str();
  const std::string unknown_512 = oci::digest_of(oci::hash_algorithm::sha512, ctx.bytes(64)).str();
  const std::vector asked{api::list_referrers(ctx.repository(), alone.descriptor.digest.str()),
                          api::list_referrers(ctx.repository(), unknown),
                          api::list_referrers(ctx.repository(), unknown_512)};
  const auto seen = co_await ctx.send_all(asked);
  for (const http::exchange& one : {seen[0], seen[1]}) {
    ctx.expect(one, "referrers.404-forbidden")
        .holds(one.response.status != 404, "a status other than 404", "status 404");
    if (one.response.status == 404) continue;
    const auto index = oci::parse_image_index(one.response.body);
    ctx.expect(one, "referrers.empty-list")
        .status(200)
        .holds(index && index->manifests.empty(), "an index with an empty array of manifests",
               index ? std::to_string(index->manifests.size()) + " entries"
                     : printable(index.error().what()));
  }

  // A registry may not know sha512, and says so with another status.
  ctx.expect(seen[2], "referrers.404-forbidden")
      .holds(seen[2].response.status != 404, "a status other than 404", "status 404");
}

constexpr auto malformed_digest_judges =
    requirement_ids("referrers.400-bad-digest", "table.end-12b.failure");

boost::asio::awaitable<void> malformed_digest(context& ctx) {
  const auto subject = co_await given_subject(ctx, "subject");
  const std::string digest = subject.descriptor.digest.str();
  (void)co_await given_list(ctx, api::list_referrers(ctx.repository(), digest));

  // What is no digest, is too short, or has capitals for hexadecimal digits.
  std::string capitals = "sha256:";
  capitals.append(64, 'A');
  std::vector<http::request> asked;
  for (const std::string& bad : {std::string("sha256:xyz"), digest.substr(0, digest.size() - 1),
                                 std::string("latest"), capitals}) {
    asked.push_back(api::list_referrers(ctx.repository(), bad));
  }
  asked.push_back(api::list_referrers(ctx.repository(), "sha256:xyz",
                                      "artifactType=application%2Fvnd.plimsoll.test.v1"));
  const auto seen = co_await ctx.send_all(std::move(asked));
  for (std::size_t i = 0; i + 1 < seen.size(); ++i) {
    ctx.expect(seen[i], "referrers.400-bad-digest").status(400);
  }
  ctx.expect(seen.back(), "table.end-12b.failure").status(400);
}

constexpr auto one_repository_judges = requirement_ids("referrers.same-repository");

boost::asio::awaitable<void> one_repository(context& ctx) {
  // Two repositories have the same manifest; one refers to it, in the first alone.
  const auto subject = co_await given_subject(ctx, "subject");
  const std::vector blobs{std::string(oci::empty_content)};
  co_await given_elsewhere(ctx, blobs, subject.json, "");
  const std::vector referrers{artifact_about(subject.descriptor, "here")};
  (void)co_await given_referrers(ctx, referrers);

  const std::string digest = subject.descriptor.digest.str();
  const auto elsewhere =
      co_await given_list(ctx, api::list_referrers(ctx.other_repository(), digest));
  ctx.expect(elsewhere.last(), "referrers.same-repository")
      .holds(elsewhere.entries.empty(), "0 entries:", shown(elsewhere.digests()));
}

constexpr auto missing_subject_judges = requirement_ids(
    "referrers.missing-subject-listed", "upgrade.include-new", "referrers.complete");

boost::asio::awaitable<void> missing_subject(context& ctx) {
  // One refers to a manifest that is not there yet, another one to a manifest that never will be.
  const oci::image_manifest later = co_await given_artifact(ctx, "pushed later");
  const std::string json = oci::to_json(later);
  const auto subject = oci::describe(oci::media_type::image_manifest, json);
  const auto never = oci::describe(oci::media_type::image_index, ctx.bytes(64));
  const std::vector early{artifact_about(subject, "early")};
  const std::vector lonely{artifact_about(never, "lonely")};
  (void)co_await given_referrers(ctx, early);
  (void)co_await given_referrers(ctx, lonely);
  const auto list = api::list_referrers(ctx.repository(), subject.digest.str());

  // Both are listed at once.
  const auto before = co_await given_list(ctx, list);
  const auto of_never =
      co_await given_list(ctx, api::list_referrers(ctx.repository(), never.digest.str()));
  ctx.expect(before.last(), "referrers.missing-subject-listed")
      .holds(before.digests() == digests_of(early), shown(digests_of(early)),
             shown(before.digests()));
  ctx.expect(of_never.last(), "referrers.missing-subject-listed")
      .holds(of_never.digests() == digests_of(lonely), shown(digests_of(lonely)),
             shown(of_never.digests()));

  // Once the subject is pushed, the first is still there, and what is new joins it.
  (void)co_await given_manifest(ctx, json, "");
  std::vector both = early;
  both.push_back(artifact_about(subject, "late"));
  const std::vector late{both.back()};
  (void)co_await given_referrers(ctx, late);
  const auto after = co_await given_list(ctx, list);
  ctx.expect(after.last(), "referrers.complete")
      .holds(after.digests() == digests_of(both), shown(digests_of(both)), shown(after.digests()));
  ctx.expect(after.last(), "upgrade.include-new")
      .holds(after.digests().contains(late.front().digest()), shown(digests_of(late)),
             shown(after.digests()));
}

constexpr auto sha512_subject_judges = requirement_ids("referrers.complete");

boost::asio::awaitable<void> sha512_subject(context& ctx) {
  // One refers to a manifest by its sha512 digest.
  const auto here = co_await given_subject(ctx, "sha512");
  const std::string here_digest = here.descriptor.digest.str();
  (void)co_await given_list(ctx, api::list_referrers(ctx.repository(), here_digest));
  const auto subject =
      oci::describe(oci::hash_algorithm::sha512, oci::media_type::image_manifest, ctx.bytes(64));
  const std::vector one{artifact_about(subject, "about sha512")};
  const auto put = co_await ctx.send(api::put_manifest(ctx.repository(), one.front().digest(),
                                                       one.front().media_type, one.front().json));
  if (put.response.status != 201) throw unsupported("a subject with a sha512 digest is not taken");

  const auto asked =
      co_await walk_referrers(ctx, api::list_referrers(ctx.repository(), subject.digest.str()));
  if (asked.first().response.status == 400) throw unsupported("sha512 is refused with 400");
  ctx.expect(asked.last(), "referrers.complete")
      .holds(asked.digests() == digests_of(one), shown(digests_of(one)), shown(asked.digests()));
}

constexpr auto deleted_referrer_judges =
    requirement_ids("referrers.deleted-referrer-gone", "referrers.404-forbidden");

boost::asio::awaitable<void> deleted_referrer(context& ctx) {
  // Two refer to a manifest.
  const auto subject = co_await given_subject(ctx, "subject");
  const std::vector both{artifact_about(subject.descriptor, "kept"),
                         artifact_about(subject.descriptor, "deleted")};
  (void)co_await given_referrers(ctx, both);
  const auto list = api::list_referrers(ctx.repository(), subject.descriptor.digest.str());
  (void)co_await given_list(ctx, list);

  // One is deleted, and is then no more in the list.
  const auto deleted =
      co_await ctx.send(api::delete_manifest(ctx.repository(), both.back().digest()));
  if (deleted.response.status != 202) throw unsupported("manifests cannot be deleted");
  const std::vector kept{both.front()};
  auto left = co_await walk_referrers(ctx, list);
  for (int wait_ms = 10; wait_ms <= 160 && left.digests() != digests_of(kept); wait_ms *= 2) {
    co_await ctx.pause(std::chrono::milliseconds(wait_ms));
    left = co_await walk_referrers(ctx, list);
  }
  ctx.expect(left.last(), "referrers.deleted-referrer-gone")
      .holds(left.digests() == digests_of(kept), shown(digests_of(kept)), shown(left.digests()));

  // The subject goes too: its list may be kept or not, but is an answer.
  const auto gone =
      co_await ctx.send(api::delete_manifest(ctx.repository(), subject.descriptor.digest.str()));
  if (gone.response.status != 202) co_return;
  const auto after = co_await ctx.send(list);
  ctx.expect(after, "referrers.404-forbidden")
      .holds(after.response.status != 404, "a status other than 404", "status 404");
}

constexpr std::array scenarios{
    scenario{.id = "discovery/referrers",
             .title = "The referrers of a manifest are listed, exactly and as an image index",
             .category = "discovery",
             .judges = list_of_referrers_judges,
             .body = list_of_referrers},
    scenario{.id = "discovery/no-referrers",
             .title = "What nothing refers to has an empty list of referrers",
             .category = "discovery",
             .judges = no_referrers_judges,
             .body = no_referrers},
    scenario{.id = "discovery/referrers-of-no-digest",
             .title = "The referrers of what is no digest are refused with 400",
             .category = "discovery",
             .judges = malformed_digest_judges,
             .body = malformed_digest},
    scenario{.id = "discovery/referrers-of-one-repository",
             .title = "A referrer of another repository is not listed",
             .category = "discovery",
             .judges = one_repository_judges,
             .body = one_repository},
    scenario{.id = "discovery/referrers-before-subject",
             .title = "Referrers are listed before their subject is there, and without it",
             .category = "discovery",
             .judges = missing_subject_judges,
             .body = missing_subject},
    scenario{.id = "discovery/referrers-of-sha512",
             .title = "The referrers of a sha512 digest are listed",
             .category = "discovery",
             .judges = sha512_subject_judges,
             .body = sha512_subject},
    scenario{.id = "discovery/deleted-referrer",
             .title = "A referrer that is deleted is no longer listed",
             .category = "discovery",
             .judges = deleted_referrer_judges,
             .body = deleted_referrer},
};

}  // namespace

std::span<const scenario> listing_referrers() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
