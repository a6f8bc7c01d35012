#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include "catalog.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/sessions.hpp"
#include "stored.hpp"
#include "told.hpp"

namespace plimsoll::suite {
namespace {

/// A mount that was answered with 202 has opened a session, which takes the blob.
boost::asio::awaitable<void> expect_session(context& ctx, http::exchange answer,
                                            std::string content) {
  const std::string session = expect_location(ctx, answer, "push.mount.fallback-location");
  if (session.empty()) co_return;
  const oci::digest digest = oci::digest_of(content);
  const auto closed = co_await ctx.send(api::close_upload(session, digest, content));
  if (is_policy_refusal(closed)) co_return;
  ctx.expect(closed, "push.mount.fallback-location").status(201);
  if (closed.response.status != 201) co_return;
  std::vector<expected_read> reads;
  reads.push_back({api::get_blob(ctx.repository(), digest), std::move(content), "pull.blob.get-200",
                   "pull.blob.get-body"});
  co_await expect_reads(ctx, std::move(reads));
}

/// A mount that was answered with 201: the blob is in the repository, for GET and for HEAD, and
/// where Location says.
boost::asio::awaitable<void> expect_mounted(context& ctx, http::exchange answer, oci::digest digest,
                                            std::string content) {
  const requirement_id rule = "push.mount.location-pullable";
  expect_digest_of(ctx, answer, "push.blob.dcd-value", content);
  std::vector<expected_read> reads;
  reads.push_back({api::get_blob(ctx.repository(), digest), content, rule, rule});
  reads.push_back({api::head_blob(ctx.repository(), digest), content, rule, rule});
  co_await expect_reads(ctx, std::move(reads));
  co_await expect_location_read(ctx, answer, "", content, rule);
}

/// The answer to a mount, be it done or a session instead; others are not judged here.
boost::asio::awaitable<void> expect_either(context& ctx, http::exchange answer,
                                           std::string content) {
  const oci::digest digest = oci::digest_of(content);
  if (answer.response.status == 202) {
    co_await expect_session(ctx, answer, content);
  }
  if (answer.response.status == 201) {
    co_await expect_mounted(ctx, answer, digest, content);
  }
}

constexpr auto mount_judges =
    requirement_ids("push.mount.201", "push.mount.location", "push.mount.location-pullable",
                    "push.mount.fallback-202.unsupported", "push.mount.fallback-location",
                    "push.blob.dcd-value", "pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> mount(context& ctx) {
  // A blob is in another repository, and is mounted from there.
  const std::string content = ctx.bytes(512);
  const oci::digest digest = co_await given_blob_in(ctx, ctx.other_repository(), content);
  const auto answer =
      co_await ctx.send(api::mount_blob(ctx.repository(), digest, ctx.other_repository()));

  // A registry that does not mount opens a session instead.
  if (answer.response.status == 202 || answer.response.status / 100 != 2) {
    ctx.expect(answer, "push.mount.fallback-202.unsupported").status(202);
    if (answer.response.status == 202) {
      co_await expect_session(ctx, answer, content);
    }
    throw unsupported("blobs are not mounted from other repositories");
  }

  // One that does says where the blob is.
  ctx.expect(answer, "push.mount.201").status(201);
  if (answer.response.status != 201) co_return;
  (void)expect_location(ctx, answer, "push.mount.location");
  co_await expect_mounted(ctx, answer, digest, content);

  // The other repository still has it.
  std::vector<expected_read> reads;
  reads.push_back({api::get_blob(ctx.other_repository(), digest), content, "pull.blob.get-200",
                   "pull.blob.get-body"});
  co_await expect_reads(ctx, std::move(reads));
}

constexpr auto without_from_judges =
    requirement_ids("push.mount.from-optional", "push.mount.location",
                    "push.mount.location-pullable", "push.mount.fallback-location",
                    "push.blob.dcd-value", "pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> mount_without_from(context& ctx) {
  // A blob is in another repository. The mount does not say where from, which a registry may
  // take, or open a session instead, or refuse.
  const std::string content = ctx.bytes(512);
  const oci::digest digest = co_await given_blob_in(ctx, ctx.other_repository(), content);
  const auto answer = co_await ctx.send(api::mount_blob(ctx.repository(), digest, ""));
  ctx.expect(answer, "push.mount.from-optional").status_in({201, 202});
  if (answer.response.status == 202) {
    co_await expect_session(ctx, answer, content);
  }
  if (answer.response.status != 201) throw unsupported("a mount needs the parameter from");

  (void)expect_location(ctx, answer, "push.mount.location");
  co_await expect_mounted(ctx, answer, digest, content);
}

constexpr auto kinds_judges =
    requirement_ids("push.mount.location-pullable", "push.mount.fallback-location",
                    "push.blob.dcd-value", "pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> mount_of_each_kind(context& ctx) {
  // Blobs of one byte, of a manifest's form, and of over a megabyte are in another repository, and
  // one is in this repository already. Each is mounted from there.
  std::vector<std::string> contents{ctx.bytes(1),
                                    R"({"schemaVersion":2,"mark":")" + ctx.mark() + R"("})",
                                    ctx.bytes(1'200'000), ctx.bytes(400)};
  std::vector<http::request> mounts;
  for (const std::string& content : contents) {
    const oci::digest digest = co_await given_blob_in(ctx, ctx.other_repository(), content);
    mounts.push_back(api::mount_blob(ctx.repository(), digest, ctx.other_repository()));
  }
  (void)co_await given_blob_in(ctx, ctx.repository(), contents.back());
  const auto answers = co_await ctx.send_all(std::move(mounts));
  for (std::size_t i = 0; i < contents.size(); ++i) {
    co_await expect_either(ctx, answers[i], contents[i]);
  }
}

constexpr auto sha512_judges =
    requirement_ids("push.mount.location-pullable", "push.blob.dcd-value");

boost::asio::awaitable<void> mount_by_sha512(context& ctx) {
  // A blob is in another repository by its sha512 digest, where the registry has that.
  const std::string content = ctx.bytes(512);
  const oci::digest digest = oci::digest_of(oci::hash_algorithm::sha512, content);
  const auto opened = co_await ctx.send(api::start_upload(ctx.other_repository()));
  ctx.require_status(opened, 202, "push.post.202");
  const std::string session = session_of(opened, "push.post.location");
  const auto closed = co_await ctx.send(api::close_upload(session, digest, content));
  const auto source = co_await ctx.send(api::get_blob(ctx.other_repository(), digest));
  if (closed.response.status != 201 || source.response.status != 200) {
    throw unsupported("blobs have no sha512 digests");
  }

  // It is mounted by that digest.
  const auto answer =
      co_await ctx.send(api::mount_blob(ctx.repository(), digest, ctx.other_repository()));
  if (answer.response.status != 201) throw unsupported("blobs are not mounted by sha512 digests");
  co_await expect_mounted(ctx, answer, digest, content);
}

constexpr auto absent_judges =
    requirement_ids("push.mount.fallback-202.unknown-blob", "push.mount.fallback-location",
                    "push.mount.location-pullable", "push.blob.dcd-value", "pull.blob.get-200",
                    "pull.blob.get-body");

boost::asio::awaitable<void> mount_of_absent_blob(context& ctx) {
  // A repository is there, and does not have the blob that is to be mounted from it. Nor has
  // the one that is not there.
  (void)co_await given_blob_in(ctx, ctx.other_repository(), ctx.bytes(64));
  const std::array contents{ctx.bytes(512), ctx.bytes(512), ctx.bytes(512)};
  std::vector<http::request> mounts;
  mounts.push_back(
      api::mount_blob(ctx.repository(), oci::digest_of(contents[0]), ctx.other_repository()));
  mounts.push_back(api::mount_blob(ctx.repository(), oci::digest_of(contents[1]),
                                   ctx.other_repository() + "-nowhere"));
  mounts.push_back(api::mount_blob(ctx.repository(), oci::digest_of(contents[2]), ""));
  const auto answers = co_await ctx.send_all(std::move(mounts));

  // Sessions are opened instead, and take the blobs. Without `from` a registry may refuse.
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (i != 2) ctx.expect(answers[i], "push.mount.fallback-202.unknown-blob").status(202);
    co_await expect_either(ctx, answers[i], contents[i]);
  }
}

/// A blob is in the private repository, which the login may not read.
boost::asio::awaitable<oci::digest> given_private_blob(context& ctx, std::string content) {
  const oci::digest digest = oci::digest_of(content);
  const auto opened = co_await ctx.send_as_owner(api::start_upload(ctx.private_repository()));
  if (opened.response.status != 202) throw unsupported("private.repo: its owner opens no upload");
  const std::string session = session_of(opened, "push.post.location");
  const auto closed =
      co_await ctx.send_as_owner(api::close_upload(session, digest, std::move(content)));
  // An owner's login does not follow a Location to another host.
  if (closed.response.status != 201) throw unsupported("private.repo: its owner pushes no blob");
  const auto read = co_await ctx.send(api::get_blob(ctx.private_repository(), digest));
  if (read.response.status == 200) {
    throw not_judged("private.repo: the login may read it, so that nothing of it is private");
  }
  co_return digest;
}

constexpr auto private_judges =
    requirement_ids("push.mount.fallback-202.unknown-blob", "push.mount.fallback-location",
                    "pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> mount_of_private_blob(context& ctx) {
  if (ctx.private_repository().empty()) co_return;
  // Blobs are in a repository that the user may not read. One is to be mounted from there, and
  // one from wherever it is.
  const std::array contents{ctx.bytes(512), ctx.bytes(512)};
  std::vector<http::request> mounts;
  for (const std::string& content : contents) {
    const oci::digest digest = co_await given_private_blob(ctx, content);
    const std::string from = mounts.empty() ? ctx.private_repository() : "";
    mounts.push_back(api::mount_blob(ctx.repository(), digest, from));
  }
  const auto answers = co_await ctx.send_all(std::move(mounts));

  // Neither is: a session is opened instead, and takes what the user has of their own.
  ctx.expect(answers[0], "push.mount.fallback-202.unknown-blob").status(202);
  const bool is_mounted = answers[1].response.status == 201;
  ctx.expect(answers[1], "push.mount.fallback-202.unknown-blob")
      .holds(!is_mounted, "status 202", "status 201");
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (answers[i].response.status == 202) {
      co_await expect_session(ctx, answers[i], contents[i]);
    }
  }
}

constexpr std::array scenarios{
    scenario{.id = "push/mount",
             .title = "A blob is mounted from another repository, or a session is opened",
             .category = "push",
             .judges = mount_judges,
             .body = mount},
    scenario{.id = "push/mount-without-from",
             .title = "A blob is mounted from wherever it is, or a session is opened",
             .category = "push",
             .judges = without_from_judges,
             .body = mount_without_from},
    scenario{.id = "push/mount-of-each-kind",
             .title = "A mount brings blobs of any size and form, also one that is there",
             .category = "push",
             .judges = kinds_judges,
             .body = mount_of_each_kind},
    scenario{.id = "push/mount-by-sha512",
             .title = "A blob is mounted by its sha512 digest",
             .category = "push",
             .judges = sha512_judges,
             .body = mount_by_sha512},
    scenario{.id = "push/mount-of-absent-blob",
             .title = "A mount of a blob that is not there opens a session",
             .category = "push",
             .judges = absent_judges,
             .body = mount_of_absent_blob},
    scenario{.id = "push/mount-of-private-blob",
             .title = "Nothing is mounted from a repository that the user may not read",
             .category = "push",
             .judges = private_judges,
             .body = mount_of_private_blob,
             .stands_on = basis::given_private},
};

}  // namespace

std::span<const scenario> mounting_blobs() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
