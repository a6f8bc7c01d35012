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
#include "push/refusals.hpp"
#include "stored.hpp"
#include "taken.hpp"
#include "told.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto data_judges =
    requirement_ids("image.descriptor.data-registry-accepts",
                    "image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> data(context& ctx) {
  // The config and a layer are in their descriptors as well as in the repository.
  oci::image_manifest artifact = co_await given_artifact(ctx, "data");
  const std::string content = ctx.bytes(100);
  (void)co_await given_blob(ctx, content);
  artifact.config.data = std::string(oci::empty_content);
  artifact.layers.push_back(oci::describe(oci::media_type::octet_stream, content));
  artifact.layers.back().data = content;
  co_await expect_taken(ctx, "image.descriptor.data-registry-accepts", artifact.media_type,
                        oci::to_json(artifact));
}

/// Manifests whose data is not what the descriptor says: other bytes, less of them, more of
/// them, and what is no base64.
std::vector<std::string> with_wrong_data(oci::image_manifest artifact) {
  std::vector<std::string> all;
  for (const char* wrong : {"[]", "{", "{} "}) {
    artifact.layers.front().data = wrong;
    all.push_back(oci::to_json(artifact));
  }
  artifact.layers.front().data.reset();
  artifact.layers.front().unknown = R"({"data":"*no base64*"})";
  all.push_back(oci::to_json(artifact));
  return all;
}

constexpr auto wrong_data_judges =
    requirement_ids("image.extensibility.no-modify.registry", "pull.manifest.get-200");

boost::asio::awaitable<void> wrong_data(context& ctx) {
  // Descriptors have data that is not what they describe. It is for who reads it to verify:
  // a registry may refuse it or take it.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "wrong-data");
  const auto manifests = with_wrong_data(artifact);
  std::vector<http::request> pushes;
  std::vector<http::request> pulls;
  for (const std::string& one : manifests) {
    const std::string digest = oci::digest_of(one).str();
    pushes.push_back(
        api::put_manifest(ctx.repository(), digest, oci::media_type::image_manifest, one));
    pulls.push_back(api::get_manifest(ctx.repository(), digest));
  }
  const auto pushed = co_await ctx.send_all(std::move(pushes));

  // Where it takes it, it does not put it right: the bytes stay. Where it does not, nothing
  // is there.
  const auto pulled = co_await ctx.send_all(pulls);
  for (std::size_t i = 0; i < pulled.size(); ++i) {
    const expected_read read{pulls[i], manifests[i], "pull.manifest.get-200",
                             "image.extensibility.no-modify.registry"};
    if (pushed[i].response.status == 201) {
      (void)expect_content(ctx, pulled[i], read);
    } else if (!is_policy_refusal(pulled[i])) {
      ctx.expect(pulled[i], "image.extensibility.no-modify.registry").status(404);
    }
  }
}

/// The blob is pushed under this digest; a registry need not know its algorithm.
boost::asio::awaitable<http::exchange> push_blob(context& ctx, oci::digest digest,
                                                 std::string content) {
  const auto opened = co_await ctx.send(api::start_upload(ctx.repository()));
  ctx.require_status(opened, 202, "push.post.202");
  const std::string session = location_of(opened, "push.post.location");
  co_return co_await ctx.send(api::close_upload(session, digest, std::move(content)));
}

constexpr auto mixed_judges =
    requirement_ids("image.descriptor.independent", "image.extensibility.no-modify.registry",
                    "pull.manifest.get-200");

boost::asio::awaitable<void> mixed(context& ctx) {
  // One descriptor of a manifest names its content by sha256, another by sha512.
  oci::image_manifest artifact = co_await given_artifact(ctx, "mixed");
  const std::string content = ctx.bytes(100);
  const oci::digest digest = oci::digest_of(oci::hash_algorithm::sha512, content);
  const auto pushed = co_await push_blob(ctx, digest, content);
  if (pushed.response.status != 201) throw unsupported("blobs have no sha512 digests");
  artifact.layers.push_back(
      oci::describe(oci::hash_algorithm::sha512, "application/vnd.plimsoll.layer.v1", content));
  co_await expect_taken(ctx, "image.descriptor.independent", artifact.media_type,
                        oci::to_json(artifact));
}

constexpr auto sha512_judges =
    requirement_ids("image.digest.sha512-verify.registry", "push.manifest.dcd-equals-client-digest",
                    "push.manifest.by-tag-and-digest", "push.manifest.exact-bytes",
                    "push.manifest.digest-mismatch-rejected", "push.refused-not-failed",
                    "pull.manifest.dcd-value", "pull.head.manifest-200");

/// Manifests come under sha512 digests of others, where those digests are known: they are refused,
/// and not found under them.
boost::asio::awaitable<void> expect_sha512_compared(context& ctx, std::string media_type,
                                                    std::string json) {
  const requirement_id rule = "push.manifest.digest-mismatch-rejected";
  for (const std::string& other : {json + ' ', json.substr(0, json.size() - 1)}) {
    const std::string digest = oci::digest_of(oci::hash_algorithm::sha512, other).str();
    const auto put =
        co_await ctx.send(api::put_manifest(ctx.repository(), digest, media_type, json));
    expect_refusal(ctx, put, rule);
    if (is_acceptance(put)) continue;
    const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), digest));
    ctx.expect(got, rule).holds(got.response.status / 100 != 2, "nothing under that digest",
                                "status " + std::to_string(got.response.status));
  }
}

boost::asio::awaitable<void> sha512(context& ctx) {
  // A manifest is pushed by its sha512 digest, which a registry may know or not.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "sha512");
  const std::string json = oci::to_json(artifact);
  const std::string digest = oci::digest_of(oci::hash_algorithm::sha512, json).str();
  const auto put =
      co_await ctx.send(api::put_manifest(ctx.repository(), digest, artifact.media_type, json));
  ctx.expect(put, "image.digest.sha512-verify.registry").status_in({201, 400});
  if (put.response.status != 201) throw unsupported("manifests have no sha512 digests");

  // Where it does, it is told by that digest, found by it, and refused under a wrong one.
  if (put.response.header("Docker-Content-Digest")) {
    ctx.expect(put, "push.manifest.dcd-equals-client-digest")
        .header("Docker-Content-Digest", digest);
  }
  std::vector<expected_read> reads;
  reads.push_back({api::get_manifest(ctx.repository(), digest), json,
                   "push.manifest.by-tag-and-digest", "push.manifest.exact-bytes"});
  reads.push_back({api::head_manifest(ctx.repository(), digest), json, "pull.head.manifest-200",
                   "pull.head.manifest-200"});
  const auto seen = co_await read_back(ctx, reads);
  for (std::size_t i = 0; i < reads.size(); ++i) {
    const bool is_there = expect_content(ctx, seen[i], reads[i]);
    if (!is_there) co_return;
    if (seen[i].response.status == 200) {
      expect_digest_of(ctx, seen[i], "pull.manifest.dcd-value", json);
    }
  }
  co_await expect_sha512_compared(ctx, artifact.media_type, json);
}

constexpr auto grammar_judges =
    requirement_ids("image.digest.grammar.registry", "image.digest.case-folded.registry",
                    "push.refused-not-failed");

/// A read by a word that is no digest: bytes that come all the same have to hash to the digits in
/// it, by `rule`, and with them the registry is only lenient.
void expect_not_found(context& ctx, const http::exchange& seen, const std::string& content,
                      requirement_id rule) {
  const std::string received = "status " + std::to_string(seen.response.status);
  const bool is_found = seen.response.status / 100 == 2;
  const bool is_right = is_found && seen.response.body == content;
  ctx.expect(seen, rule).holds(!is_found || is_right, "a status of 400 to 499", received);
  ctx.expect(seen, "image.digest.case-folded.registry")
      .holds(!is_right, "a status of 400 to 499", received);
  ctx.expect(seen, "push.refused-not-failed")
      .holds(seen.response.status / 100 != 5, "a status of 400 to 499", received);
}

boost::asio::awaitable<void> grammar(context& ctx) {
  // A blob is in the repository.
  const std::string content = ctx.bytes(40);
  const oci::digest digest = co_await given_blob(ctx, content);
  const std::string hex(digest.encoded());

  // What is no digest names nothing, also where it has the digits of one that is there.
  const std::vector<std::string> malformed{
      "sha256",         ":" + hex, "SHA256:" + hex, "sha256:",    "sha256-" + hex,
      "sha256::" + hex, hex,       "sha512:" + hex, "md5:" + hex, "sha256:" + std::string(64, 'z')};
  std::vector<http::request> asks;
  for (const std::string& word : malformed) {
    asks.emplace_back("GET", api::blob_path(ctx.repository(), word));
  }
  const auto seen = co_await ctx.send_all(std::move(asks));
  for (const http::exchange& answer : seen) {
    expect_not_found(ctx, answer, content, "image.digest.grammar.registry");
  }
}

constexpr auto digits_judges = requirement_ids(
    "image.digest.sha256-no-uppercase.registry", "image.digest.case-folded.registry",
    "image.digest.grammar.registry", "push.refused-not-failed");

boost::asio::awaitable<void> digits(context& ctx) {
  // A blob is in the repository.
  const std::string content = ctx.bytes(41);
  const oci::digest digest = co_await given_blob(ctx, content);
  const std::string hex(digest.encoded());
  std::string upper = hex;
  for (char& digit : upper) {
    if (digit >= 'a' && digit <= 'f') digit = static_cast<char>(digit - 'a' + 'A');
  }

  // Its digest in capitals is not its digest; who takes it for that gives the right bytes.
  const auto folded =
      co_await ctx.send(http::request("GET", api::blob_path(ctx.repository(), "sha256:" + upper)));
  expect_not_found(ctx, folded, content, "image.digest.grammar.registry");

  // With a digit less, with many less, or with more, it means nothing: who finds something by it
  // does not compare all digits.
  std::vector<http::request> asks;
  for (const std::string& part : std::vector<std::string>{
           hex.substr(1), hex.substr(0, 63), hex.substr(0, 12), hex + "0", hex + hex}) {
    asks.emplace_back("GET", api::blob_path(ctx.repository(), "sha256:" + part));
    asks.emplace_back("HEAD", api::blob_path(ctx.repository(), "sha256:" + part));
  }
  const auto seen = co_await ctx.send_all(std::move(asks));
  for (const http::exchange& answer : seen) {
    expect_refusal(ctx, answer, "image.digest.sha256-no-uppercase.registry");
  }
}

constexpr auto unknown_judges = requirement_ids("image.digest.unknown-algorithm.registry");

boost::asio::awaitable<void> unknown_algorithm(context& ctx) {
  // A manifest refers to a subject by a digest of an algorithm that is not registered. Nobody
  // can verify it, and it is a digest all the same.
  oci::image_manifest artifact = co_await given_artifact(ctx, "unknown-algorithm");
  artifact.unknown =
      R"({"subject":{"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
      R"("digest":"multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8","size":100}})";
  const auto put = co_await ctx.send(api::put_manifest(
      ctx.repository(), "unknown-algorithm", artifact.media_type, oci::to_json(artifact)));
  ctx.expect(put, "image.digest.unknown-algorithm.registry").status(201);
}

constexpr std::array scenarios{
    scenario{.id = "image/data",
             .title = "A descriptor may have its content in it",
             .category = "push",
             .judges = data_judges,
             .body = data},
    scenario{.id = "image/data-wrong",
             .title = "Data that is not what its descriptor says is refused or kept, not put right",
             .category = "push",
             .judges = wrong_data_judges,
             .body = wrong_data},
    scenario{.id = "image/descriptors-independent",
             .title = "One manifest may have digests of different algorithms",
             .category = "push",
             .judges = mixed_judges,
             .body = mixed},
    scenario{.id = "image/digest-sha512",
             .title = "Where sha512 is known, it is verified",
             .category = "push",
             .judges = sha512_judges,
             .body = sha512},
    scenario{.id = "image/digest-grammar",
             .title = "What is no digest names no content",
             .category = "pull",
             .judges = grammar_judges,
             .body = grammar},
    scenario{.id = "image/digest-digits",
             .title = "A sha256 digest has 64 digits in lower case",
             .category = "pull",
             .judges = digits_judges,
             .body = digits},
    scenario{.id = "image/digest-algorithm-unknown",
             .title = "A digest of an algorithm that is not registered is one",
             .category = "push",
             .judges = unknown_judges,
             .body = unknown_algorithm},
};

}  // namespace

std::span<const scenario> descriptors() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
