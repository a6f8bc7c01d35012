#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <nlohmann/json.hpp>

#include "catalog.hpp"
#include "given.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "referrer_lists.hpp"

namespace plimsoll::suite {
namespace {

constexpr std::string_view artifact_type = "application/vnd.plimsoll.sbom.v1";
constexpr std::string_view config_type = "application/vnd.plimsoll.config.v1+json";

referrer pushable(const oci::image_manifest& one) {
  return {std::string(oci::media_type::image_manifest), oci::to_json(one), ""};
}

referrer pushable(const oci::image_index& one) {
  return {std::string(oci::media_type::image_index), oci::to_json(one), ""};
}

/// A manifest is in the repository, and the registry has the referrers API.
boost::asio::awaitable<pushed_manifest> given_subject_with_api(context& ctx) {
  auto subject = co_await given_subject(ctx, "subject");
  const std::string digest = subject.descriptor.digest.str();
  (void)co_await given_list(ctx, api::list_referrers(ctx.repository(), digest));
  co_return subject;
}

/// The entry of that manifest in the list; null where it has none.
const oci::descriptor* entry_of(const referrer_walk& list, const std::string& digest) {
  const auto found =
      std::find_if(list.entries.begin(), list.entries.end(),
                   [&](const oci::descriptor& one) { return one.digest.str() == digest; });
  return found == list.entries.end() ? nullptr : &*found;
}

/// The list has an entry for it.
/// @throws blocked where it has not: other scenarios judge that
const oci::descriptor& given_entry(const referrer_walk& list, const referrer& of) {
  const auto* const entry = entry_of(list, of.digest());
  if (entry == nullptr) throw blocked("referrers.complete", "not listed: " + of.digest());
  return *entry;
}

void expect_type(context& ctx, const referrer_walk& list, const referrer& of,
                 requirement_id held_to, std::string_view wanted) {
  const oci::descriptor& entry = given_entry(list, of);
  ctx.expect(list.last(), held_to)
      .holds(entry.artifact_type == wanted, "artifactType " + std::string(wanted),
             "artifactType " + printable(entry.artifact_type));
}

constexpr auto types_judges =
    requirement_ids("referrers.descriptor-correct", "referrers.artifacttype",
                    "referrers.artifacttype-config-fallback");

boost::asio::awaitable<void> types(context& ctx) {
  // Referrers with a type of their own, and without: their config has one.
  const auto subject = co_await given_subject_with_api(ctx);
  oci::image_manifest typed = co_await given_artifact(ctx, "typed");
  typed.subject = subject.descriptor;
  typed.artifact_type = artifact_type;
  typed.config.media_type = config_type;
  oci::image_manifest untyped = typed;
  untyped.artifact_type.clear();
  oci::image_manifest ordinary = untyped;
  ordinary.config.media_type = oci::media_type::image_config;
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.artifact_type = artifact_type;
  index.subject = subject.descriptor;
  const std::vector all{pushable(typed), pushable(untyped), pushable(ordinary), pushable(index)};
  (void)co_await given_referrers(ctx, all);

  // An entry has the size, and the media type, of the manifest.
  const auto list = co_await given_list_of(
      ctx, api::list_referrers(ctx.repository(), subject.descriptor.digest.str()), all);
  for (const referrer& one : all) {
    const oci::descriptor& entry = given_entry(list, one);
    const auto type = oci::media_type::without_parameters(entry.media_type);
    ctx.expect(list.last(), "referrers.descriptor-correct")
        .holds(entry.size == one.json.size() && type == one.media_type,
               one.media_type + " of " + std::to_string(one.json.size()) + " bytes",
               printable(entry.media_type) + " of " + std::to_string(entry.size) + " bytes");
  }

  // It has the referrer's own type, or else that of its config.
  expect_type(ctx, list, all[0], "referrers.artifacttype", artifact_type);
  expect_type(ctx, list, all[3], "referrers.artifacttype", artifact_type);
  expect_type(ctx, list, all[1], "referrers.artifacttype-config-fallback", config_type);
  expect_type(ctx, list, all[2], "referrers.artifacttype-config-fallback",
              oci::media_type::image_config);
}

/// Whether the entry of that manifest has the member at all, be it empty or null.
bool has_artifact_type(const http::exchange& page, const std::string& digest) {
  const auto index = nlohmann::json::parse(page.response.body, nullptr, false);
  if (!index.is_object() || !index.contains("manifests")) return false;
  const auto& entries = index.at("manifests");
  return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
    return entry.is_object() && entry.value("digest", "") == digest &&
           entry.contains("artifactType");
  });
}

constexpr auto untyped_index_judges = requirement_ids("referrers.artifacttype-index-omitted");

boost::asio::awaitable<void> untyped_index(context& ctx) {
  // The one referrer is an index without a type.
  const auto subject = co_await given_subject_with_api(ctx);
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.subject = subject.descriptor;
  const std::vector one{pushable(index)};
  (void)co_await given_referrers(ctx, one);

  // None is made up for it.
  const auto list = co_await given_list_of(
      ctx, api::list_referrers(ctx.repository(), subject.descriptor.digest.str()), one);
  const oci::descriptor& entry = given_entry(list, one.front());
  for (const http::exchange& page : list.pages) {
    ctx.expect(page, "referrers.artifacttype-index-omitted")
        .holds(!has_artifact_type(page, one.front().digest()), "an entry without artifactType",
               "artifactType \"" + printable(entry.artifact_type) + '"');
  }
}

constexpr auto annotations_judges = requirement_ids("referrers.annotations");

boost::asio::awaitable<void> annotated(context& ctx) {
  // An image and an index with annotations: an empty one, a long one, one that is not ASCII.
  const auto subject = co_await given_subject_with_api(ctx);
  const oci::annotations annotations{
      {"land.plimsoll.empty", ""},
      {"land.plimsoll.long", std::string(4096, 'x')},
      {"land.plimsoll.words", "Plimsoll\xE2\x80\x99s m\xC3\xA4rk \"&\""},
      {"org.opencontainers.image.created", "2026-01-01T00:00:00Z"}};
  oci::image_manifest image = co_await given_artifact(ctx, "annotated");
  image.subject = subject.descriptor;
  image.annotations = annotations;
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.subject = subject.descriptor;
  index.annotations = annotations;
  const std::vector all{pushable(image), pushable(index)};
  (void)co_await given_referrers(ctx, all);

  // Their entries have them all; a registry may add its own.
  const auto list = co_await given_list_of(
      ctx, api::list_referrers(ctx.repository(), subject.descriptor.digest.str()), all);
  for (const referrer& one : all) {
    const auto& listed = given_entry(list, one).annotations;
    const bool held =
        std::includes(listed.begin(), listed.end(), annotations.begin(), annotations.end());
    ctx.expect(list.last(), "referrers.annotations")
        .holds(held, "the 4 annotations that were pushed",
               std::to_string(listed.size()) + " annotations, or others");
  }
}

constexpr std::array scenarios{
    scenario{.id = "discovery/referrer-types",
             .title = "The entry of a referrer has its size and type, or the type of its config",
             .category = "discovery",
             .judges = types_judges,
             .body = types},
    scenario{.id = "discovery/referrer-without-type",
             .title = "No type is made up for an index that has none",
             .category = "discovery",
             .judges = untyped_index_judges,
             .body = untyped_index},
    scenario{.id = "discovery/referrer-annotations",
             .title = "The entry of a referrer has its annotations",
             .category = "discovery",
             .judges = annotations_judges,
             .body = annotated},
};

}  // namespace

std::span<const scenario> describing_referrers() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
