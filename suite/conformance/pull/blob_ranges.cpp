#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "byte_parts.hpp"
#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/byte_range.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

constexpr std::size_t blob_bytes = 2048;

struct ranged_blob {
  std::string content;
  oci::digest digest;
};

http::request ranged(context& ctx, const ranged_blob& blob, std::string range) {
  return api::get_blob(ctx.repository(), blob.digest).header("Range", std::move(range));
}

std::vector<http::request> ranged(context& ctx, const ranged_blob& blob,
                                  std::span<const std::string_view> ranges) {
  std::vector<http::request> made;
  for (const std::string_view one : ranges) made.push_back(ranged(ctx, blob, std::string(one)));
  return made;
}

bool is_whole(const http::exchange& seen, const ranged_blob& blob) {
  return seen.response.status == 200 && seen.response.body == blob.content;
}

/// Whether this is the part, and says so.
bool is_part(const http::exchange& seen, const ranged_blob& blob, oci::byte_span part) {
  if (seen.response.status != 206) return false;
  const auto told = oci::parse_content_range(seen.response.header("Content-Range").value_or(""));
  if (!told || told->span != part) return false;
  if (told->complete_length.value_or(blob_bytes) != blob_bytes) return false;
  return seen.response.body == blob.content.substr(part.first, part.length());
}

/// Answers that may break off: a status line with another body than it announces is an answer to
/// judge, no status line at all is none.
boost::asio::awaitable<std::vector<http::exchange>> begun_answers(
    context& ctx, std::vector<http::request> pulls) {
  std::vector<http::exchange> seen = co_await ctx.try_send_all(std::move(pulls));
  for (const http::exchange& one : seen) {
    if (!one.answered() && one.response.status == 0) throw not_judged(one.error);
  }
  co_return seen;
}

std::string what_came(const http::exchange& seen) {
  if (!seen.answered()) {
    return "status " + std::to_string(seen.response.status) + ", then " + printable(seen.error);
  }
  const auto told = seen.response.header("Content-Range");
  return "status " + std::to_string(seen.response.status) + ", " +
         std::to_string(seen.response.body.size()) + " bytes, " +
         (told ? "Content-Range: " + printable(*told) : "no Content-Range");
}

std::string wanted_part(oci::byte_span part) {
  oci::content_range wanted;
  wanted.span = part;
  wanted.complete_length = blob_bytes;
  return "status 206, Content-Range: " + oci::to_string(wanted) + ", and these bytes";
}

/// A blob is in the repository, of which the registry gives parts.
boost::asio::awaitable<ranged_blob> given_ranges(context& ctx) {
  ranged_blob blob;
  blob.content = ctx.bytes(blob_bytes);
  blob.digest = co_await given_blob(ctx, blob.content);
  const auto seen = co_await ctx.send(ranged(ctx, blob, "bytes=0-9"));
  if (seen.response.status == 200) {
    throw unsupported("parts of blobs are not given: a range is answered with the whole blob");
  }
  if (seen.response.status != 206) {
    throw blocked("pull.blob.range.single", "a range of a blob is not answered with 206");
  }
  co_return blob;
}

constexpr auto closed_judges = requirement_ids("pull.blob.range.single");

boost::asio::awaitable<void> closed(context& ctx) {
  ranged_blob blob;
  blob.content = ctx.bytes(blob_bytes);
  blob.digest = co_await given_blob(ctx, blob.content);

  // A closed range gives that part only; the first byte alone and the last are parts too.
  constexpr std::array parts{oci::byte_span{500, 1499}, oci::byte_span{0, 0},
                             oci::byte_span{blob_bytes - 1, blob_bytes - 1},
                             oci::byte_span{0, blob_bytes - 1}};
  std::vector<http::request> pulls;
  for (const auto& one : parts) {
    pulls.push_back(
        ranged(ctx, blob, "bytes=" + std::to_string(one.first) + "-" + std::to_string(one.last)));
  }
  const auto seen = co_await ctx.send_all(std::move(pulls));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    // A range of the whole is as well answered by the whole.
    const bool whole = parts[i].length() == blob_bytes && is_whole(seen[i], blob);
    ctx.expect(seen[i], "pull.blob.range.single")
        .holds(whole || is_part(seen[i], blob, parts[i]), wanted_part(parts[i]),
               what_came(seen[i]));
  }
}

constexpr auto open_judges = requirement_ids("pull.blob.range.open-and-suffix");

boost::asio::awaitable<void> open_and_suffix(context& ctx) {
  const ranged_blob blob = co_await given_ranges(ctx);

  // A range without an end goes to the blob's, one without a beginning counts from it, and
  // one that reaches behind it is cut.
  constexpr std::array<std::string_view, 4> ranges{"bytes=500-", "bytes=-500", "bytes=2000-5000",
                                                   "bytes=-5000"};
  constexpr std::array parts{
      oci::byte_span{500, blob_bytes - 1}, oci::byte_span{blob_bytes - 500, blob_bytes - 1},
      oci::byte_span{2000, blob_bytes - 1}, oci::byte_span{0, blob_bytes - 1}};
  const auto seen = co_await ctx.send_all(ranged(ctx, blob, ranges));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool whole = parts[i].length() == blob_bytes && is_whole(seen[i], blob);
    ctx.expect(seen[i], "pull.blob.range.open-and-suffix")
        .holds(whole || is_part(seen[i], blob, parts[i]), wanted_part(parts[i]),
               what_came(seen[i]));
  }
}

constexpr auto unsatisfiable_judges = requirement_ids("pull.blob.range.unsatisfiable-416");

boost::asio::awaitable<void> unsatisfiable(context& ctx) {
  const ranged_blob blob = co_await given_ranges(ctx);

  // No byte of the blob is in these ranges. What Content-Range tells then is its size.
  constexpr std::array<std::string_view, 3> ranges{"bytes=2048-", "bytes=5000-10000", "bytes=-0"};
  const auto seen = co_await begun_answers(ctx, ranged(ctx, blob, ranges));
  for (const http::exchange& one : seen) {
    const auto told = one.response.header("Content-Range");
    ctx.expect(one, "pull.blob.range.unsatisfiable-416")
        .holds(one.answered() && one.response.status == 416 &&
                   told.value_or("bytes */2048") == "bytes */2048",
               "status 416, and bytes */2048 where there is a Content-Range", what_came(one));
  }
}

constexpr auto malformed_judges = requirement_ids("pull.blob.range.malformed-ignored");

boost::asio::awaitable<void> malformed(context& ctx) {
  const ranged_blob blob = co_await given_ranges(ctx);

  // A unit that nobody knows is as no range at all (RFC 9110, 14.2).
  constexpr std::array<std::string_view, 1> units{"fathoms=0-1"};
  const auto unit = co_await begun_answers(ctx, ranged(ctx, blob, units));
  ctx.expect(unit.front(), "pull.blob.range.malformed-ignored")
      .holds(unit.front().answered() && is_whole(unit.front(), blob),
             "status 200 and the whole blob", what_came(unit.front()));

  // A range that is none may be ignored or rejected (RFC 9110, 14.2), and is never a part.
  constexpr std::array<std::string_view, 4> ranges{"bytes=9-5", "bytes=", "bytes=a-b", "bytes"};
  const auto seen = co_await begun_answers(ctx, ranged(ctx, blob, ranges));
  for (const http::exchange& one : seen) {
    const bool rejected = one.response.status == 400 || one.response.status == 416;
    ctx.expect(one, "pull.blob.range.malformed-ignored")
        .holds(one.answered() && (rejected || is_whole(one, blob)),
               "the whole blob, or status 400 or 416", what_came(one));
  }
}

constexpr auto several_judges = requirement_ids("pull.blob.range.several");

/// What "0-9,100-199,-8" asks for.
constexpr std::array asked_for{oci::byte_span{0, 9}, oci::byte_span{100, 199},
                               oci::byte_span{blob_bytes - 8, blob_bytes - 1}};

/// Whether a part begins and ends in what was asked for. The first two ranges may come as one, as
/// the bytes between them are about as many as another part would take (RFC 9110, 15.3.7.2).
bool is_of_those_asked_for(oci::byte_span part) {
  const auto with = [](std::uint64_t byte) {
    return std::find_if(asked_for.begin(), asked_for.end(), [&](const oci::byte_span& one) {
      return one.first <= byte && byte <= one.last;
    });
  };
  const auto* const begin = with(part.first);
  const auto* const end = with(part.last);
  if (begin == asked_for.end() || end == asked_for.end() || part.first > part.last) return false;
  return begin == end || end == asked_for.begin() + 1;
}

boost::asio::awaitable<void> several(context& ctx) {
  const ranged_blob blob = co_await given_ranges(ctx);

  // Several ranges come as parts, each with its place, in one or in several answers' worth of
  // bytes; or they are declined: the whole blob comes, or 416 (RFC 9110, 14.2 and 15.3.7).
  const auto seen = co_await ctx.send(ranged(ctx, blob, "bytes=0-9,100-199,-8"));
  bool right = is_whole(seen, blob) || seen.response.status == 416;
  if (seen.response.status == 206) {
    const auto parts = byte_parts_of(seen.response);
    right = !parts.empty() && std::all_of(parts.begin(), parts.end(), [&](const byte_part& one) {
      return is_of_those_asked_for(one.place) &&
             one.bytes ==
                 std::string_view(blob.content).substr(one.place.first, one.place.length());
    });
  }
  ctx.expect(seen, "pull.blob.range.several")
      .holds(right, "parts of what was asked for that say where they belong, the whole, or 416",
             what_came(seen));
}

constexpr auto conditional_judges = requirement_ids("pull.blob.range.if-range");

boost::asio::awaitable<void> conditional(context& ctx) {
  const ranged_blob blob = co_await given_ranges(ctx);

  // The client holds a part of something else: it gets the whole blob.
  const auto other = co_await ctx.send(
      ranged(ctx, blob, "bytes=0-9").header("If-Range", "\"plimsoll-some-other-content\""));
  ctx.expect(other, "pull.blob.range.if-range")
      .holds(is_whole(other, blob), "status 200 and the whole blob", what_came(other));

  // It holds a part of this: it gets the rest, or the whole.
  const auto whole = co_await ctx.send(api::get_blob(ctx.repository(), blob.digest));
  const auto tag = whole.response.header("ETag");
  if (!tag || tag->substr(0, 2) == "W/") co_return;
  const std::string strong(*tag);
  const auto rest = co_await ctx.send(ranged(ctx, blob, "bytes=500-").header("If-Range", strong));
  constexpr oci::byte_span behind{500, blob_bytes - 1};
  ctx.expect(rest, "pull.blob.range.if-range")
      .holds(is_whole(rest, blob) || is_part(rest, blob, behind),
             wanted_part(behind) + ", or the whole blob", what_came(rest));
}

constexpr auto head_judges = requirement_ids("pull.blob.range.get-only");

boost::asio::awaitable<void> head(context& ctx) {
  const ranged_blob blob = co_await given_ranges(ctx);

  // HEAD has no ranges: it tells of the whole blob.
  const auto seen =
      co_await ctx.send(api::head_blob(ctx.repository(), blob.digest).header("Range", "bytes=0-9"));
  ctx.expect(seen, "pull.blob.range.get-only").status(200);
}

constexpr std::array scenarios{
    scenario{.id = "pull/blob-range",
             .title = "A range of a blob gives that part",
             .category = "pull",
             .judges = closed_judges,
             .body = closed},
    scenario{.id = "pull/blob-range-open",
             .title = "A range may lack its end or count from the blob's",
             .category = "pull",
             .judges = open_judges,
             .body = open_and_suffix},
    scenario{.id = "pull/blob-range-behind-the-end",
             .title = "A range with no byte of the blob in it is answered with 416",
             .category = "pull",
             .judges = unsatisfiable_judges,
             .body = unsatisfiable},
    scenario{.id = "pull/blob-range-malformed",
             .title = "A range that is none gives no part",
             .category = "pull",
             .judges = malformed_judges,
             .body = malformed},
    scenario{.id = "pull/blob-ranges",
             .title = "Several ranges give parts that say where they belong, or the whole",
             .category = "pull",
             .judges = several_judges,
             .body = several},
    scenario{.id = "pull/blob-range-conditional",
             .title = "A range with the condition If-Range gives no part of other content",
             .category = "pull",
             .judges = conditional_judges,
             .body = conditional},
    scenario{.id = "pull/blob-range-head",
             .title = "HEAD with a range tells of the whole blob",
             .category = "pull",
             .judges = head_judges,
             .body = head},
};

}  // namespace

std::span<const scenario> blob_ranges() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
