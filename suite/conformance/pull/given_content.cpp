#include <array>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "manifest_type.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "told.hpp"

/// What a user says is there is pulled and hashed: all that a registry shows that is only read.
namespace plimsoll::suite {
namespace {

/// Takes Docker's types too: what is there was perhaps pushed long ago.
http::request of_any_type(http::request asked) {
  asked.header("Accept", std::string(oci::media_type::docker_manifest));
  asked.header("Accept", std::string(oci::media_type::docker_manifest_list));
  return asked;
}

/// What content was asked for by that digest hashes to; its own text where it cannot be hashed.
std::string hash_of(std::string_view bytes, const oci::digest& wanted) {
  const auto algorithm = oci::hash_algorithm_of(wanted.algorithm());
  return algorithm ? oci::digest_of(*algorithm, bytes).str() : wanted.str();
}

constexpr auto pull_given_manifests_judges = requirement_ids(
    "pull.manifest.get-200", "pull.manifest.get-body", "pull.manifest.content-type-present",
    "pull.manifest.docker-content-digest", "pull.manifest.dcd-value", "pull.head.manifest-200",
    "pull.head.manifest-content-length");

/// Whether a manifest came, with what has to come with it. Where none did, that is all there is to
/// say.
bool expect_pulled(context& ctx, const http::exchange& seen) {
  ctx.expect(seen, "pull.manifest.get-200").status(200);
  if (seen.response.status != 200) return false;
  expect_manifest_type(ctx, seen);
  expect_a_digest(ctx, seen, "pull.manifest.docker-content-digest");
  expect_digest_of(ctx, seen, "pull.manifest.dcd-value", seen.response.body);
  return true;
}

/// HEAD tells how many bytes GET has given.
void expect_length(context& ctx, const http::exchange& head, requirement_id is_there,
                   requirement_id length, std::uint64_t bytes) {
  ctx.expect(head, is_there).status(200);
  // The length of coded bytes is another one.
  if (head.response.status != 200 || !head.response.codings().empty()) return;
  ctx.expect(head, length).header("Content-Length", std::to_string(bytes));
}

/// What was named and is not served. That it is there is the user's word: a name may be misspelt.
class unserved {
 public:
  explicit unserved(const context& ctx) : repository_(ctx.repository()) {}

  /// Whether the answer says that what was asked for is not there, or is not for everybody.
  bool add(const http::exchange& seen, std::string_view setting, std::string_view name) {
    const int status = seen.response.status;
    if (status != 404 && status != 401 && status != 403) return false;
    if (!names_.empty()) names_ += ", ";
    names_ +=
        std::string(setting) + " " + printable(name) + " (status " + std::to_string(status) + ")";
    return true;
  }

  /// @throws not_judged where anything was added
  void require_none() const {
    if (names_.empty()) return;
    throw not_judged(printable(repository_) + " does not serve " + names_ +
                     ": is it spelt as it is there, and may the login read it?");
  }

 private:
  std::string repository_;
  std::string names_;
};

boost::asio::awaitable<void> pull_given_manifests(context& ctx) {
  unserved missing(ctx);
  std::set<std::string> served;  // Digests of what a tag has given.
  // Each tag gives a manifest, and the digest that comes with it is the manifest's own.
  for (const std::string& tag : ctx.given().tags) {
    const auto seen = co_await ctx.send(of_any_type(api::get_manifest(ctx.repository(), tag)));
    if (missing.add(seen, "given.tags", tag)) continue;
    if (expect_pulled(ctx, seen)) served.insert(oci::digest_of(seen.response.body).str());
  }
  // Each digest gives the bytes that it is the digest of; HEAD tells their number.
  for (const std::string& text : ctx.given().manifests) {
    const auto seen = co_await ctx.send(of_any_type(api::get_manifest(ctx.repository(), text)));
    if (!served.contains(text) && missing.add(seen, "given.manifests", text)) continue;
    if (!expect_pulled(ctx, seen)) continue;
    const auto wanted = oci::digest::parse(text);
    const std::string hash = wanted ? hash_of(seen.response.body, *wanted) : text;
    ctx.expect(seen, "pull.manifest.get-body").holds(hash == text, "a body of " + text, hash);
    const auto head = co_await ctx.send(of_any_type(api::head_manifest(ctx.repository(), text)));
    expect_length(ctx, head, "pull.head.manifest-200", "pull.head.manifest-content-length",
                  seen.response.body.size());
  }
  missing.require_none();
}

constexpr auto pull_given_blobs_judges =
    requirement_ids("pull.blob.get-200", "pull.blob.get-body", "pull.head.blob-200",
                    "pull.head.blob-content-length");

boost::asio::awaitable<void> pull_given_blobs(context& ctx) {
  unserved missing(ctx);
  for (const std::string& text : ctx.given().blobs) {
    const auto wanted = oci::digest::parse(text);
    if (!wanted || !wanted->is_registered()) {
      throw not_judged("given.blobs: " + printable(text) + " cannot be hashed here");
    }
    // The bytes are hashed as they come: a blob may be larger than this machine's memory.
    oci::hasher hash(*oci::hash_algorithm_of(wanted->algorithm()));
    auto asked = api::get_blob(ctx.repository(), *wanted);
    asked.sink([&hash](std::string_view piece) { hash.update(piece); });
    const auto seen = co_await ctx.send(std::move(asked));
    if (missing.add(seen, "given.blobs", text)) continue;
    ctx.expect(seen, "pull.blob.get-200").status(200);
    if (seen.response.status != 200) continue;
    const std::string came = hash.finish().str();
    ctx.expect(seen, "pull.blob.get-body").holds(came == text, "a body of " + text, came);

    if (!seen.response.codings().empty()) continue;
    const auto head = co_await ctx.send(api::head_blob(ctx.repository(), *wanted));
    expect_length(ctx, head, "pull.head.blob-200", "pull.head.blob-content-length",
                  seen.response.body_size);
  }
  missing.require_none();
}

constexpr std::array scenarios{
    scenario{.id = "pull/given-manifests",
             .title = "Manifests that are there are pulled by tag and digest, and hash to it",
             .category = "pull",
             .judges = pull_given_manifests_judges,
             .body = pull_given_manifests,
             .stands_on = basis::given_manifests},
    scenario{.id = "pull/given-blobs",
             .title = "Blobs that are there are pulled, and hash to their digest",
             .category = "pull",
             .judges = pull_given_blobs_judges,
             .body = pull_given_blobs,
             .stands_on = basis::given_blobs},
};

}  // namespace

std::span<const scenario> pulling_given_content() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
