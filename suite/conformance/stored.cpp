#include "stored.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "manifest_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "told.hpp"

namespace plimsoll::suite {
namespace {

constexpr std::array policy_statuses{401, 403, 409, 412, 423, 429};

bool is_head(const expected_read& read) {
  return read.request.method() == "HEAD";
}

/// A registry without HEAD breaks the rules about HEAD, and no other one.
bool is_about_head(const http::exchange& seen, const expected_read& read) {
  const int status = seen.response.status;
  return is_head(read) && (status == 405 || status == 501) &&
         !read.status_rule.str().starts_with("pull.head.");
}

bool has_content(const http::exchange& seen, const expected_read& read) {
  if (seen.response.status != 200) return false;
  return is_head(read) || seen.response.body == read.content;
}

http::request read_of_type(const char* method, std::string target, const std::string& media_type) {
  http::request read(method, std::move(target));
  read.header("Accept", media_type);
  return read;
}

}  // namespace

bool is_policy_refusal(const http::exchange& answer) noexcept {
  return std::find(policy_statuses.begin(), policy_statuses.end(), answer.response.status) !=
         policy_statuses.end();
}

bool is_acceptance(const http::exchange& answer) noexcept {
  return answer.response.status / 100 == 2 && answer.response.status != 202;
}

std::string location_url(const http::exchange& answer) {
  return api::location_of(answer).url;
}

std::string expect_location(context& ctx, const http::exchange& answer, requirement_id rule) {
  ctx.expect(answer, rule).has_location();
  return location_url(answer);
}

bool expect_content(context& ctx, const http::exchange& seen, const expected_read& read) {
  if (is_policy_refusal(seen) || is_about_head(seen, read)) return true;
  ctx.expect(seen, read.status_rule).status(200);
  if (seen.response.status == 200 && !is_head(read)) {
    ctx.expect(seen, read.body_rule).body(read.content);
  }
  return has_content(seen, read);
}

boost::asio::awaitable<std::vector<http::exchange>> read_back(context& ctx,
                                                              std::vector<expected_read> reads) {
  std::vector<http::request> requests;
  for (const expected_read& read : reads) requests.push_back(read.request);
  co_return co_await ctx.send_all(std::move(requests));
}

boost::asio::awaitable<void> expect_reads(context& ctx, std::vector<expected_read> reads) {
  const auto seen = co_await read_back(ctx, reads);
  for (std::size_t i = 0; i < reads.size(); ++i) (void)expect_content(ctx, seen[i], reads[i]);
}

boost::asio::awaitable<void> expect_location_read(context& ctx, http::exchange created,
                                                  std::string media_type, std::string content,
                                                  requirement_id rule) {
  const std::string location = location_url(created);
  if (location.empty()) co_return;
  http::request read("GET", location);
  if (!media_type.empty()) read.header("Accept", media_type);
  std::vector<expected_read> reads;
  reads.push_back({std::move(read), std::move(content), rule, rule});
  co_await expect_reads(ctx, std::move(reads));
}

boost::asio::awaitable<void> expect_blob(context& ctx, http::exchange created, oci::digest digest,
                                         std::string content, requirement_id location_rule) {
  expect_digest_of(ctx, created, "push.blob.dcd-value", content);
  std::vector<expected_read> reads;
  reads.push_back({api::get_blob(ctx.repository(), digest), content, "pull.blob.get-200",
                   "pull.blob.get-body"});
  reads.push_back({api::head_blob(ctx.repository(), digest), content, "pull.head.blob-200",
                   "pull.head.blob-200"});
  const auto seen = co_await read_back(ctx, reads);
  for (std::size_t i = 0; i < reads.size(); ++i) {
    const bool is_there = expect_content(ctx, seen[i], reads[i]);
    if (!is_there) co_return;
    if (seen[i].response.status != 200) continue;
    expect_digest_of(ctx, seen[i], "pull.blob.dcd-matches-body", content);
  }
  co_await expect_location_read(ctx, created, "", content, location_rule);
}

boost::asio::awaitable<void> expect_manifest(context& ctx, http::exchange created,
                                             std::string reference, std::string media_type,
                                             std::string json) {
  const std::string path = api::manifest_path(ctx.repository(), reference);
  const requirement_id by_digest = "push.manifest.by-tag-and-digest";
  const bool is_tag = oci::is_tag(reference);
  const requirement_id status_rule = is_tag ? requirement_id("pull.manifest.get-200") : by_digest;
  const requirement_id body_rule = is_tag ? requirement_id("pull.manifest.get-body") : by_digest;
  std::vector<expected_read> reads;
  reads.push_back({read_of_type("GET", path, media_type), json, status_rule, body_rule});
  reads.push_back({read_of_type("HEAD", path, media_type), json, "pull.head.manifest-200",
                   "pull.head.manifest-200"});
  if (is_tag) {
    const std::string digest = oci::digest_of(json).str();
    reads.push_back({read_of_type("GET", api::manifest_path(ctx.repository(), digest), media_type),
                     json, by_digest, by_digest});
  }
  const auto seen = co_await read_back(ctx, reads);
  for (std::size_t i = 0; i < reads.size(); ++i) {
    const bool is_there = expect_content(ctx, seen[i], reads[i]);
    if (!is_there && i == 0) co_return;
    if (seen[i].response.status != 200) continue;
    expect_digest_of(ctx, seen[i], "pull.manifest.dcd-value", json);
    if (!is_head(reads[i])) expect_manifest_type(ctx, seen[i]);
  }
  co_await expect_location_read(ctx, created, media_type, json, "push.manifest.location-pullable");
}

}  // namespace plimsoll::suite
