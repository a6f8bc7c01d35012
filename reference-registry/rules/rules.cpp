#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

std::vector<const rule*> all_faults() {
  std::vector<const rule*> all;
  // One topic a line:
  // clang-format off
  for (const auto topic : {
           blob_pull_faults(),
           blob_push_faults(),
           single_post_faults(),
           digest_faults(),
           unverified_faults(),
           claim_faults(),
           lenient_faults(),
           chunk_faults(),
           session_faults(),
           mount_faults(),
           location_faults(),
           manifest_pull_faults(),
           name_faults(),
           manifest_push_faults(),
           subject_faults(),
           tag_parameter_faults(),
           image_faults(),
           error_faults(),
           http_faults(),
           warning_faults(),
           tag_list_faults(),
           referrer_faults(),
           referrer_filter_faults(),
           tag_deletion_faults(),
           manifest_deletion_faults(),
           blob_deletion_faults(),
           upgrade_faults(),
           extension_faults(),
           coding_faults(),
           availability_faults(),
           lag_faults(),
       }) {
    // clang-format on
    for (const rule& one : topic) all.push_back(&one);
  }
  return all;
}

std::vector<const rule*> all_variants() {
  std::vector<const rule*> all;
  // One topic a line:
  // clang-format off
  for (const auto topic : {
           // Those that wait come first, so that others are judged meanwhile.
           availability_variants(),
           lag_variants(),
           deletion_variants(),
           basic_variants(),
           tag_list_variants(),
           push_variants(),
           location_variants(),
           referrer_variants(),
           content_variants(),
           extension_variants(),
           coding_variants(),
           policy_variants(),
       }) {
    // clang-format on
    for (const rule& one : topic) all.push_back(&one);
  }
  return all;
}

const rule* find(const std::vector<const rule*>& all, std::string_view name) {
  for (const rule* one : all) {
    if (one->name == name) return one;
  }
  return nullptr;
}

}  // namespace

bool is_refused_once(call& at, std::uint64_t n) {
  if (++at.remembered.count % n != 0) return false;
  return at.remembered.notes.emplace(at.asked.method + ' ' + at.asked.target, "").second;
}

const rule* find_fault(std::string_view name) {
  return find(all_faults(), name);
}

const rule* find_variant(std::string_view name) {
  return find(all_variants(), name);
}

std::vector<fault_info> faults() {
  std::vector<fault_info> list;
  for (const rule* one : all_faults()) {
    list.push_back({one->name, one->requirement, one->summary, one->is_upgraded});
  }
  return list;
}

std::vector<variant_info> variants() {
  std::vector<variant_info> list;
  for (const rule* one : all_variants()) {
    list.push_back({one->name, one->summary, one->is_upgraded});
  }
  return list;
}

}  // namespace plimsoll::reference
