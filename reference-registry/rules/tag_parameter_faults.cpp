#include <array>
#include <string>
#include <vector>

#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

bool has_tags(const call& at) {
  return at.where.kind == endpoint::manifest && at.asked.method == "PUT" &&
         at.where.parameter("tag");
}

/// The values of all headers OCI-Tag.
std::vector<std::string> told_tags(const response& to) {
  std::vector<std::string> tags;
  for (const auto& one : to.headers) {
    if (one.first == "OCI-Tag") tags.push_back(one.second);
  }
  return tags;
}

constexpr std::array table{
    rule{.name = "tag-parameters-nine-at-most",
         .requirement = "push.manifest.tag-params.at-least-10",
         .summary = "A tenth tag of a push is refused with 414",
         .before = [](call& at) -> std::optional<response> {
           std::size_t count = 0;
           for (const auto& one : at.where.query) count += one.first == "tag" ? 1U : 0U;
           if (!has_tags(at) || count < 10) return std::nullopt;
           return failure(414, "UNSUPPORTED", "too many tags");
         }},
    rule{.name = "tag-parameters-last-untold",
         .requirement = "push.manifest.tag-params.oci-tag",
         .summary = "The last tag of a push is set, and not told by OCI-Tag",
         .after =
             [](call& at, response& to) {
               auto tags = told_tags(to);
               if (!has_tags(at) || tags.empty()) return;
               to.remove_header("OCI-Tag");
               tags.pop_back();
               for (auto& one : tags) to.header("OCI-Tag", std::move(one));
             }},
    rule{.name = "tag-parameters-told-with-semicolons",
         .requirement = "push.manifest.tag-params.oci-tag-syntax",
         .summary = "OCI-Tag has semicolons between the tags",
         .after =
             [](call& at, response& to) {
               std::string all;
               for (const auto& one : told_tags(to)) all += (all.empty() ? "" : "; ") + one;
               if (has_tags(at) && !all.empty()) to.set_header("OCI-Tag", all);
             }},
    rule{.name = "tag-parameters-told-not-set",
         .requirement = "push.manifest.tag-params.tags-created",
         .summary = "OCI-Tag tells tags that are not set",
         .after =
             [](call& at, response& to) {
               if (!has_tags(at)) return;
               for (const auto& one : told_tags(to)) {
                 (void)at.kept.remove_tag(at.where.repository, one);
               }
             }},
    rule{.name = "tag-parameters-200",
         .requirement = "table.end-7b.success",
         .summary = "A push with tags is answered with 200",
         .after =
             [](call& at, response& to) {
               if (has_tags(at) && to.status == 201) to.status = 200;
             }},
    rule{.name = "tag-parameters-malformed-500",
         .requirement = "table.end-7b.failure",
         .summary = "A push with what is no tag is answered with 500",
         .after =
             [](call& at, response& to) {
               if (has_tags(at) && to.status == 400) to.status = 500;
             }},
};

}  // namespace

std::span<const rule> tag_parameter_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
