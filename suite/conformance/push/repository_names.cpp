#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

/// A registry may forbid a name that is one: such a refusal says nothing of its form.
bool is_policy(const context& ctx, const http::exchange& seen) {
  return ctx.refusal_in(seen).has_value();
}

/// A name below `base` of as many characters as clients allow: 255 with the host and a slash.
/// Its components have 60 at most, since a registry may keep each as a folder.
std::string longest_name(const std::string& base, const std::string& url) {
  const auto parsed = http::parse_url(url);
  const std::size_t host = parsed ? parsed->host_field().size() + 1 : 64;
  std::string name = base;
  while (name.size() + host < 255) {
    const std::size_t left = 255 - host - name.size();
    // A slash needs a character behind it.
    const std::size_t length = left == 62 ? 59 : std::min<std::size_t>(left - 1, 60);
    if (length == 0) break;
    name += '/' + std::string(length, 'n');
  }
  return name;
}

constexpr auto accepted_judges =
    requirement_ids("name.regexp.registry-accepts", "pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> accepted(context& ctx) {
  // Names with each of the separators, with a digit first, of many components, and as long as
  // clients allow.
  const auto ping = co_await ctx.send(api::ping());
  std::vector<std::string> names;
  for (const char* tail :
       {"/a__b", "/a---b", "/a.b_c-d", "/0", "/0a.1b/c_2/3-d", "/a/b/c/d/e/f/g/h"}) {
    names.push_back(ctx.repository() + tail);
  }
  names.push_back(longest_name(ctx.repository(), ping.url));

  // A blob goes to a repository of each name, and is pulled from it.
  const std::string content = ctx.bytes(32);
  const oci::digest digest = oci::digest_of(content);
  std::vector<http::request> starts;
  for (const std::string& one : names) starts.push_back(api::start_upload(one));
  const auto opened = co_await ctx.send_all(std::move(starts));
  std::vector<http::request> ends;
  std::vector<std::string> taken;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (is_policy(ctx, opened[i])) continue;
    ctx.expect(opened[i], "name.regexp.registry-accepts").status(202);
    if (opened[i].response.status != 202) continue;
    const std::string session = location_of(opened[i], "push.post.location");
    ends.push_back(api::close_upload(session, digest, content));
    taken.push_back(names[i]);
  }
  const auto closed = co_await ctx.send_all(std::move(ends));
  std::vector<expected_read> reads;
  for (std::size_t i = 0; i < closed.size(); ++i) {
    if (is_policy(ctx, closed[i])) continue;
    ctx.expect(closed[i], "name.regexp.registry-accepts").status(201);
    if (closed[i].response.status != 201) continue;
    reads.push_back(
        {api::get_blob(taken[i], digest), content, "pull.blob.get-200", "pull.blob.get-body"});
  }
  co_await expect_reads(ctx, std::move(reads));
}

constexpr auto rejected_judges = requirement_ids(
    "name.regexp.registry-rejects", "errors.code.name-invalid", "table.end-7.failure-404");

boost::asio::awaitable<void> rejected(context& ctx) {
  // A manifest that any repository would take.
  oci::image_manifest artifact = co_await given_artifact(ctx, "names");
  artifact.layers.clear();
  const std::string json = oci::to_json(artifact);

  // Under what is no name nothing is pushed, and nothing is found.
  for (const char* tail : {"/UPPER", "/a..b", "/-a", "/a-", "/a___b", "/a%20b"}) {
    const std::string name = ctx.repository() + tail;
    std::vector<http::request> asks;
    asks.push_back(api::get_manifest(name, "latest"));
    asks.push_back(api::start_upload(name));
    asks.push_back(api::put_manifest(name, "latest", oci::media_type::image_manifest, json));
    const auto seen = co_await ctx.send_all(std::move(asks));
    for (const http::exchange& one : seen) {
      ctx.expect(one, "name.regexp.registry-rejects")
          .holds(one.response.status / 100 == 4, "a status of 400 to 499",
                 "status " + std::to_string(one.response.status));
    }
    // To who asks for content the name may as well be one that is not known.
    ctx.expect(seen[0], "errors.code.name-invalid")
        .error_code_in({"NAME_INVALID", "NAME_UNKNOWN", "MANIFEST_UNKNOWN", "UNAUTHORIZED",
                        "DENIED", "UNSUPPORTED"});
    for (std::size_t i = 1; i < seen.size(); ++i) {
      if (is_policy(ctx, seen[i]) || seen[i].response.status == 405) continue;
      ctx.expect(seen[i], "errors.code.name-invalid").error_code_in({"NAME_INVALID"});
    }
    if (is_policy(ctx, seen[2]) || seen[2].response.status / 100 != 4) continue;
    ctx.expect(seen[2], "table.end-7.failure-404").status_in({400, 404, 405});
  }
}

constexpr std::array scenarios{
    scenario{.id = "push/repository-names",
             .title = "What the expression for names allows is the name of a repository",
             .category = "push",
             .judges = accepted_judges,
             .body = accepted,
             .pushes_elsewhere = true},
    scenario{.id = "push/repository-names-malformed",
             .title = "What the expression for names does not allow names no repository",
             .category = "push",
             .judges = rejected_judges,
             .body = rejected,
             .pushes_elsewhere = true},
};

}  // namespace

std::span<const scenario> repository_names() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
