#include "push/wrong_content.hpp"

#include <string>
#include <utility>
#include <vector>

#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/refusals.hpp"
#include "push/sessions.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

/// What is sent, and the digest of other bytes under which it comes.
struct wrong_content {
  std::string content;
  oci::digest digest;
};

std::vector<wrong_content> wrong_contents(context& ctx, oci::hash_algorithm algorithm,
                                          std::size_t size) {
  std::vector<wrong_content> all;
  all.push_back({ctx.bytes(size), oci::digest_of(algorithm, ctx.bytes(size))});
  std::string whole = ctx.bytes(size);
  all.push_back({whole.substr(0, size - 1), oci::digest_of(algorithm, whole)});
  whole = ctx.bytes(size);
  all.push_back({whole + 'x', oci::digest_of(algorithm, whole)});
  whole = ctx.bytes(size);
  std::string changed = whole;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  all.push_back({std::move(changed), oci::digest_of(algorithm, whole)});
  all.push_back({"", oci::digest_of(algorithm, ctx.bytes(size))});
  return all;
}

/// Bytes in chunks, and the digest of other bytes under which they are closed.
struct wrong_chunks {
  std::vector<std::string> patches;
  std::string put;  ///< The last chunk, in the PUT; empty: it closes without one.
  oci::digest digest;
};

std::vector<wrong_chunks> wrong_uploads(context& ctx, oci::hash_algorithm algorithm,
                                        std::size_t length) {
  const auto digest_of = [&](const std::string& bytes) { return oci::digest_of(algorithm, bytes); };
  const std::string first = ctx.bytes(length);
  const std::string last = ctx.bytes(length);
  std::string changed = last;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  std::vector<wrong_chunks> all;
  all.push_back({{first}, "", digest_of(ctx.bytes(length))});
  all.push_back({{first}, "", digest_of(first + last)});
  all.push_back({{first, changed}, "", digest_of(first + last)});
  all.push_back({{first, last}, "", digest_of(first)});
  all.push_back({{first}, changed, digest_of(first + last)});
  all.push_back({{first}, last, digest_of(ctx.bytes(length) + last)});
  // A registry that asks for long chunks is not sent all of them.
  constexpr std::size_t long_chunk = std::size_t{64} * 1024;
  if (length > long_chunk) {
    all.resize(3);
    return all;
  }
  // Of the chunk that was there before the PUT, and of the PUT's alone.
  all.push_back({{ctx.bytes(length)}, last, {}});
  all.back().digest = digest_of(all.back().patches.front());
  all.push_back({{first}, ctx.bytes(length), {}});
  all.back().digest = digest_of(all.back().put);
  return all;
}

/// What is due for the answer to a PUT, beside that nothing is stored.
void expect_codes(context& ctx, const http::exchange& closed, requirement_id in_table) {
  if (!is_refused(closed) || is_policy_refusal(closed)) return;
  ctx.expect(closed, "errors.code.digest-invalid").error_code_in({"DIGEST_INVALID"});
  ctx.expect(closed, in_table).status(400);
}

boost::asio::awaitable<void> expect_wrong_upload(context& ctx, wrong_chunks wrong) {
  upload session = co_await given_upload(ctx);
  std::uint64_t offset = 0;
  for (const std::string& patch : wrong.patches) {
    co_await given_chunk(ctx, session, offset, patch);
    offset += patch.size();
  }
  http::request put = api::close_upload(session.location, wrong.digest, "");
  if (!wrong.put.empty()) {
    const oci::chunk_range range{offset, offset + wrong.put.size() - 1};
    put = api::close_upload(session.location, wrong.digest, range, wrong.put);
  }
  const auto closed = co_await ctx.send(std::move(put));
  co_await expect_not_stored(ctx, closed, wrong.digest);
  expect_codes(ctx, closed, "table.end-6.failure-400");
}

/// One PATCH without Content-Range, as many clients send it, where the registry takes that.
boost::asio::awaitable<void> expect_wrong_stream(context& ctx, oci::hash_algorithm algorithm) {
  const upload session = co_await given_upload(ctx);
  http::request stream("PATCH", session.location);
  stream.header("Content-Type", std::string(oci::media_type::octet_stream));
  stream.body(ctx.bytes(session.chunk_bytes)).chunked();
  const auto taken = co_await ctx.try_send(std::move(stream));
  const std::string location = location_url(taken);
  if (taken.response.status != 202 || location.empty()) co_return;
  const oci::digest digest = oci::digest_of(algorithm, ctx.bytes(session.chunk_bytes));
  const auto closed = co_await ctx.send(api::close_upload(location, digest, ""));
  co_await expect_not_stored(ctx, closed, digest);
}

}  // namespace

boost::asio::awaitable<void> expect_wrong_puts(context& ctx, oci::hash_algorithm algorithm) {
  auto wrong = wrong_contents(ctx, algorithm, 512);
  // Once more in chunked transfer coding, which announces no length; refused with 411 perhaps.
  wrong.push_back({ctx.bytes(512), oci::digest_of(algorithm, ctx.bytes(512))});
  std::vector<http::request> puts;
  for (const wrong_content& each : wrong) {
    const upload session = co_await given_upload(ctx);
    puts.push_back(api::close_upload(session.location, each.digest, each.content));
  }
  puts.back().chunked();
  const auto closed = co_await ctx.send_all(std::move(puts));
  std::vector<oci::digest> digests;
  for (const wrong_content& each : wrong) digests.push_back(each.digest);
  co_await expect_not_stored(ctx, closed, digests);
  for (const http::exchange& answer : closed) {
    if (answer.response.status != 411) expect_codes(ctx, answer, "table.end-6.failure-400");
  }
}

boost::asio::awaitable<void> expect_wrong_chunks(context& ctx, oci::hash_algorithm algorithm) {
  const upload session = co_await given_upload(ctx);
  const auto wrong = wrong_uploads(ctx, algorithm, session.chunk_bytes);
  for (const wrong_chunks& each : wrong) {
    co_await expect_wrong_upload(ctx, each);
  }
  co_await expect_wrong_stream(ctx, algorithm);
}

boost::asio::awaitable<void> expect_wrong_posts(context& ctx, oci::hash_algorithm algorithm) {
  const auto wrong = wrong_contents(ctx, algorithm, 512);
  std::vector<http::request> posts;
  for (const wrong_content& each : wrong) {
    posts.push_back(api::post_blob(ctx.repository(), each.digest, each.content));
  }
  const auto posted = co_await ctx.send_all(std::move(posts));
  // One without a body may open a session where the others are taken for blobs.
  if (posted.front().response.status == 202) {
    throw unsupported("blobs are not taken in a single POST");
  }
  std::vector<http::exchange> answers;
  std::vector<oci::digest> digests;
  for (std::size_t i = 0; i < posted.size(); ++i) {
    if (posted[i].response.status == 202) continue;
    answers.push_back(posted[i]);
    digests.push_back(wrong[i].digest);
  }
  co_await expect_not_stored(ctx, answers, digests);
  for (const http::exchange& answer : answers) {
    expect_codes(ctx, answer, "table.end-4b.failure-400");
  }
}

}  // namespace plimsoll::suite
