#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "answers.hpp"
#include "plimsoll/artifact/artifact.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/http/etag.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::artifacts {
namespace {

namespace asio = boost::asio;

/// How often a list is read again that somebody else changed meanwhile.
constexpr int attempts = 5;

asio::awaitable<result<void>> push_blob(http::client& registry, std::string repository,
                                        std::string content) {
  const oci::digest digest = oci::digest_of(content);
  const http::exchange there = co_await registry.send(api::head_blob(repository, digest));
  if (there.answered() && there.response.status == 200) co_return result<void>();
  const http::exchange opened = co_await registry.send(api::start_upload(repository));
  const std::string session = api::location_of(opened).url;
  if (!opened.answered() || opened.response.status != 202 || session.empty()) {
    co_return unexpected(opened, "202 with a Location");
  }
  http::request close = api::close_upload(session, digest, std::move(content));
  const http::exchange closed = co_await registry.send(std::move(close));
  if (!closed.answered() || closed.response.status != 201) co_return unexpected(closed, "201");
  co_return result<void>();
}

oci::image_manifest manifest_of(const artifact& what, oci::descriptor subject) {
  oci::image_manifest made;
  made.media_type = oci::media_type::image_manifest;
  made.artifact_type = what.type;
  made.config = oci::empty_descriptor();
  made.layers = {oci::describe(what.content_type, what.content)};
  made.subject = std::move(subject);
  made.annotations = what.annotations;
  return made;
}

/// The list at the fallback tag, and what a push of it that changed meanwhile fails by.
struct tagged_list {
  oci::image_index index;
  bool is_new = false;
  std::string etag;  ///< Empty where there is none.
};

result<tagged_list> read_list(const http::exchange& answer) {
  tagged_list out;
  out.index.media_type = oci::media_type::image_index;
  if (answer.answered() && answer.response.status == 404) {
    out.is_new = true;
    return out;
  }
  if (!answer.answered() || answer.response.status != 200) {
    return unexpected(answer, "200 or 404");
  }
  auto index = oci::parse_image_index(answer.response.body);
  const std::string type(answer.response.header("Content-Type").value_or(""));
  if (!index || oci::media_type::without_parameters(type) != oci::media_type::image_index) {
    return unexpected(answer, "an image index, for nothing else belongs at the referrers tag");
  }
  out.index = std::move(*index);
  out.etag = http::strong_etag(answer.response);
  return out;
}

bool lists(const oci::image_index& index, const oci::digest& digest) {
  return std::any_of(index.manifests.begin(), index.manifests.end(),
                     [&](const oci::descriptor& one) { return one.digest == digest; });
}

/// @return whether it is listed; false where the list changed meanwhile
asio::awaitable<result<bool>> try_to_list(http::client& registry, std::string repository,
                                          std::string tag, oci::descriptor entry) {
  const http::exchange found = co_await registry.send(api::get_manifest(repository, tag));
  auto list = read_list(found);
  if (!list) co_return list.error();
  if (lists(list->index, entry.digest)) co_return true;
  list->index.manifests.push_back(std::move(entry));
  http::request put =
      api::put_manifest(repository, tag, oci::media_type::image_index, to_json(list->index));
  if (list->is_new) put.header("If-None-Match", "*");
  if (!list->etag.empty()) put.header("If-Match", list->etag);
  const http::exchange stored = co_await registry.send(std::move(put));
  if (stored.answered() && stored.response.status == 412) co_return false;
  if (!stored.answered() || stored.response.status != 201) co_return unexpected(stored, "201");
  co_return true;
}

asio::awaitable<result<void>> list_by_tag(http::client& registry, std::string repository,
                                          oci::digest subject, oci::descriptor entry) {
  const std::string tag = oci::referrers_tag(subject);
  for (int i = 0; i < attempts; ++i) {
    const auto listed = co_await try_to_list(registry, repository, tag, entry);
    if (!listed) co_return listed.error();
    if (*listed) co_return result<void>();
  }
  co_return error::of(
      fmt::format("{}:{}: each of {} pushes of the list of referrers was answered with 412: others "
                  "change it all the time, or the registry does not take its own ETag; try again",
                  printable(repository), tag, attempts));
}

}  // namespace

asio::awaitable<result<attached>> attach(http::client& registry, std::string repository,
                                         oci::descriptor subject, artifact what) {
  const oci::digest of = subject.digest;
  const std::string json = to_json(manifest_of(what, std::move(subject)));
  const auto config = co_await push_blob(registry, repository, std::string(oci::empty_content));
  if (!config) co_return config.error();
  const auto content = co_await push_blob(registry, repository, what.content);
  if (!content) co_return content.error();
  oci::descriptor entry = oci::describe(oci::media_type::image_manifest, json);
  entry.artifact_type = what.type;
  entry.annotations = what.annotations;
  attached made;
  made.manifest = entry.digest;
  http::request put =
      api::put_manifest(repository, made.manifest.str(), oci::media_type::image_manifest, json);
  const http::exchange stored = co_await registry.send(std::move(put));
  if (!stored.answered() || stored.response.status != 201) co_return unexpected(stored, "201");
  if (stored.response.header("OCI-Subject")) co_return made;
  made.listed_by_tag = true;
  const auto listed = co_await list_by_tag(registry, repository, of, std::move(entry));
  if (!listed) co_return listed.error();
  co_return made;
}

}  // namespace plimsoll::artifacts
