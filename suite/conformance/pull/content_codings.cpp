#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "told.hpp"

/// Content codings (RFC 9110, 8.4 and 12.5.3). The client takes them off before anything is judged,
/// so that each scenario sees the content, and says where a body is not coded as its header says.
namespace plimsoll::suite {
namespace {

/// As clients ask for codings: Go's and Java's libraries for gzip, containerd for zstd too.
constexpr std::array<std::string_view, 2> accepted{"gzip", "zstd, gzip;q=0.5"};

std::string shown_coding(const http::exchange& seen) {
  const std::string codings = seen.response.codings();
  return codings.empty() ? "no content coding" : "the content coding " + printable(codings);
}

/// 200 with the content, coded or not. A body that is not coded as its header says is a finding of
/// the observer's.
void expect_content(context& ctx, const http::exchange& seen, std::string_view content) {
  if (seen.response.status != 200 || !seen.response.coding_error.empty()) return;
  const bool is_whole = seen.response.body == content;
  ctx.expect(seen, "http.rfc9110.coded-content")
      .holds(
          is_whole, "the content that was pushed, once its codings are taken off",
          std::to_string(seen.response.body.size()) + " other bytes, with " + shown_coding(seen));
}

/// The part of the content. One of a coded representation is a part of bytes that are not known
/// here (RFC 9110, 14.2), and is let pass.
void expect_part(context& ctx, const http::exchange& seen, std::string_view content,
                 std::string_view part) {
  if (seen.response.status == 200) expect_content(ctx, seen, content);
  if (seen.response.status != 206 || !seen.response.codings().empty()) return;
  ctx.expect(seen, "http.rfc9110.coded-content")
      .holds(seen.response.body == part, "the part of the content that was asked for",
             std::to_string(seen.response.body.size()) + " other bytes without a content coding");
}

constexpr auto blob_judges = requirement_ids("http.rfc9110.coded-content", "pull.blob.get-200",
                                             "pull.head.blob-200", "pull.blob.dcd-matches-body");

boost::asio::awaitable<void> coded_blobs(context& ctx) {
  // A blob that is worth compressing is in the repository.
  std::string content = ctx.bytes(64);
  for (int i = 0; i < 6; ++i) content += content;
  const oci::digest digest = co_await given_blob(ctx, content);

  // Clients ask for it with the codings that they know: whole, in part and by HEAD.
  for (const std::string_view codings : accepted) {
    const std::string accept(codings);
    std::vector<http::request> pulls;
    pulls.push_back(api::get_blob(ctx.repository(), digest).header("Accept-Encoding", accept));
    pulls.push_back(api::head_blob(ctx.repository(), digest).header("Accept-Encoding", accept));
    pulls.push_back(api::get_blob(ctx.repository(), digest)
                        .header("Accept-Encoding", accept)
                        .header("Range", "bytes=100-299"));
    const auto seen = co_await ctx.send_all(std::move(pulls));
    ctx.expect(seen[0], "pull.blob.get-200").status(200);
    expect_content(ctx, seen[0], content);
    expect_digest_of(ctx, seen[0], "pull.blob.dcd-matches-body", content);
    ctx.expect(seen[1], "pull.head.blob-200").status(200);
    expect_digest_of(ctx, seen[1], "pull.blob.dcd-matches-body", content);
    expect_part(ctx, seen[2], content, std::string_view(content).substr(100, 200));
  }
}

constexpr auto manifest_judges =
    requirement_ids("http.rfc9110.coded-content", "pull.manifest.get-200", "pull.head.manifest-200",
                    "pull.manifest.dcd-value");

boost::asio::awaitable<void> coded_manifests(context& ctx) {
  // A manifest is in the repository.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "coded");
  const auto pushed = co_await given_manifest(ctx, oci::to_json(artifact), "coded");

  // Clients ask for it with the codings that they know: whole, in part and by HEAD.
  for (const std::string_view codings : accepted) {
    const std::string accept(codings);
    std::vector<http::request> pulls;
    pulls.push_back(api::get_manifest(ctx.repository(), "coded").header("Accept-Encoding", accept));
    pulls.push_back(
        api::head_manifest(ctx.repository(), "coded").header("Accept-Encoding", accept));
    pulls.push_back(api::get_manifest(ctx.repository(), "coded")
                        .header("Accept-Encoding", accept)
                        .header("Range", "bytes=0-9"));
    const auto seen = co_await ctx.send_all(std::move(pulls));
    ctx.expect(seen[0], "pull.manifest.get-200").status(200);
    expect_content(ctx, seen[0], pushed.json);
    expect_digest_of(ctx, seen[0], "pull.manifest.dcd-value", pushed.json);
    ctx.expect(seen[1], "pull.head.manifest-200").status(200);
    expect_digest_of(ctx, seen[1], "pull.manifest.dcd-value", pushed.json);
    expect_part(ctx, seen[2], pushed.json, std::string_view(pushed.json).substr(0, 10));
  }
}

constexpr std::array scenarios{
    scenario{.id = "pull/coded-blob",
             .title = "A blob is the same to clients that ask for gzip and zstd",
             .category = "pull",
             .judges = blob_judges,
             .body = coded_blobs},
    scenario{.id = "pull/coded-manifest",
             .title = "A manifest is the same to clients that ask for gzip and zstd",
             .category = "pull",
             .judges = manifest_judges,
             .body = coded_manifests},
};

constexpr auto coding_judges =
    requirement_ids("http.rfc9110.content-encoding", "http.rfc9110.coding-not-asked");

void coding(witness& answer) {
  const http::response& response = answer.seen().response;
  const std::string codings = response.codings();
  if (codings.empty()) return;
  answer.expect("http.rfc9110.content-encoding")
      .holds(response.coding_error.empty(), "a body with the content coding " + printable(codings),
             response.coding_error);
  const bool asks_for_none = answer.seen().last.sent.get("Accept-Encoding") == "identity";
  answer.expect("http.rfc9110.coding-not-asked")
      .holds(!asks_for_none, "no content coding", "the content coding " + printable(codings));
}

constexpr std::array observers{
    observer{.id = "pull/content-coding",
             .title = "Content-Encoding is what was asked for, and what the body has",
             .category = "pull",
             .judges = coding_judges,
             .look = coding},
};

}  // namespace

std::span<const scenario> content_codings() noexcept {
  return scenarios;
}

std::span<const observer> coding_rules() noexcept {
  return observers;
}

}  // namespace plimsoll::suite
