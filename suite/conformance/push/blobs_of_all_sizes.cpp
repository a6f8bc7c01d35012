#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include "catalog.hpp"
#include "content.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/body_digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "push/refusals.hpp"
#include "push/sessions.hpp"
#include "stored.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto sizes_judges =
    requirement_ids("push.put.201", "pull.blob.get-200", "pull.blob.get-body");

boost::asio::awaitable<void> small_sizes(context& ctx) {
  // Blobs of 0 bytes to 256 KiB are pushed. The spec does not say that a registry takes an empty
  // one.
  constexpr std::array<std::size_t, 5> sizes{0, 1, 4096, 65'536, 262'144};
  std::vector<std::string> contents;
  std::vector<http::request> ends;
  for (const std::size_t size : sizes) {
    const upload session = co_await given_upload(ctx);
    contents.push_back(ctx.bytes(size));
    const oci::digest digest = oci::digest_of(contents.back());
    ends.push_back(api::close_upload(session.location, digest, contents.back()));
  }
  const auto closed = co_await ctx.send_all(std::move(ends));

  // Each that was taken comes back as it was.
  std::vector<expected_read> reads;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (contents[i].empty() && is_refused(closed[i])) continue;
    ctx.expect(closed[i], "push.put.201").status(201);
    if (closed[i].response.status != 201) continue;
    const oci::digest digest = oci::digest_of(contents[i]);
    reads.push_back({api::get_blob(ctx.repository(), digest), contents[i], "pull.blob.get-200",
                     "pull.blob.get-body"});
  }
  co_await expect_reads(ctx, std::move(reads));
}

/// Content of any size that is made where it is needed: blocks of the same random bytes, each
/// of which begins with its number.
class numbered_blocks {
 public:
  explicit numbered_blocks(std::string block) : block_(std::move(block)) {}

  void read(std::uint64_t offset, std::span<char> out) const {
    while (!out.empty()) {
      const std::uint64_t number = offset / block_.size();
      const std::size_t within = offset % block_.size();
      const std::size_t count = std::min(out.size(), block_.size() - within);
      std::copy_n(block_.data() + within, count, out.data());
      write_number(number, within, out.first(count));
      offset += count;
      out = out.subspan(count);
    }
  }

 private:
  static void write_number(std::uint64_t number, std::size_t within, std::span<char> out) {
    std::array<char, sizeof number> digits{};
    std::memcpy(digits.data(), &number, sizeof number);
    for (std::size_t i = within; i < digits.size() && i - within < out.size(); ++i) {
      out[i - within] = digits.at(i);
    }
  }

  std::string block_;
};

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;
constexpr std::size_t block_bytes = std::size_t{64} * 1024;

http::body_source big_content(context& ctx, std::uint64_t size) {
  const auto blocks = std::make_shared<const numbered_blocks>(ctx.bytes(block_bytes));
  http::body_source content;
  content.size = size;
  content.read = [blocks](std::uint64_t offset, std::span<char> out) { blocks->read(offset, out); };
  return content;
}

/// Sends the content to a new session in one PUT.
boost::asio::awaitable<http::exchange> put_big(context& ctx, http::body_source content,
                                               oci::digest digest) {
  const upload session = co_await given_upload(ctx);
  http::request put("PUT", http::with_query(session.location, "digest", digest.str()));
  put.header("Content-Type", std::string(oci::media_type::octet_stream)).body(std::move(content));
  co_return co_await ctx.send(std::move(put));
}

boost::asio::awaitable<void> big_blob(context& ctx, std::uint64_t size) {
  // The blob goes out in one PUT. A registry may have a limit.
  const http::body_source content = big_content(ctx, size);
  const oci::digest digest = api::digest_of(content);
  const auto closed = co_await put_big(ctx, content, digest);
  if (closed.response.status == 413) throw unsupported("a blob of this size is too large");
  ctx.expect(closed, "push.put.201").status(201);
  if (closed.response.status != 201) co_return;

  // It comes back as it was.
  const auto seen = std::make_shared<comparison>(content);
  auto pull = api::get_blob(ctx.repository(), digest);
  pull.sink([seen](std::string_view piece) { seen->take(piece); });
  const auto got = co_await ctx.send(std::move(pull));
  ctx.expect(got, "pull.blob.get-body")
      .holds(got.response.status == 200 && seen->is_whole(), seen->expected(),
             fmt::format("status {}, {}", got.response.status, seen->received()));
}

boost::asio::awaitable<void> of_8_mib(context& ctx) {
  co_await big_blob(ctx, 8 * mebibyte);
}

boost::asio::awaitable<void> of_64_mib(context& ctx) {
  co_await big_blob(ctx, 64 * mebibyte);
}

constexpr auto other_digest_judges =
    requirement_ids("push.blob.digest-mismatch-rejected", "push.refused-not-failed");

boost::asio::awaitable<void> large_and_another_digest(context& ctx) {
  // The digest is that of the same content without its last byte.
  const http::body_source content = big_content(ctx, mebibyte + mebibyte / 2);
  http::body_source shorter = content;
  --shorter.size;
  const oci::digest digest = api::digest_of(shorter);
  const auto closed = co_await put_big(ctx, content, digest);
  if (closed.response.status == 413) throw unsupported("a blob of this size is too large");
  co_await expect_not_stored(ctx, closed, digest);
}

constexpr std::array scenarios{
    scenario{.id = "push/small-blobs",
             .title = "Blobs of 0 bytes to 256 KiB come back as they were pushed",
             .category = "push",
             .judges = sizes_judges,
             .body = small_sizes},
    scenario{.id = "push/blob-of-8-mib",
             .title = "A blob of 8 MiB comes back as it was pushed",
             .category = "push",
             .judges = sizes_judges,
             .body = of_8_mib},
    scenario{.id = "push/large-blob-of-another-digest",
             .title = "A blob of 1.5 MiB with the digest of other bytes is refused",
             .category = "push",
             .judges = other_digest_judges,
             .body = large_and_another_digest},
    scenario{.id = "push/blob-of-64-mib",
             .title = "A blob of 64 MiB comes back as it was pushed",
             .category = "push",
             .judges = sizes_judges,
             .body = of_64_mib,
             .is_large = true},
};

}  // namespace

std::span<const scenario> blobs_of_all_sizes() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
