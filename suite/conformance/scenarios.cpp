#include "plimsoll/suite/scenarios.hpp"

#include "catalog.hpp"

namespace plimsoll::suite {

std::vector<const scenario*> all_scenarios() {
  std::vector<const scenario*> all;
  // One topic a line:
  // clang-format off
  for (const auto topic : {
           determining_support(),
           pulling_blobs(),
           blob_ranges(),
           pulling_manifests(),
           content_negotiation(),
           content_codings(),
           absent_content(),
           pulling_given_content(),
           blobs_monolithically(),
           blobs_in_single_post(),
           blobs_of_all_sizes(),
           blobs_at_once(),
           refused_blobs(),
           malformed_digests(),
           blobs_in_chunks(),
           chunks_out_of_order(),
           upload_status(),
           ended_uploads(),
           blobs_by_algorithm(),
           mounting_blobs(),
           unusable_repositories(),
           repository_names(),
           pushing_tags(),
           pushing_manifests(),
           refused_manifests(),
           manifest_sizes(),
           tag_parameters(),
           manifests_with_subject(),
           artifacts(),
           layers(),
           indexes(),
           descriptors(),
           extensibility(),
           listing_tags(),
           paging_tags(),
           listing_referrers(),
           listing_given_content(),
           describing_referrers(),
           selecting_referrers(),
           referrers_tag(),
           deleting_tags(),
           deleting_manifests(),
           deleting_blobs(),
           discovering_extensions(),
           listing_repositories(),
           http_semantics(),
           unknown_blobs(),
       }) {
    // clang-format on
    for (const scenario& one : topic) all.push_back(&one);
  }
  return all;
}

std::vector<observer> all_observers() {
  std::vector<observer> all;
  for (const auto topic : {
           error_documents(),
           http_rules(),
           coding_rules(),
           warnings(),
           acknowledged_content(),
       }) {
    all.insert(all.end(), topic.begin(), topic.end());
  }
  return all;
}

}  // namespace plimsoll::suite
