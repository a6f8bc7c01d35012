#include "reports/programme/keys.hpp"

namespace plimsoll::reports {
namespace {

using keys = std::vector<programme_key>;

keys tag_apis() {
  return {
      {"Tag listing",
       {"discovery/tags", "discovery/given-tags"},
       {"tags.200"},
       {"tags.", "table.end-8"}},
      {"Tag delete",
       {"management/tag-deleted"},
       {"delete.tag.202"},
       {"delete.tag.202", "delete.tag.disabled", "delete.tag.keeps-manifest"}},
      {"Tag delete atomic",
       {"management/tag-deleted"},
       {"delete.tag.get-404"},
       {"delete.tag.get-404"}},
  };
}

keys blob_push_apis() {
  return {
      {"Blob upload cancel",
       {"push/upload-cancelled"},
       {"push.cancel.204", "push.cancel.session-gone"},
       {"push.cancel."}},
      {"Blob push",
       {"push/blob-post-put"},
       {"push.put.201"},
       {"push.post.", "push.put.", "push.blob.", "name."},
       {"push/blob-of-another-digest", "push/chunks-of-another-digest",
        "push/single-post-of-another-digest"}},
      {"Blob post only",
       {"push/blob-single-post"},
       {"push.single-post.201"},
       {"push.single-post."},
       {"push/single-post-of-another-digest", "push/blob-single-post-cut"}},
      {"Blob post put",
       {"push/blob-post-put"},
       {"push.post.202", "push.put.201"},
       {"push.post.", "push.put."},
       {"push/blob-of-another-digest"}},
      {"Blob chunked",
       {"push/blob-in-chunks"},
       {"push.chunk.202", "push.chunk.close-201"},
       {"push.chunk.", "push.status.", "table.end-4c"},
       {"push/chunks-of-another-digest", "push/close-without-whole-digest"}},
      {"Blob streaming",
       {"push/blob-streamed"},
       {"pull.blob.get-body"},
       {},
       {"push/chunks-of-another-digest"}},
      {"Blob mount",
       {"push/mount"},
       {"push.mount.201"},
       {"push.mount.201", "push.mount.location", "push.mount.fallback"}},
      {"Blob anonymous mount",
       {"push/mount-without-from"},
       {"push.mount.from-optional", "push.mount.location-pullable"},
       {}},
  };
}

keys blob_apis() {
  return {
      {"Blob get",
       {"pull/blob", "pull/given-blobs"},
       {"pull.blob.get-200", "pull.blob.get-body"},
       {"pull.blob.get-", "pull.blob.404", "pull.blob.dcd-", "pull.blob.docker-content-digest"}},
      {"Blob get range", {"pull/blob-range"}, {"pull.blob.range.single"}, {"pull.blob.range."}},
      {"Blob head",
       {"pull/blob-head", "pull/given-blobs"},
       {"pull.head.blob-200"},
       {"pull.head.blob-"}},
      {"Blob delete",
       {"management/blob-deleted"},
       {"delete.blob.202"},
       {"delete.blob.202", "delete.blob.404", "delete.blob.disabled"}},
      {"Blob delete atomic",
       {"management/blob-deleted"},
       {"delete.blob.get-404"},
       {"delete.blob.get-404"}},
  };
}

/// Of a push by whichever reference.
std::vector<std::string_view> manifest_push_rules(std::string_view more) {
  return {"push.manifest.201",
          "push.manifest.location",
          "push.manifest.by-tag-and-digest",
          "push.manifest.exact-bytes",
          "push.manifest.dcd-",
          "push.manifest.digest-mismatch",
          "push.manifest.missing-blob",
          "push.manifest.nonexistent-repo",
          more};
}

keys manifest_push_apis() {
  return {
      {"Manifest put by digest",
       {"push/manifest-by-digest"},
       {"push.manifest.201"},
       manifest_push_rules("image."),
       {"push/manifest-digest-mismatch"},
       "PUT manifest by digest"},
      {"Manifest put by tag",
       {"push/manifest-by-tag"},
       {"push.manifest.201"},
       manifest_push_rules("tag."),
       {},
       "PUT manifest by tag"},
      {"Manifest put with tag params",
       {"push/tag-parameters"},
       {"push.manifest.tag-params.tags-created"},
       {"push.manifest.tag-params.", "table.end-7b"}},
      {"Manifest put with subject",
       {"push/subject-present"},
       {"push.subject.oci-subject"},
       {"push.subject.", "push.manifest.missing-subject"}},
  };
}

keys manifest_apis() {
  return {
      {"Manifest get by digest",
       {"pull/manifest", "pull/given-manifests"},
       {"pull.manifest.get-200", "pull.manifest.get-body"},
       {"pull.manifest."},
       {},
       "GET manifest by digest"},
      {"Manifest get by tag",
       {"pull/manifest", "pull/given-manifests"},
       {"pull.manifest.get-200", "pull.manifest.get-body"},
       {"pull.manifest."},
       {},
       "GET manifest by tag"},
      {"Manifest head by digest",
       {"pull/manifest-head", "pull/given-manifests"},
       {"pull.head.manifest-200"},
       {"pull.head.manifest-"},
       {},
       "HEAD manifest by digest"},
      {"Manifest head by tag",
       {"pull/manifest-head", "pull/given-manifests"},
       {"pull.head.manifest-200"},
       {"pull.head.manifest-"},
       {},
       "HEAD manifest by tag"},
      {"Manifest delete",
       {"management/manifest-deleted"},
       {"delete.manifest.202"},
       {"delete.manifest.202", "delete.manifest.disabled", "delete.manifest.unknown-repo-404"}},
      {"Manifest delete atomic",
       {"management/manifest-deleted"},
       {"delete.manifest.get-404"},
       {"delete.manifest.get-404", "delete.manifest.tags-404"}},
  };
}

keys other_apis() {
  return {
      {"Referrers",
       {"discovery/referrers", "discovery/given-referrers"},
       {"referrers.200"},
       {"referrers.", "upgrade.", "table.end-12"}},
      {"Ping", {"pull/determining-support"}, {"base.200"}, {"base."}},
  };
}

/// Content that was taken and came back as it was pushed: only then is it checked.
programme_key unchanged(std::string_view name, std::string_view scenario) {
  return {name, {scenario}, {"image.extensibility.no-modify.registry"}, {}};
}

keys joined(const std::vector<keys>& parts) {
  keys all;
  for (const keys& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

const std::vector<programme_key>& programme_apis() {
  static const keys all = joined({tag_apis(), blob_push_apis(), blob_apis(), manifest_push_apis(),
                                  manifest_apis(), other_apis()});
  return all;
}

const std::vector<programme_key>& programme_data() {
  static const keys all{
      {"Blobs sha256",
       {"push/blob-post-put"},
       {"push.put.201"},
       {},
       {"push/blob-of-another-digest", "push/chunks-of-another-digest",
        "push/single-post-of-another-digest"}},
      {"Blobs sha512", {"push/blob-by-sha512"}, {"pull.blob.get-body"}, {}},
      unchanged("Image", "image/layer-gzip"),
      unchanged("Image Uncompressed", "image/layer-tar"),
      {"Image with Large Manifest",
       {"push/manifest-large-annotations"},
       {"push.manifest.size-4mb.registry"},
       {}},
      unchanged("Index", "image/index"),
      unchanged("Nested Index", "image/index-nested"),
      unchanged("Empty Index", "image/index-empty"),
      unchanged("Artifact", "image/artifact"),
      unchanged("Artifact Index", "image/index"),
      unchanged("Artifact without Layers", "image/no-layers"),
      {"Artifacts with Subject", {"push/subject-present"}, {"push.subject.oci-subject"}, {}},
      {"Index with Subject", {"push/subject-present"}, {"push.subject.oci-subject-index"}, {}},
      {"Missing Subject", {"push/subject-missing"}, {"push.manifest.missing-subject-accepted"}, {}},
      unchanged("Data Field", "image/data"),
      unchanged("Non-distributable Layers", "image/layer-elsewhere"),
      unchanged("Custom Fields", "image/properties-unknown"),
      unchanged("No Layers", "image/no-layers"),
      {"Digest Algorithm sha512",
       {"image/digest-sha512"},
       {"image.digest.sha512-verify.registry"},
       {}},
      {"Tag Param", {"push/tag-parameters"}, {"push.manifest.tag-params.tags-created"}, {}},
      {"Bad Digest Image",
       {"push/manifest-digest-mismatch"},
       {"push.manifest.digest-mismatch-rejected"},
       {}},
      {"Invalid Manifest Digest",
       {"pull/malformed-reference"},
       {"pull.manifest.reference-malformed-not-served"},
       {}},
  };
  return all;
}

}  // namespace plimsoll::reports
