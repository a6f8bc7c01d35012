#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
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
#include "stored.hpp"
#include "told.hpp"

/// What 1.2-dev leaves to RFC 9110.
namespace plimsoll::suite {
namespace {

std::string shown(const http::exchange& seen, std::string_view name) {
  const auto value = seen.response.header(name);
  return std::string(name) + (value ? ": " + printable(*value) : " is missing");
}

/// Whether the answer came from where it was asked for, and not from a storage that was led to.
bool is_own_answer(const http::exchange& seen) {
  return std::none_of(seen.earlier.begin(), seen.earlier.end(),
                      [](const http::hop& one) { return one.response.status / 100 == 3; });
}

/// HEAD may leave out what is only known once the content is made (9.3.2): what it has is the same.
/// A storage has fields of its own, and tells nothing of the registry's.
void expect_parity(context& ctx, const http::exchange& head, const http::exchange& get) {
  if (!is_own_answer(head) || !is_own_answer(get)) return;
  // A proxy codes what it has; HEAD has no content (RFC 9110, 9.3.2).
  if (head.response.codings() != get.response.codings()) return;
  for (const std::string_view name :
       {"Content-Type", "Content-Length", "Docker-Content-Digest", "ETag"}) {
    const auto told = head.response.header(name);
    const auto sent = get.response.header(name);
    if (!told || !sent) continue;
    ctx.expect(head, "http.rfc9110.head-parity")
        .holds(told == sent, shown(get, name), shown(head, name));
  }
}

constexpr auto parity_judges = requirement_ids("http.rfc9110.head-parity");

boost::asio::awaitable<void> parity(context& ctx) {
  const oci::digest blob = co_await given_blob(ctx, ctx.bytes(1000));
  const oci::image_manifest artifact = co_await given_artifact(ctx, "parity");
  (void)co_await given_manifest(ctx, oci::to_json(artifact), "parity");

  const auto blob_head = co_await ctx.send(api::head_blob(ctx.repository(), blob));
  const auto blob_get = co_await ctx.send(api::get_blob(ctx.repository(), blob));
  expect_parity(ctx, blob_head, blob_get);
  const auto head = co_await ctx.send(api::head_manifest(ctx.repository(), "parity"));
  const auto get = co_await ctx.send(api::get_manifest(ctx.repository(), "parity"));
  expect_parity(ctx, head, get);
}

constexpr auto no_content_judges = requirement_ids("http.rfc9110.head-no-body");

boost::asio::awaitable<void> no_content(context& ctx) {
  // Of a blob and a manifest, there or not, HEAD is asked, and the connection to be closed.
  const oci::digest blob = co_await given_blob(ctx, ctx.bytes(1000));
  const oci::image_manifest artifact = co_await given_artifact(ctx, "no-content");
  (void)co_await given_manifest(ctx, oci::to_json(artifact), "no-content");
  std::vector<http::request> asks;
  asks.push_back(api::head_blob(ctx.repository(), blob));
  asks.push_back(api::head_manifest(ctx.repository(), "no-content"));
  asks.push_back(api::head_blob(ctx.repository(), oci::digest_of(ctx.bytes(64))));
  asks.push_back(api::head_manifest(ctx.repository(), "absent"));
  for (http::request& one : asks) one.header("Connection", "close");
  const auto seen = co_await ctx.send_all(std::move(asks));

  // Nothing comes behind the header.
  for (const http::exchange& one : seen) {
    ctx.expect(one, "http.rfc9110.head-no-body")
        .holds(one.response.body_size == 0, "nothing behind the header",
               std::to_string(one.response.body_size) + " bytes behind it");
  }
}

constexpr auto framing_judges =
    requirement_ids("http.rfc9110.framing", "pull.blob.get-200", "pull.blob.get-body",
                    "pull.manifest.get-200", "pull.manifest.get-body");

boost::asio::awaitable<void> framing(context& ctx) {
  // A blob and a manifest come in chunked transfer coding, without Content-Length.
  const std::string content = ctx.bytes(3000);
  const oci::digest digest = oci::digest_of(content);
  const auto opened = co_await ctx.send(api::start_upload(ctx.repository()));
  ctx.require_status(opened, 202, "push.post.202");
  const std::string session = location_of(opened, "push.post.location");
  const auto closed = co_await ctx.send(api::close_upload(session, digest, content).chunked());
  ctx.expect(closed, "http.rfc9110.framing").status_in({201, 411});

  const oci::image_manifest artifact = co_await given_artifact(ctx, "chunked");
  const std::string json = oci::to_json(artifact);
  const auto put = co_await ctx.send(
      api::put_manifest(ctx.repository(), "chunked", oci::media_type::image_manifest, json)
          .chunked());
  ctx.expect(put, "http.rfc9110.framing").status_in({201, 411});

  // What was taken so is whole.
  std::vector<expected_read> reads;
  if (closed.response.status == 201) {
    reads.push_back({api::get_blob(ctx.repository(), digest), content, "pull.blob.get-200",
                     "pull.blob.get-body"});
  }
  if (put.response.status == 201) {
    reads.push_back({api::get_manifest(ctx.repository(), "chunked"), json, "pull.manifest.get-200",
                     "pull.manifest.get-body"});
  }
  co_await expect_reads(ctx, std::move(reads));
}

constexpr auto name_judges = requirement_ids("http.rfc9110.field-names");

boost::asio::awaitable<void> names(context& ctx) {
  // Content-Type and Content-Range are written in another case, and mean the same.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "names");
  const std::string target = "/v2/" + ctx.repository() + "/manifests/names";
  const auto put =
      co_await ctx.send(http::request("PUT", target)
                            .header("CONTENT-type", std::string(oci::media_type::image_manifest))
                            .body(oci::to_json(artifact)));
  ctx.expect(put, "http.rfc9110.field-names").status(201);
  if (put.response.status != 201) co_return;
  const auto got = co_await ctx.send(api::get_manifest(ctx.repository(), "names"));
  const std::string type(oci::media_type::image_manifest);
  ctx.expect(got, "http.rfc9110.field-names")
      .holds(has_type(got, type), "Content-Type: " + type, told_type(got));
}

constexpr auto namespace_judges = requirement_ids("proxy.oci-namespace");

boost::asio::awaitable<void> proxied_namespace(context& ctx) {
  // ns may be ignored; a registry that says which namespace it took says the one it was given.
  const oci::image_manifest artifact = co_await given_artifact(ctx, "namespace");
  const auto pushed = co_await given_manifest(ctx, oci::to_json(artifact), "namespace");
  const std::string target = "/v2/" + ctx.repository() + "/manifests/namespace?ns=upstream.example";
  const auto got = co_await ctx.send(
      http::request("GET", target).header("Accept", std::string(oci::media_type::image_manifest)));
  if (!got.response.header("OCI-Namespace")) co_return;
  ctx.expect(got, "proxy.oci-namespace").header("OCI-Namespace", "upstream.example");
}

constexpr std::array scenarios{
    scenario{.id = "pull/head-parity",
             .title = "HEAD has the header fields of GET",
             .category = "pull",
             .judges = parity_judges,
             .body = parity},
    scenario{.id = "pull/head-without-content",
             .title = "HEAD is answered with a header and nothing else",
             .category = "pull",
             .judges = no_content_judges,
             .body = no_content},
    scenario{.id = "push/chunked-coding",
             .title = "Requests in chunked transfer coding are taken",
             .category = "push",
             .judges = framing_judges,
             .body = framing},
    scenario{.id = "push/field-names",
             .title = "The case of a header's name does not matter",
             .category = "push",
             .judges = name_judges,
             .body = names},
    scenario{.id = "pull/proxied-namespace",
             .title = "OCI-Namespace is the ns of the request",
             .category = "pull",
             .judges = namespace_judges,
             .body = proxied_namespace},
};

constexpr auto allow_judges = requirement_ids("http.rfc9110.405-allow");

void allow(witness& answer) {
  if (answer.seen().response.status != 405) return;
  answer.expect("http.rfc9110.405-allow").has_header("Allow");
}

constexpr std::array observers{
    observer{.id = "errors/method-not-allowed",
             .title = "A 405 says which methods there are",
             .category = "pull",
             .judges = allow_judges,
             .look = allow},
};

}  // namespace

std::span<const scenario> http_semantics() noexcept {
  return scenarios;
}

std::span<const observer> http_rules() noexcept {
  return observers;
}

}  // namespace plimsoll::suite
