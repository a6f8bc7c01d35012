#include <limits>
#include <utility>
#include <vector>

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

/// A page that has no more entries than may be on it, and is not larger than a manifest may be, but
/// has one at least.
class page {
 public:
  page(std::uint64_t most_entries, std::uint64_t most_bytes)
      : most_entries_(most_entries), most_bytes_(most_bytes) {}

  /// @return whether there was space for it
  bool take(oci::descriptor entry) {
    bytes_ += oci::to_json(entry).size() + 1;
    const bool is_full = entries_.size() >= most_entries_ || bytes_ > most_bytes_;
    if (is_full && !entries_.empty()) return false;
    entries_.push_back(std::move(entry));
    return true;
  }

  [[nodiscard]] std::string last() const { return entries_.back().digest.str(); }
  [[nodiscard]] std::vector<oci::descriptor> entries() && { return std::move(entries_); }

 private:
  static constexpr std::uint64_t frame_bytes = 256;

  std::uint64_t most_entries_;
  std::uint64_t most_bytes_;
  std::uint64_t bytes_ = frame_bytes;
  std::vector<oci::descriptor> entries_;
};

/// Leads to the entries behind the last one of a page.
void add_link(const call& at, const std::string& last, response& to) {
  auto next = fmt::format("/v2/{}/referrers/{}?last={}", at.where.repository, at.where.last, last);
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

  response made;
  const auto unlimited = std::numeric_limits<std::uint64_t>::max();
  page listed(n->value_or(0) == 0 ? unlimited : **n, at.how.manifest_limit_bytes);
  for (const auto& [digest, manifest] : at.kept.referrers(at.where.repository, *subject)) {
    if (last && digest.str() <= *last) continue;
    auto entry = descriptor_of(digest, manifest);
    if (type && entry.artifact_type != *type) continue;
    if (!listed.take(std::move(entry))) {
      add_link(at, listed.last(), made);
      break;
    }
  }
  oci::image_index index;
  index.media_type = oci::media_type::image_index;
  index.manifests = std::move(listed).entries();
  if (type) made.header("OCI-Filters-Applied", "artifactType");
  made.body = oci::to_json(index);
  made.header("Content-Type", std::string(oci::media_type::image_index));
  return made;
}

}  // namespace plimsoll::reference
