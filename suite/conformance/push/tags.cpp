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
#include "plimsoll/oci/name.hpp"
#include "plimsoll/oci/tag_list.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "stored.hpp"
#include "told.hpp"

namespace plimsoll::suite {
namespace {

/// Artifacts that differ by a mark, as JSON.
std::vector<std::string> marked(oci::image_manifest artifact,
                                const std::vector<std::string>& marks) {
  std::vector<std::string> all;
  for (const std::string& one : marks) {
    artifact.annotations["land.plimsoll.mark"] = one;
    all.push_back(oci::to_json(artifact));
  }
  return all;
}

http::request put_image(context& ctx, const std::string& tag, const std::string& json) {
  return api::put_manifest(ctx.repository(), tag, oci::media_type::image_manifest, json);
}

/// Each tag gets a manifest of its own, and gives that one back, to GET and to HEAD. That it is
/// taken is what `taken_rule` says; that tags which were taken stay apart is what `apart_rule`
/// does.
boost::asio::awaitable<void> expect_tags(context& ctx, requirement_id taken_rule,
                                         requirement_id apart_rule, std::vector<std::string> tags) {
  const oci::image_manifest artifact = co_await given_artifact(ctx, "tags");
  const auto manifests = marked(artifact, tags);
  std::vector<http::request> pushes;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    pushes.push_back(put_image(ctx, tags[i], manifests[i]));
  }
  const auto pushed = co_await ctx.send_all(std::move(pushes));
  std::vector<expected_read> reads;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    // A policy on tags says nothing of the expression.
    if (is_policy_refusal(pushed[i])) continue;
    ctx.expect(pushed[i], taken_rule).status(201);
    if (pushed[i].response.status != 201) continue;
    for (const bool is_get : {true, false}) {
      http::request read = is_get ? api::get_manifest(ctx.repository(), tags[i])
                                  : api::head_manifest(ctx.repository(), tags[i]);
      reads.push_back({std::move(read), manifests[i], apart_rule, apart_rule});
    }
  }
  const auto seen = co_await read_back(ctx, reads);
  for (std::size_t i = 0; i < reads.size(); ++i) {
    const bool is_there = expect_content(ctx, seen[i], reads[i]);
    if (!is_there || seen[i].response.status != 200) continue;
    // HEAD has no bytes: it tells tags apart by their digests.
    if (reads[i].request.method() == "HEAD") {
      expect_digest_of(ctx, seen[i], apart_rule, reads[i].content);
    }
  }
}

constexpr auto accepted_judges =
    requirement_ids("tag.regexp.accepted", "tag.regexp.registry-accepts");

boost::asio::awaitable<void> accepted(context& ctx) {
  // Of all forms, and some that fall together where a registry looks past case, signs, zeros or an
  // end.
  const std::vector<std::string> tags{"_",
                                      "A",
                                      "0",
                                      "_A.-z",
                                      "a..b",
                                      "a--b",
                                      "a.-_.",
                                      "UpperUP",
                                      "upperup",
                                      "UPPERUP",
                                      "1.0.0-rc.1_2",
                                      "a.b",
                                      "a-b",
                                      "a_b",
                                      "ab",
                                      "1",
                                      "01",
                                      "1.0",
                                      "1.00",
                                      "1.0.",
                                      std::string(64, 'l') + "a",
                                      std::string(64, 'l') + "b"};
  co_await expect_tags(ctx, "tag.regexp.accepted", "tag.regexp.registry-accepts", tags);
}

constexpr auto longest_judges = requirement_ids(
    "tag.length-128.registry", "tag.length-128.registry-accepts", "tag.length-129.registry");

boost::asio::awaitable<void> longest(context& ctx) {
  // Two tags of 128 characters that differ in the last are two tags.
  const std::vector<std::string> tags{std::string(127, 't') + 'a', std::string(127, 't') + 'b'};
  co_await expect_tags(ctx, "tag.length-128.registry-accepts", "tag.length-128.registry", tags);

  // One of 129 is none.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "too-long");
  const std::string too_long(129, 't');
  const auto put = co_await ctx.send(put_image(ctx, too_long, oci::to_json(artifact)));
  ctx.expect(put, "tag.length-129.registry")
      .holds(put.response.status / 100 == 4, "a status of 400 to 499",
             "status " + std::to_string(put.response.status));
  const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), too_long));
  ctx.expect(got, "tag.length-129.registry")
      .holds(got.response.status / 100 == 4, "a status of 400 to 499",
             "status " + std::to_string(got.response.status));
}

constexpr auto two_repositories_judges =
    requirement_ids("pull.manifest.get-200", "pull.manifest.get-body");

boost::asio::awaitable<void> in_two_repositories(context& ctx) {
  // Two repositories have a tag of one name, each on a manifest of its own.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "two-repositories");
  const std::string tag = "shared-" + ctx.mark();
  const std::vector<std::string> marks{"here", "there"};
  const auto manifests = marked(artifact, marks);
  (void)co_await given_manifest(ctx, manifests[0], tag);
  const std::vector<std::string> blobs{std::string(oci::empty_content)};
  co_await given_elsewhere(ctx, blobs, manifests[1], tag);

  // Each gives its own.
  std::vector<expected_read> reads;
  reads.push_back({api::get_manifest(ctx.repository(), tag), manifests[0], "pull.manifest.get-200",
                   "pull.manifest.get-body"});
  reads.push_back({api::get_manifest(ctx.other_repository(), tag), manifests[1],
                   "pull.manifest.get-200", "pull.manifest.get-body"});
  co_await expect_reads(ctx, std::move(reads));
}

constexpr auto rejected_judges = requirement_ids("tag.regexp.registry-rejects");

boost::asio::awaitable<void> rejected(context& ctx) {
  // A manifest is in the repository, and comes again under what is no tag.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "malformed");
  const std::string json = oci::to_json(artifact);
  (void)co_await given_manifest(ctx, json, "well-formed");
  std::vector<http::request> pushes;
  for (const char* tag : {"-x", ".x", "a%2Bb", "a~b", "a%20b", "%C3%A4"}) {
    pushes.push_back(put_image(ctx, tag, json));
  }

  // It is refused, and no such tag is listed.
  const auto seen = co_await ctx.send_all(std::move(pushes));
  for (const http::exchange& one : seen) {
    ctx.expect(one, "tag.regexp.registry-rejects")
        .holds(one.response.status / 100 == 4, "a status of 400 to 499",
               "status " + std::to_string(one.response.status));
  }
  const auto listed = co_await ctx.send(api::list_tags(ctx.repository(), ""));
  const auto tags = oci::parse_tag_list(listed.response.body);
  if (listed.response.status != 200 || !tags) co_return;
  ctx.expect(listed, "tag.regexp.registry-rejects")
      .holds(std::all_of(tags->tags.begin(), tags->tags.end(),
                         [](const std::string& one) { return oci::is_tag(one); }),
             "tags alone", "one that is no tag");
}

constexpr auto moved_judges =
    requirement_ids("push.manifest.201", "pull.manifest.get-200", "pull.manifest.get-body",
                    "pull.head.manifest-200", "pull.manifest.dcd-value");

boost::asio::awaitable<void> moved(context& ctx) {
  // A tag is of one manifest, and was pulled.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "moved");
  const std::vector<std::string> marks{"before", "after"};
  const auto manifests = marked(artifact, marks);
  (void)co_await given_manifest(ctx, manifests[0], "moves");
  const auto before = co_await ctx.send(api::get_manifest(ctx.repository(), "moves"));
  ctx.expect(before, "pull.manifest.get-200").status(200);

  // Another is pushed under it: the tag is of that one, at once or a little later.
  const auto put = co_await ctx.send(put_image(ctx, "moves", manifests[1]));
  ctx.expect(put, "push.manifest.201").status(201);
  if (put.response.status != 201) co_return;
  const std::string& now = manifests[1];
  const settle_condition has_moved = [&now](const http::exchange& seen) {
    return seen.response.status == 200 && seen.response.body == now;
  };
  const auto got = co_await ctx.settle(settle_kind::pushed_manifest,
                                       api::get_manifest(ctx.repository(), "moves"), has_moved);
  if (is_policy_refusal(got)) co_return;
  ctx.expect(got, "pull.manifest.get-200").status(200);
  ctx.expect(got, "pull.manifest.get-body").body(now);
  if (got.response.body != now) co_return;
  const auto head = co_await ctx.send(api::head_manifest(ctx.repository(), "moves"));
  ctx.expect(head, "pull.head.manifest-200").status(200);
  expect_digest_of(ctx, head, "pull.manifest.dcd-value", now);

  // The first is there by its digest, or collected, which it may be as soon as no tag is of it.
  const std::string first = oci::digest_of(manifests[0]).str();
  const auto left = co_await ctx.send(api::get_manifest(ctx.repository(), first));
  if (left.response.status == 200) {
    ctx.expect(left, "pull.manifest.get-body").body(manifests[0]);
  }
}

constexpr auto raced_judges =
    requirement_ids("push.manifest.201", "pull.manifest.get-body", "pull.manifest.dcd-value");

boost::asio::awaitable<void> raced(context& ctx) {
  // Two writers push manifests under one tag at the same time, several times.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "raced");
  const std::vector<std::string> marks{"one", "two"};
  const auto manifests = marked(artifact, marks);
  std::vector<http::request> pushes;
  for (std::size_t i = 0; i < 8; ++i) pushes.push_back(put_image(ctx, "raced", manifests[i % 2]));
  const auto pushed = co_await ctx.send_all(std::move(pushes));
  for (const http::exchange& one : pushed) {
    // A registry may see the conflict, and say so.
    if (one.response.status == 409 || one.response.status == 412) continue;
    ctx.expect(one, "push.manifest.201").status(201);
  }

  // The tag is of one of them, whole.
  const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), "raced"));
  const bool is_one =
      std::find(manifests.begin(), manifests.end(), got.response.body) != manifests.end();
  ctx.expect(got, "pull.manifest.get-body")
      .holds(got.response.status == 200 && is_one, "one of the two manifests",
             "status " + std::to_string(got.response.status) + " and other bytes");
  if (is_one) expect_digest_of(ctx, got, "pull.manifest.dcd-value", got.response.body);
}

constexpr std::array scenarios{
    scenario{.id = "push/tags",
             .title = "What the expression for tags allows is a tag, and its case counts",
             .category = "push",
             .judges = accepted_judges,
             .body = accepted},
    scenario{.id = "push/tags-of-128-characters",
             .title = "A tag may have 128 characters, and not one more",
             .category = "push",
             .judges = longest_judges,
             .body = longest},
    scenario{.id = "push/tag-in-two-repositories",
             .title = "A tag is of its repository alone",
             .category = "push",
             .judges = two_repositories_judges,
             .body = in_two_repositories},
    scenario{.id = "push/tags-malformed",
             .title = "What the expression for tags does not allow is no tag",
             .category = "push",
             .judges = rejected_judges,
             .body = rejected},
    scenario{.id = "push/tag-moved",
             .title = "A tag moves to the manifest that was pushed under it last",
             .category = "push",
             .judges = moved_judges,
             .body = moved},
    scenario{.id = "push/tag-raced",
             .title = "A tag that two writers push at the same time is of one of their manifests",
             .category = "push",
             .judges = raced_judges,
             .body = raced},
};

}  // namespace

std::span<const scenario> pushing_tags() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
