#include "management/deletions.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

bool is_off(int status) {
  return status == 400 || status == 405;
}

/// A failure of the registry's own tells nothing yet.
bool is_gone(const http::exchange& seen) {
  return seen.response.status / 100 == 4;
}

bool has_any_tag(const tag_walk& list, const tag_names& tags) {
  return std::any_of(tags.begin(), tags.end(),
                     [&](const std::string& tag) { return has_tag(list, tag); });
}

std::string refusal(const http::exchange& seen, const deletion& kind) {
  return fmt::format("{} is {} ({})", kind.name,
                     is_off(seen.response.status) ? "switched off" : "refused",
                     words_of(seen.response));
}

}  // namespace

boost::asio::awaitable<pushed_manifest> given_tagged(context& ctx, tag_names tags,
                                                     std::string mark) {
  const oci::image_manifest artifact = co_await given_artifact(ctx, std::move(mark));
  pushed_manifest made;
  made.json = oci::to_json(artifact);
  made.descriptor = oci::describe(artifact.media_type, made.json);
  std::vector<http::request> pushes;
  for (const std::string& tag : tags) {
    pushes.push_back(api::put_manifest(ctx.repository(), tag, artifact.media_type, made.json));
  }
  (void)co_await given_pushed(ctx, std::move(pushes));
  std::vector<http::request> reads;
  reads.push_back(api::head_manifest(ctx.repository(), made.descriptor.digest.str()));
  for (const std::string& tag : tags) reads.push_back(api::head_manifest(ctx.repository(), tag));
  co_await given_visible(ctx, std::move(reads));
  co_return made;
}

bool is_denied(const http::exchange& seen) {
  constexpr std::array denials{401, 403, 409, 412, 423, 429};
  return std::find(denials.begin(), denials.end(), seen.response.status) != denials.end();
}

bool expect_deletion(context& ctx, const http::exchange& seen, const deletion& kind) {
  const int status = seen.response.status;
  if (is_denied(seen)) throw unsupported(refusal(seen, kind));
  if (status / 100 == 2) {
    ctx.expect(seen, kind.done).status(202);
    return status == 202;
  }
  ctx.expect(seen, kind.off)
      .holds(is_off(status), "status 202, or where it is switched off 400 or 405",
             fmt::format("status {}", status));
  if (!is_off(status)) return false;
  ctx.expect(seen, "errors.code.unsupported").error_code_in({"UNSUPPORTED"});
  throw unsupported(refusal(seen, kind));
}

void require_deletion(const http::exchange& seen, const deletion& kind) {
  const int status = seen.response.status;
  if (is_off(status) || is_denied(seen)) throw unsupported(refusal(seen, kind));
  if (status == 202) return;
  throw blocked(status / 100 == 2 ? kind.done : kind.off,
                fmt::format("{} gave status {}", kind.name, status));
}

boost::asio::awaitable<std::vector<http::exchange>> ask_until_gone(
    context& ctx, settle_kind kind, std::vector<http::request> asks) {
  waiting wait(ctx, kind);
  auto seen = co_await ctx.send_all(asks);
  while (!std::all_of(seen.begin(), seen.end(), is_gone) && wait.goes_on()) {
    co_await wait.pause();
    seen = co_await ctx.send_all(asks);
  }
  for (const http::exchange& one : seen) wait.end(one, is_gone(one));
  co_return std::move(seen);
}

void expect_gone(context& ctx, const http::exchange& seen, requirement_id rule,
                 requirement_id absent) {
  if (is_denied(seen)) return;
  const int status = seen.response.status;
  const bool is_served = status / 100 == 2 || status / 100 == 3;
  if (!is_served) ctx.expect(seen, absent).status(404);
  if (is_served || status == 404) ctx.expect(seen, rule).status(404);
}

boost::asio::awaitable<void> given_visible(context& ctx, std::vector<http::request> reads) {
  (void)co_await ctx.send_all(std::move(reads));
}

boost::asio::awaitable<tag_walk> list_until_gone(context& ctx, tag_names gone) {
  waiting wait(ctx, settle_kind::deleted_tag);
  auto list = co_await walk_tags(ctx, api::list_tags(ctx.repository(), ""));
  while (has_any_tag(list, gone) && wait.goes_on()) {
    co_await wait.pause();
    list = co_await walk_tags(ctx, api::list_tags(ctx.repository(), ""));
  }
  wait.end(list.last(), !has_any_tag(list, gone));
  co_return std::move(list);
}

bool has_tag(const tag_walk& list, std::string_view tag) {
  return list.broken.empty() &&
         std::find(list.tags.begin(), list.tags.end(), tag) != list.tags.end();
}

}  // namespace plimsoll::suite
