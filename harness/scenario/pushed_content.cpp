#include "plimsoll/scenario/pushed_content.hpp"

#include <optional>
#include <utility>

#include "plimsoll/base/text.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/scenario/body_digest.hpp"

namespace plimsoll {
namespace {

struct place {
  std::string repository;
  std::string reference;
};

/// The repository and what stands behind `part` in a path like /v2/<repository>/manifests/<ref>.
std::optional<place> place_in(std::string_view path, std::string_view part) {
  constexpr std::string_view root = "/v2/";
  path = path.substr(0, path.find('?'));
  const std::size_t at = path.rfind(part);
  if (!path.starts_with(root) || at == std::string_view::npos || at < root.size()) {
    return std::nullopt;
  }
  return place{std::string(path.substr(root.size(), at - root.size())),
               std::string(path.substr(at + part.size()))};
}

std::vector<pushed_content> manifest_of(const http::request& asked) {
  using kind = pushed_content::kind;
  std::vector<pushed_content> out;
  const auto put = place_in(asked.target(), "/manifests/");
  if (!put) return out;
  if (!oci::is_tag(put->reference)) {
    out.push_back({kind::manifest, put->repository, put->reference});
    return out;
  }
  out.push_back({kind::tag, put->repository, put->reference});
  const oci::digest digest =
      asked.source() ? api::digest_of(*asked.source())
                     : oci::digest_of(asked.body() ? std::string_view(*asked.body()) : "");
  out.push_back({kind::manifest, put->repository, digest.str()});
  return out;
}

/// The digest that the request's query names in one of these parameters.
std::string digest_asked_for(std::string_view target) {
  for (const std::string_view name : {"digest=", "mount="}) {
    const std::size_t at = target.find(name);
    if (at == std::string_view::npos || at == 0) continue;
    std::string_view value = target.substr(at + name.size());
    value = value.substr(0, value.find('&'));
    const auto decoded = percent_decode(value);
    if (decoded && oci::digest::parse(*decoded)) return *decoded;
  }
  return {};
}

std::vector<pushed_content> blob_of(const http::request& asked, const http::exchange& answer,
                                    std::string_view repository) {
  const std::string digest = digest_asked_for(asked.target());
  if (digest.empty()) return {};
  pushed_content blob{pushed_content::kind::blob, std::string(repository), digest};
  const auto location = answer.response.header("Location");
  const auto base = http::parse_url(answer.url);
  if (location && base) {
    const auto resolved = http::resolve(*base, *location);
    const auto told = resolved ? place_in(resolved->target, "/blobs/") : std::nullopt;
    if (told && oci::is_repository_name(told->repository)) blob.repository = told->repository;
  }
  return {blob};
}

}  // namespace

std::vector<pushed_content> acknowledged(const http::request& asked, const http::exchange& answer,
                                         std::string_view repository) {
  if (answer.response.status != 201) return {};
  if (asked.method() == "PUT" && place_in(asked.target(), "/manifests/")) return manifest_of(asked);
  if (asked.method() == "PUT" || asked.method() == "POST") {
    return blob_of(asked, answer, repository);
  }
  return {};
}

std::optional<pushed_content> content_read_by(const http::request& asked) {
  using kind = pushed_content::kind;
  if (asked.method() != "GET" && asked.method() != "HEAD") return std::nullopt;
  std::string path = asked.target();
  if (const auto url = http::parse_url(path)) path = url->target;
  if (auto blob = place_in(path, "/blobs/")) {
    if (!oci::digest::parse(blob->reference)) return std::nullopt;
    return pushed_content{kind::blob, std::move(blob->repository), std::move(blob->reference)};
  }
  auto manifest = place_in(path, "/manifests/");
  if (!manifest) return std::nullopt;
  const kind what = oci::is_tag(manifest->reference) ? kind::tag : kind::manifest;
  return pushed_content{what, std::move(manifest->repository), std::move(manifest->reference)};
}

}  // namespace plimsoll
