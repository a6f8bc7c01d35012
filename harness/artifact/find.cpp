#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "answers.hpp"
#include "plimsoll/artifact/artifact.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::artifacts {
namespace {

namespace asio = boost::asio;
using descriptors = std::vector<oci::descriptor>;

/// More pages are a circle, or a registry that wants to keep us busy.
constexpr int most_pages = 1000;

bool has_status(const http::exchange& answer, int status) {
  return answer.answered() && answer.response.status == status;
}

result<descriptors> entries_of(const http::exchange& answer) {
  if (!has_status(answer, 200)) return unexpected(answer, "200");
  auto index = oci::parse_image_index(answer.response.body);
  if (!index) {
    return unexpected(answer, "an image index");
  }
  return std::move(index->manifests);
}

/// A registry may leave out the filter.
descriptors of_type(descriptors all, const std::string& type) {
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const oci::descriptor& one) { return one.artifact_type != type; }),
            all.end());
  return all;
}

asio::awaitable<result<descriptors>> listed_by_tag(http::client& registry, std::string repository,
                                                   oci::digest subject) {
  http::request ask = api::get_manifest(repository, oci::referrers_tag(subject));
  const http::exchange answer = co_await registry.send(std::move(ask));
  if (has_status(answer, 404)) co_return descriptors();
  co_return entries_of(answer);
}

http::request first_page(const std::string& repository, const oci::digest& subject,
                         const std::string& type) {
  return api::list_referrers(repository, subject.str(),
                             "artifactType=" + percent_encode(type, "/"));
}

}  // namespace

asio::awaitable<result<oci::descriptor>> resolve(http::client& registry, std::string repository,
                                                 std::string reference) {
  const http::exchange answer = co_await registry.send(api::get_manifest(repository, reference));
  if (!has_status(answer, 200)) co_return unexpected(answer, "200");
  oci::descriptor found = oci::describe("", answer.response.body);
  if (const auto named = oci::digest::parse(reference)) {
    const auto checked = body_with(answer, *named);
    if (!checked) co_return checked.error();
    found.digest = *named;
  }
  const std::string type(answer.response.header("Content-Type").value_or(""));
  found.media_type = oci::media_type::without_parameters(type);
  if (!oci::media_type::is_valid(found.media_type)) {
    co_return unexpected(answer, "the Content-Type of a manifest");
  }
  co_return found;
}

asio::awaitable<result<descriptors>> referrers_of(http::client& registry, std::string repository,
                                                  oci::digest subject, std::string type) {
  http::exchange page = co_await registry.send(first_page(repository, subject, type));
  if (has_status(page, 404)) {
    auto tagged = co_await listed_by_tag(registry, repository, std::move(subject));
    if (!tagged) co_return tagged.error();
    co_return of_type(std::move(*tagged), type);
  }
  descriptors all;
  for (int i = 0; i < most_pages; ++i) {
    auto entries = entries_of(page);
    if (!entries) co_return entries.error();
    std::move(entries->begin(), entries->end(), std::back_inserter(all));
    const auto next = api::next_page_of(page);
    if (next.is_unusable()) co_return error::of("the Link to more referrers: " + next.problem);
    if (next.is_absent()) co_return of_type(std::move(all), type);
    page = co_await registry.send(http::request("GET", next.url));
  }
  co_return error::of(
      fmt::format("the referrers of {} come in more than {} pages", subject.str(), most_pages));
}

asio::awaitable<result<std::string>> content_of(http::client& registry, std::string repository,
                                                oci::descriptor manifest) {
  http::request ask = api::get_manifest(repository, manifest.digest.str());
  const http::exchange pulled = co_await registry.send(std::move(ask));
  const auto bytes = body_with(pulled, manifest.digest);
  if (!bytes) co_return bytes.error();
  const auto parsed = oci::parse_image_manifest(*bytes);
  if (!parsed || parsed->layers.size() != 1) {
    co_return unexpected(pulled, "an artifact of one layer");
  }
  const oci::descriptor layer = parsed->layers.front();
  if (layer.size > largest_content_bytes) {
    co_return unexpected(pulled, "a layer of at most " + human_bytes(largest_content_bytes));
  }
  const http::exchange blob = co_await registry.send(api::get_blob(repository, layer.digest));
  co_return body_with(blob, layer.digest);
}

}  // namespace plimsoll::artifacts
