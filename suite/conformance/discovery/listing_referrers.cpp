#include <algorithm>
#include <array>
#include <set>
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
                    "table.end-12b.failure-404", "referrers.content-type", "referrers.body-index",
                    "referrers.complete", "referrers.complete-index", "referrers.pages-disjoint",
                    "referrers.only-matching-subject", "upgrade.include-new");

/// The answers of a registry without the API, filtered or not. 404 lets clients fall back.
boost::asio::awaitable<void> expect_no_api(context& ctx, const http::exchange& seen,
                                           std::string digest) {
  ctx.expect(seen, "table.end-12a.failure-404").status(404);
  const auto filtered = co_await ctx.send(
      api::list_referrers(ctx.repository(), digest, "artifactType=application%2Fx"));
  ctx.expect(filtered, "table.end-12b.failure-404").status(404);
}

/// Image manifests have a keyword of their own. Indexes stand only in the description of the list:
/// they have to be there where the answer to their push has taken them over.
void expect_complete(context& ctx, const referrer_walk& walk, const std::vector<referrer>& images,
                     const referrer& index, bool is_confirmed) {
  const auto listed = walk.digests();
  ctx.expect(walk.last(), "upgrade.include-new")
      .holds(lists_all(walk, images), shown(digests_of(images)), shown(listed));
  if (!lists_all(walk, images)) return;
  std::vector wanted = images;
  wanted.push_back(index);
  if (is_confirmed) {
    ctx.expect(walk.last(), "referrers.complete")
        .holds(lists_all(walk, wanted), shown(digests_of(wanted)), shown(listed));
  } else {
    ctx.expect(walk.last(), "referrers.complete-index")
        .holds(lists_all(walk, wanted), shown(digests_of(wanted)), shown(listed));
  }
}

/// What is listed and was not pushed as a referrer is one all the same where its bytes say so.
boost::asio::awaitable<void> expect_only_referrers(context& ctx, const referrer_walk& walk,
                                                   std::multiset<std::string> wanted,
                                                   std::string subject) {
  std::vector<http::request> asks;
  for (const std::string& one : walk.digests()) {
    if (!wanted.contains(one)) asks.push_back(api::get_manifest(ctx.repository(), one));
  }
  const auto others = co_await ctx.send_all(std::move(asks));
  bool held = true;
  for (const http::exchange& one : others) {
    const auto read =
        oci::summarize(one.response.body, one.response.header("Content-Type").value_or(""));
    held = held && read && read->subject && read->subject->digest.str() == subject;
  }
  ctx.expect(walk.last(), "referrers.only-matching-subject")
      .holds(held, shown(wanted), shown(walk.digests()));
}

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
  const auto walk =
      co_await walk_until_listed(ctx, api::list_referrers(ctx.repository(), digest), referrers);
  const int status = walk.first().response.status;
  // A registry without the API answers 404, and does not say that it took note of a subject.
  const bool claims = pushed.front().response.header("OCI-Subject").has_value();
  if (status == 404 && !claims) {
    co_await expect_no_api(ctx, walk.first(), digest);
    throw unsupported("the referrers API is not there: GET of the referrers gives 404");
  }
  if (!claims && status != 200) {
    co_await expect_no_api(ctx, walk.first(), digest);
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
  const bool is_confirmed = pushed.back().response.header("OCI-Subject").has_value();
  const std::vector images{referrers[0], referrers[1]};
  expect_complete(ctx, walk, images, referrers[2], is_confirmed);
  const auto listed = walk.digests();
  const std::set<std::string> different(listed.begin(), listed.end());
  ctx.expect(walk.last(), "referrers.pages-disjoint")
      .holds(different.size() == listed.size(), "each entry once", shown(listed));
  co_await expect_only_referrers(ctx, walk, digests_of(referrers), digest);

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

constexpr auto one_repository_judges =
    requirement_ids("referrers.same-repository", "pull.manifest.404-repository-scoped");

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
  // An entry that can be pulled there, though nobody pushed it, breaks a rule of pulling.
  std::vector<http::request> asks;
  for (const std::string& one : elsewhere.digests()) {
    asks.push_back(api::get_manifest(ctx.other_repository(), one));
  }
  const auto pulled = co_await ctx.send_all(std::move(asks));
  bool held = true;
  for (const http::exchange& one : pulled) {
    if (one.response.status == 200) {
      ctx.expect(one, "pull.manifest.404-repository-scoped").status(404);
    } else {
      held = false;
    }
  }
  ctx.expect(elsewhere.last(), "referrers.same-repository")
      .holds(held, "0 entries:", shown(elsewhere.digests()));
}

constexpr auto missing_subject_judges =
    requirement_ids("referrers.missing-subject-listed", "upgrade.include-new");

/// Pushes a referrer whose subject is not there. It is listed as long as it is there, where the
/// registry has confirmed its subject.
boost::asio::awaitable<void> expect_listed(context& ctx, std::vector<referrer> one,
                                           http::request list) {
  const auto pushes = co_await given_referrers(ctx, one);
  const bool is_confirmed = pushes.front().response.header("OCI-Subject").has_value();
  if (!is_confirmed) {
    (void)co_await given_list(ctx, list);
    co_return;
  }
  const auto walk = co_await given_list_of(ctx, list, one);
  const auto pulled = co_await ctx.send(api::get_manifest(ctx.repository(), one.front().digest()));
  if (pulled.response.status == 404) co_return;  // collected, as nothing needs it
  ctx.expect(walk.last(), "referrers.missing-subject-listed")
      .holds(lists_all(walk, one), shown(digests_of(one)), shown(walk.digests()));
}

boost::asio::awaitable<void> missing_subject(context& ctx) {
  // One refers to a manifest that is not there yet, another one to a manifest that never will be.
  const oci::image_manifest later = co_await given_artifact(ctx, "pushed later");
  const std::string json = oci::to_json(later);
  const auto subject = oci::describe(oci::media_type::image_manifest, json);
  const auto never = oci::describe(oci::media_type::image_index, ctx.bytes(64));
  const std::vector early{artifact_about(subject, "early")};
  const std::vector lonely{artifact_about(never, "lonely")};
  const auto list = api::list_referrers(ctx.repository(), subject.digest.str());

  // Both are listed at once, where the answers to their pushes confirm the subject.
  co_await expect_listed(ctx, early, list);
  co_await expect_listed(ctx, lonely, api::list_referrers(ctx.repository(), never.digest.str()));

  // Once the subject is pushed, the first is still there, and what is new joins it.
  (void)co_await given_manifest(ctx, json, "");
  std::vector both = early;
  both.push_back(artifact_about(subject, "late"));
  const std::vector late{both.back()};
  (void)co_await given_referrers(ctx, late);
  const auto after = co_await given_list_of(ctx, list, both);
  ctx.expect(after.last(), "upgrade.include-new")
      .holds(lists_all(after, late), shown(digests_of(late)), shown(after.digests()));
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
  if (!put.response.header("OCI-Subject")) {
    throw unsupported("a subject with a sha512 digest is not confirmed by OCI-Subject");
  }

  const auto asked = co_await walk_until_listed(
      ctx, api::list_referrers(ctx.repository(), subject.digest.str()), one);
  if (asked.first().response.status == 400) throw unsupported("sha512 is refused with 400");
  ctx.expect(asked.last(), "referrers.complete")
      .holds(lists_all(asked, one), shown(digests_of(one)), shown(asked.digests()));
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
  (void)co_await given_list_of(ctx, list, both);
  const auto target = api::get_manifest(ctx.repository(), both.back().digest());
  (void)co_await ctx.send(target);

  // One is deleted, and once it cannot be pulled any more it is not listed either.
  const auto deleted =
      co_await ctx.send(api::delete_manifest(ctx.repository(), both.back().digest()));
  if (deleted.response.status != 202) throw unsupported("manifests cannot be deleted");
  const settle_condition is_gone = [](const http::exchange& one) {
    return one.response.status == 404;
  };
  const auto gone_itself = co_await ctx.settle(settle_kind::deleted_manifest, target, is_gone);
  if (gone_itself.response.status != 404) {
    throw blocked("delete.manifest.get-404", "the deleted referrer is still there");
  }
  const std::vector kept{both.front()};
  waiting wait(ctx, settle_kind::deleted_manifest);
  auto left = co_await walk_referrers(ctx, list);
  while (left.digests().contains(both.back().digest()) && wait.goes_on()) {
    co_await wait.pause();
    left = co_await walk_referrers(ctx, list);
  }
  const bool is_left_out = !left.digests().contains(both.back().digest());
  wait.end(left.last(), is_left_out);
  ctx.expect(left.last(), "referrers.deleted-referrer-gone")
      .holds(is_left_out, shown(digests_of(kept)), shown(left.digests()));

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
