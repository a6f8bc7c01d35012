#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include "catalog.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/refusals.hpp"
#include "push/sessions.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

/// The close of a session with any text in place of a digest.
http::request close_with(std::string_view session, std::string_view digest, std::string rest) {
  http::request made("PUT", http::with_query(session, "digest", digest));
  made.header("Content-Type", std::string(oci::media_type::octet_stream)).body(std::move(rest));
  return made;
}

/// The single POST with any text in place of a digest.
http::request post_with(std::string_view repository, std::string_view digest, std::string content) {
  const std::string target = fmt::format("/v2/{}/blobs/uploads/", repository);
  http::request made("POST", http::with_query(target, "digest", digest));
  made.header("Content-Type", std::string(oci::media_type::octet_stream)).body(std::move(content));
  return made;
}

/// Texts that are no digests of the content: an encoded part that sha256 does not have, none, no
/// algorithm, the digits without one or behind another sign, and digits that lack one or have one
/// more.
std::vector<std::string> malformed_digests_of(std::string_view content) {
  const std::string digest = oci::digest_of(content).str();
  const std::string hex = digest.substr(digest.find(':') + 1);
  return {"sha256:zz", "sha256:",       "notadigest", hex,
          ':' + hex,   "sha256-" + hex, digest + '0', digest.substr(0, digest.size() - 1)};
}

/// What is due for each answer to a text that is no digest: what is stored under it has no name
/// that could be verified.
void expect_malformed(context& ctx, const std::vector<http::exchange>& answers, requirement_id by,
                      requirement_id in_table) {
  for (const http::exchange& answer : answers) {
    expect_refusal(ctx, answer, "image.digest.grammar.registry");
  }
  for (const http::exchange& answer : answers) {
    ctx.expect(answer, by).status(400);
    ctx.expect(answer, in_table).status(400);
    ctx.expect(answer, "errors.code.digest-invalid").error_code_in({"DIGEST_INVALID"});
  }
}

constexpr auto malformed_put_judges = requirement_ids(
    "push.blob.invalid-digest-400.put", "table.end-6.failure-400", "errors.code.digest-invalid",
    "image.digest.grammar.registry", "push.refused-not-failed");

boost::asio::awaitable<void> malformed_put(context& ctx) {
  // Sessions are closed with what is not a digest, and are refused.
  std::vector<http::request> ends;
  const std::string content = ctx.bytes(256);
  const auto digests = malformed_digests_of(content);
  for (const std::string& digest : digests) {
    const upload session = co_await given_upload(ctx);
    ends.push_back(close_with(session.location, digest, content));
  }
  const auto closed = co_await ctx.send_all(std::move(ends));
  expect_malformed(ctx, closed, "push.blob.invalid-digest-400.put", "table.end-6.failure-400");
}

constexpr auto malformed_chunked_judges = requirement_ids(
    "push.blob.invalid-digest-400.chunked", "table.end-6.failure-400", "errors.code.digest-invalid",
    "image.digest.grammar.registry", "push.refused-not-failed");

boost::asio::awaitable<void> malformed_chunked(context& ctx) {
  // Sessions that were given a chunk are closed with what is not a digest, and are refused.
  std::vector<http::request> ends;
  for (const char* const digest : {"sha256:zz", "sha256:", "notadigest"}) {
    upload session = co_await given_upload(ctx);
    co_await given_chunk(ctx, session, 0, ctx.bytes(session.chunk_bytes));
    ends.push_back(close_with(session.location, digest, ""));
  }
  const auto closed = co_await ctx.send_all(std::move(ends));
  expect_malformed(ctx, closed, "push.blob.invalid-digest-400.chunked", "table.end-6.failure-400");
}

constexpr auto malformed_post_judges = requirement_ids(
    "push.blob.invalid-digest-400.single-post", "table.end-4b.failure-400",
    "errors.code.digest-invalid", "image.digest.grammar.registry", "push.refused-not-failed");

boost::asio::awaitable<void> malformed_post(context& ctx) {
  // Blobs go out in one POST each with what is not a digest, and are refused.
  std::vector<http::request> posts;
  const std::string content = ctx.bytes(256);
  const auto digests = malformed_digests_of(content);
  for (const std::string& digest : digests) {
    posts.push_back(post_with(ctx.repository(), digest, content));
  }
  const auto posted = co_await ctx.send_all(std::move(posts));
  for (const http::exchange& answer : posted) {
    if (answer.response.status == 202) throw unsupported("blobs are not taken in a single POST");
  }
  expect_malformed(ctx, posted, "push.blob.invalid-digest-400.single-post",
                   "table.end-4b.failure-400");
}

/// Digests of one content by algorithms that no version of the spec registers: two by each, of
/// which one at most is right.
constexpr std::array foreign{"md5:0cc175b9c0f1b6a831c399e269772661",
                             "md5:0cc175b9c0f1b6a831c399e269772662", "test+alg:abc",
                             "test+alg:abd"};

constexpr auto foreign_judges =
    requirement_ids("push.blob.unsupported-algorithm-400", "push.blob.digest-mismatch-rejected");

boost::asio::awaitable<void> foreign_algorithm(context& ctx) {
  // A blob goes out, with POST and PUT and in one POST, under algorithms that registries lack.
  std::vector<http::request> requests;
  for (const char* const digest : foreign) {
    const upload session = co_await given_upload(ctx);
    requests.push_back(close_with(session.location, digest, "a"));
    requests.push_back(post_with(ctx.repository(), digest, "a"));
  }
  const auto answers = co_await ctx.send_all(std::move(requests));

  // No algorithm gives one content two digests: who takes both compares neither.
  for (std::size_t i = 0; i + 2 < answers.size(); i += 4) {
    for (const std::size_t way : {i, i + 1}) {
      const bool are_both_taken = is_acceptance(answers[way]) && is_acceptance(answers[way + 2]);
      ctx.expect(answers[way + 2], "push.blob.digest-mismatch-rejected")
          .holds(!are_both_taken, "one of two digests of the same bytes at most", "201 to both");
    }
  }

  // They are refused; but a POST may have opened a session.
  for (const http::exchange& answer : answers) {
    if (answer.last.method == "POST" && answer.response.status == 202) continue;
    ctx.expect(answer, "push.blob.unsupported-algorithm-400").status(400);
  }
}

constexpr auto sha512_judges = requirement_ids(
    "push.blob.unsupported-algorithm-400", "push.put.location-pullable", "push.blob.dcd-value",
    "pull.blob.get-200", "pull.blob.get-body", "pull.head.blob-200", "pull.blob.dcd-matches-body");

boost::asio::awaitable<void> sha512_blob(context& ctx) {
  // A blob is pushed under its sha512 digest, which a registry may refuse.
  const std::string content = ctx.bytes(512);
  const oci::digest digest = oci::digest_of(oci::hash_algorithm::sha512, content);
  const upload session = co_await given_upload(ctx);
  const auto closed = co_await ctx.send(api::close_upload(session.location, digest, content));
  if (closed.response.status != 201) {
    ctx.expect(closed, "push.blob.unsupported-algorithm-400").status(400);
    throw unsupported("blobs have no sha512 digests");
  }

  // It was taken, and can be pulled under that digest.
  co_await expect_blob(ctx, closed, digest, content, "push.put.location-pullable");
}

constexpr std::array scenarios{
    scenario{.id = "push/blob-with-malformed-digest",
             .title = "A PUT with what is no digest is refused",
             .category = "push",
             .judges = malformed_put_judges,
             .body = malformed_put},
    scenario{.id = "push/chunks-with-malformed-digest",
             .title = "Chunks that are closed with what is no digest are refused",
             .category = "push",
             .judges = malformed_chunked_judges,
             .body = malformed_chunked},
    scenario{.id = "push/single-post-with-malformed-digest",
             .title = "A single POST with what is no digest is refused",
             .category = "push",
             .judges = malformed_post_judges,
             .body = malformed_post},
    scenario{.id = "push/blob-of-foreign-algorithm",
             .title = "A digest by an algorithm that the registry lacks is refused",
             .category = "push",
             .judges = foreign_judges,
             .body = foreign_algorithm},
    scenario{.id = "push/blob-by-sha512",
             .title = "A blob is pushed and pulled by its sha512 digest, or refused",
             .category = "push",
             .judges = sha512_judges,
             .body = sha512_blob},
};

}  // namespace

std::span<const scenario> malformed_digests() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
