#include "plimsoll/runner/preflight.hpp"

#include <optional>
#include <utility>

#include "clean_up.hpp"
#include "deletable.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "scenario_names.hpp"

namespace plimsoll {
namespace {

namespace asio = boost::asio;

constexpr std::string_view id = "preflight";
/// Gives the context its seed; it has no body, and judges nothing.
constexpr scenario preflight_scenario{.id = id,
                                      .title = "The registry's policies are asked for",
                                      .category = "push",
                                      .judges = {},
                                      .body = nullptr};

/// A login, or a page for people, may stand before all that is asked for.
bool is_closed(const http::exchange& seen) {
  return seen.response.status == 401 || seen.response.status == 403;
}

/// What the user has named and may be read, one request for each kind.
std::vector<http::request> named_reads(const run_options& options) {
  std::vector<http::request> asks;
  if (options.repositories.empty()) return asks;
  const std::string& repository = options.repositories.front();
  const given_content& given = options.given;
  if (!given.tags.empty()) asks.push_back(api::head_manifest(repository, given.tags.front()));
  if (!given.manifests.empty()) {
    asks.push_back(api::head_manifest(repository, given.manifests.front()));
  }
  if (!given.blobs.empty()) {
    asks.emplace_back("HEAD", api::blob_path(repository, given.blobs.front()));
  }
  asks.push_back(api::list_tags(repository, ""));
  return asks;
}

/// Whether anything that is named is answered without asking for a login, although GET /v2/ is not.
asio::awaitable<bool> serves_what_is_named(http::client& registry, const run_options& options) {
  auto asks = named_reads(options);
  for (http::request& ask : asks) {
    const http::exchange seen = co_await registry.send(std::move(ask));
    if (seen.answered() && !is_closed(seen) && seen.response.status < 500) co_return true;
  }
  co_return false;
}

surroundings surroundings_for(const run_options& options, std::size_t components) {
  surroundings around;
  around.is_shared = !options.repositories.empty();
  around.repository = around.is_shared ? options.repositories.front()
                                       : scenario_repository(options.repository_prefix,
                                                             options.run_id, id, components);
  around.other_repository = around.repository;
  around.seed = options.seed;
  around.stopping = options.stopping;
  around.why_not_sent = options.why_not_sent;
  return around;
}

/// An image of nothing but its config, which differs by `mark`.
std::string image_json(const std::string& config, const std::string& mark) {
  oci::image_manifest image;
  image.media_type = oci::media_type::image_manifest;
  image.config = oci::describe(oci::media_type::image_config, config);
  image.layers.push_back(oci::describe(oci::media_type::layer_tar, config));
  image.annotations.emplace("land.plimsoll.mark", mark);
  return oci::to_json(image);
}

http::request put_image(const context& ctx, const std::string& reference, std::string json) {
  return api::put_manifest(ctx.repository(), reference, oci::media_type::image_manifest,
                           std::move(json));
}

/// Whether a tag moves. A status alone does not say: the second manifest has to be one that the
/// registry takes by its digest.
asio::awaitable<void> ask_for_tag_changes(context& ctx, const std::string& config,
                                          registry_policies& policies) {
  const std::string tag = "preflight-" + ctx.mark();
  const http::exchange first = co_await ctx.send(put_image(ctx, tag, image_json(config, "first")));
  if (first.response.status != 201) {
    // It may be the tag that is refused, and not every push.
    const std::string digest = oci::digest_of(image_json(config, "first")).str();
    const http::exchange untagged =
        co_await ctx.send(put_image(ctx, digest, image_json(config, "first")));
    policies.pushes = ctx.refusal_in(untagged);
    co_return;
  }
  const std::string second = image_json(config, "second");
  const http::exchange moved = co_await ctx.send(put_image(ctx, tag, second));
  if (moved.response.status / 100 != 4) co_return;
  const std::string digest = oci::digest_of(second).str();
  const http::exchange by_digest = co_await ctx.send(put_image(ctx, digest, second));
  policies.pushes = ctx.refusal_in(by_digest);
  if (by_digest.response.status != 201) co_return;
  const int status = moved.response.status;
  if (status == 400 || status == 403 || status == 409 || status == 412) {
    policies.tag_changes = refusal{policy::tag_changes, words_of(moved.response)};
  }
}

/// Pushes an image, through the session that is open.
asio::awaitable<void> push_image(context& ctx, const http::exchange& opened,
                                 registry_policies& policies) {
  const std::string session = api::location_of(opened).url;
  if (session.empty()) co_return;
  const std::string config = R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers",)"
                             R"("diff_ids":[]},"author":")" +
                             ctx.mark() + "\"}";
  const oci::digest digest = oci::digest_of(config);
  const http::exchange closed = co_await ctx.send(api::close_upload(session, digest, config));
  policies.pushes = ctx.refusal_in(closed);
  if (closed.response.status != 201) co_return;
  co_await ask_for_tag_changes(ctx, config, policies);
}

/// What the POST of an upload came to.
struct upload_attempt {
  int status = 0;
  std::string words;
  std::optional<refusal> refused;
};

asio::awaitable<upload_attempt> try_push(context& ctx, registry_policies& policies) {
  const http::exchange opened = co_await ctx.send(api::start_upload(ctx.repository()));
  upload_attempt attempt;
  attempt.status = opened.response.status;
  attempt.words = words_of(opened.response);
  attempt.refused = ctx.refusal_in(opened);
  if (refuses_name(opened.response)) attempt.refused = refusal{policy::names, attempt.words};
  if (attempt.status == 202) {
    co_await push_image(ctx, opened, policies);
  }
  co_return attempt;
}

/// The same, and what was pushed is deleted again.
asio::awaitable<upload_attempt> try_push_to(http::client& registry, const run_options& options,
                                            std::size_t components, preflight_result& result) {
  context ctx(registry, preflight_scenario, surroundings_for(options, components));
  upload_attempt attempt;
  try {
    attempt = co_await try_push(ctx, result.policies);
  } catch (const not_judged&) {
    // A connection that breaks is the scenarios' to report.
  } catch (const blocked&) {
    // So is a Location that leads nowhere.
  } catch (const switched_off&) {
    // So is a request that the configuration forbids.
  }
  if (options.leaves_bytes == 0) {
    auto pushed = deletable(ctx.pushed(), options.why_not_sent, result.left_behind);
    clean_up_state state(options.cleaning);
    const auto kept = co_await clean_up(registry, std::move(pushed), state);
    for (const kept_content& some : kept) result.left_behind.push_back(to_text(some));
  }
  co_return attempt;
}

asio::awaitable<void> ask_for_policies(http::client& registry, const run_options& options,
                                       preflight_result& result) {
  const upload_attempt usual = co_await try_push_to(registry, options, 0, result);
  // A registry that limits the rate may answer otherwise the next time, whichever the name.
  if (usual.status / 100 != 4 || usual.status == 429) co_return;
  if (options.repositories.empty()) {
    for (const std::size_t components : {2U, 1U}) {
      const upload_attempt shorter = co_await try_push_to(registry, options, components, result);
      if (shorter.status != 202) continue;
      result.policies.name_components = components;
      result.policies.names = refusal{policy::names, usual.words};
      co_return;
    }
  }
  result.policies.pushes = usual.refused;
}

}  // namespace

asio::awaitable<preflight_result> run_preflight(http::client& registry, const run_options& options,
                                                bool pushes) {
  preflight_result result;
  const http::exchange base = co_await registry.send(api::ping());
  if (!base.answered()) {
    result.error = base.error;
    co_return result;
  }
  result.reason = no_registry(base);
  if (!result.reason.empty()) co_return result;
  if (pushes) {
    co_await ask_for_policies(registry, options, result);
  }
  if (!is_closed(base) || (pushes && !result.policies.pushes)) co_return result;
  const bool is_served = co_await serves_what_is_named(registry, options);
  const bool has_login = registry.options().login.has_value();
  if (!is_served) result.reason = closed_registry(base, has_login);
  co_return result;
}

}  // namespace plimsoll
