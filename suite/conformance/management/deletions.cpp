#include "management/deletions.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

constexpr int first_wait_ms = 10;
constexpr int longest_wait_ms = 160;

bool is_off(int status) {
  return status == 400 || status == 405;
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
    context& ctx, std::vector<http::request> asks) {
  for (int wait_ms = first_wait_ms;; wait_ms *= 2) {
    auto seen = co_await ctx.send_all(asks);
    const bool gone = std::all_of(seen.begin(), seen.end(),
                                  [](const auto& one) { return one.response.status == 404; });
    if (gone || wait_ms > longest_wait_ms) co_return std::move(seen);
    co_await ctx.pause(std::chrono::milliseconds(wait_ms));
  }
}

boost::asio::awaitable<tag_walk> list_until_gone(context& ctx, tag_names gone) {
  for (int wait_ms = first_wait_ms;; wait_ms *= 2) {
    auto list = co_await walk_tags(ctx, api::list_tags(ctx.repository(), ""));
    const bool is_there =
        std::any_of(gone.begin(), gone.end(), [&](const auto& tag) { return has_tag(list, tag); });
    if (!is_there || wait_ms > longest_wait_ms) co_return std::move(list);
    co_await ctx.pause(std::chrono::milliseconds(wait_ms));
  }
}

bool has_tag(const tag_walk& list, std::string_view tag) {
  return list.broken.empty() &&
         std::find(list.tags.begin(), list.tags.end(), tag) != list.tags.end();
}

}  // namespace plimsoll::suite
