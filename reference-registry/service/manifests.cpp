#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "service/service.hpp"

namespace plimsoll::reference {
namespace {

response unknown_manifest() {
  return failure(404, "MANIFEST_UNKNOWN", "the repository has no such manifest");
}

/// The digest that a reference of the path means: itself, or the tag's.
std::optional<oci::digest> digest_meant(const call& at) {
  if (oci::is_tag(at.where.last)) return at.kept.tagged(at.where.repository, at.where.last);
  const auto digest = oci::digest::parse(at.where.last);
  if (!digest) return std::nullopt;
  return *digest;
}

response pull_manifest(const call& at) {
  const auto digest = digest_meant(at);
  if (!digest) return unknown_manifest();
  const auto found = at.kept.manifest(at.where.repository, *digest);
  if (!found) return unknown_manifest();
  response made;
  made.shared = found->bytes;
  made.header("Content-Type", found->media_type);
  made.header("Docker-Content-Digest", digest->str());
  return made;
}

/// The digest to store the manifest under, or why the reference cannot be one of it.
result<oci::digest> digest_to_store(const call& at) {
  if (oci::is_tag(at.where.last)) return oci::digest_of(at.asked.body);
  auto wanted = oci::digest::parse(at.where.last);
  if (!wanted) return wanted;
  const auto algorithm = oci::hash_algorithm_of(wanted->algorithm());
  if (!algorithm) return algorithm.error();
  const auto found = oci::digest_of(*algorithm, at.asked.body);
  if (found != *wanted) return error::of("the content's digest is " + found.str());
  return wanted;
}

/// A layer with URLs may lie elsewhere; an index may be pushed before what it lists.
std::optional<response> missing_blob(const call& at, const oci::manifest_summary& summary) {
  if (summary.is_index || at.how.sparse) return std::nullopt;
  for (const auto& one : summary.references) {
    if (!one.urls.empty() || at.kept.blob(at.where.repository, one.digest)) continue;
    return failure(404, "MANIFEST_BLOB_UNKNOWN", "the repository lacks blob " + one.digest.str());
  }
  return std::nullopt;
}

/// Distribution-spec 1.2-dev, end-7b: the tags to set beside a push by digest. A name that
/// is no tag refuses them all.
result<std::vector<std::string>> further_tags(const call& at) {
  std::vector<std::string> tags;
  if (at.how.version != spec_version::v1_2_dev || oci::is_tag(at.where.last)) return tags;
  for (const auto& one : at.where.query) {
    if (one.first != "tag") continue;
    if (!oci::is_tag(one.second)) {
      return error::of("the parameter tag is \"" + printable(one.second) + "\", which is no tag");
    }
    tags.push_back(one.second);
  }
  return tags;
}

response store_manifest(const call& at, stored_manifest made, const oci::digest& digest,
                        const std::vector<std::string>& tags) {
  response reply;
  reply.status = 201;
  reply.header("Location", fmt::format("/v2/{}/manifests/{}", at.where.repository, digest.str()));
  reply.header("Docker-Content-Digest", digest.str());
  if (!made.subject.empty() && has_referrers(at.how)) reply.header("OCI-Subject", made.subject);
  made.bytes = std::make_shared<const std::string>(std::move(at.asked.body));
  at.kept.put_manifest(at.where.repository, digest, std::move(made));
  if (oci::is_tag(at.where.last)) at.kept.set_tag(at.where.repository, at.where.last, digest);
  for (const auto& tag : tags) {
    at.kept.set_tag(at.where.repository, tag, digest);
    reply.header("OCI-Tag", tag);
  }
  return reply;
}

response push_manifest(const call& at) {
  if (at.asked.body.size() > at.how.manifest_limit_bytes) return too_large(at);
  const auto digest = digest_to_store(at);
  if (!digest) return failure(400, "DIGEST_INVALID", digest.error().what());
  const auto tags = further_tags(at);
  if (!tags) return failure(400, "MANIFEST_INVALID", tags.error().what());
  const auto header = at.asked.header("Content-Type").value_or("");
  const auto type = oci::media_type::without_parameters(header);
  const auto summary = oci::summarize(at.asked.body, type);
  if (!summary) return failure(400, "MANIFEST_INVALID", printable(summary.error().what()));
  stored_manifest made;
  made.media_type = header.empty() ? summary->media_type : std::string(type);
  if (made.media_type.empty()) {
    return failure(400, "MANIFEST_INVALID", "neither Content-Type nor mediaType says what it is");
  }
  if (!header.empty() && !summary->media_type.empty() && summary->media_type != type) {
    return failure(400, "MANIFEST_INVALID", "Content-Type is not the manifest's mediaType");
  }
  if (auto bad = missing_blob(at, *summary)) return std::move(*bad);
  if (summary->subject) made.subject = summary->subject->digest.str();
  return store_manifest(at, std::move(made), *digest, *tags);
}

response delete_manifest(const call& at) {
  const auto& repository = at.where.repository;
  const auto& last = at.where.last;
  bool removed = false;
  if (oci::is_tag(last)) {
    removed = at.kept.remove_tag(repository, last);
  } else if (const auto digest = oci::digest::parse(last)) {
    removed = at.kept.remove_manifest(repository, *digest);
  } else {
    return failure(400, "DIGEST_INVALID", digest.error().what());
  }
  if (!removed) return unknown_manifest();
  response made;
  made.status = 202;
  return made;
}

}  // namespace

response answer_manifest(const call& at) {
  if (at.is_read()) return pull_manifest(at);
  if (at.asked.method == "PUT") return push_manifest(at);
  if (at.asked.method == "DELETE" && at.how.deletes) return delete_manifest(at);
  return wrong_method(at.how.deletes ? "GET, HEAD, PUT, DELETE" : "GET, HEAD, PUT");
}

}  // namespace plimsoll::reference
