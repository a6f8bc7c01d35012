#include <algorithm>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "service/service.hpp"

namespace plimsoll::reference {
namespace {

/// Distribution-spec 1.1.1, "Listing Referrers": an image manifest without artifactType
/// is listed with its config's media type.
oci::descriptor descriptor_of(const oci::digest& digest, const stored_manifest& manifest) {
  oci::descriptor made;
  const auto type = oci::media_type::without_parameters(manifest.media_type);
  made.media_type = type;
  made.digest = digest;
  made.size = manifest.bytes->size();
  const auto summary = oci::summarize(*manifest.bytes, type);
  if (!summary) return made;
  const bool has_type = !summary->artifact_type.empty();
  made.artifact_type = has_type ? summary->artifact_type : summary->config_media_type;
  made.annotations = summary->annotations;
  return made;
}

/// How many entries fit into an index that is not larger than a manifest may be; at least one.
std::size_t fitting(const std::vector<oci::descriptor>& list, std::uint64_t limit_bytes) {
  constexpr std::uint64_t frame_bytes = 256;
  std::uint64_t bytes = frame_bytes;
  std::size_t count = 0;
  for (const oci::descriptor& one : list) {
    bytes += oci::to_json(one).size() + 1;
    if (bytes > limit_bytes && count != 0) break;
    ++count;
  }
  return count;
}

/// Leaves the first entries in the list, with a Link to the rest.
void cut_page(const call& at, std::size_t count, std::vector<oci::descriptor>& list, response& to) {
  if (count == 0 || count >= list.size()) return;
  list.resize(count);
  auto next = fmt::format("/v2/{}/referrers/{}?last={}", at.where.repository, at.where.last,
                          list.back().digest.str());
  if (const auto n = at.where.parameter("n")) next += "&n=" + percent_encode(*n);
  if (const auto type = at.where.parameter("artifactType")) {
    next += "&artifactType=" + percent_encode(*type);
  }
  to.header("Link", fmt::format("<{}>; rel=\"next\"", next));
}

}  // namespace

response answer_referrers(const call& at) {
  if (!has_referrers(at.how)) return failure(404, "UNSUPPORTED", "no such endpoint");
  if (!at.is_read()) return wrong_method("GET, HEAD");
  const auto subject = oci::digest::parse(at.where.last);
  if (!subject) return failure(400, "DIGEST_INVALID", subject.error().what());
  const auto n = page_size(at.where);
  if (!n) return failure(400, "UNSUPPORTED", n.error().what());
  const auto type = at.where.parameter("artifactType");
  const auto last = at.where.parameter("last");

  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  for (const auto& one : at.kept.referrers(at.where.repository, *subject)) {
    if (last && one.first.str() <= *last) continue;
    auto listed = descriptor_of(one.first, one.second);
    if (!type || listed.artifact_type == *type) index.manifests.push_back(std::move(listed));
  }
  response made;
  const std::size_t fit = fitting(index.manifests, at.how.manifest_limit_bytes);
  cut_page(at, std::min<std::uint64_t>(n->value_or(fit), fit), index.manifests, made);
  if (type) made.header("OCI-Filters-Applied", "artifactType");
  made.body = oci::to_json(index);
  made.header("Content-Type", std::string(oci::media_type::image_index));
  return made;
}

}  // namespace plimsoll::reference
