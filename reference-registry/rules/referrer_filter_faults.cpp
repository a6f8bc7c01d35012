#include <array>
#include <string>

#include "rules/referrer_rules.hpp"

namespace plimsoll::reference {
namespace {

constexpr std::array table{
    rule{.name = "referrers-filter-ignored",
         .requirement = "referrers.filter-support",
         .summary = "The list is not filtered",
         .before = [](call& at) -> std::optional<response> {
           if (asks_referrers(at)) at.where.remove_parameter("artifactType");
           return std::nullopt;
         }},
    rule{.name = "referrers-filter-not-said",
         .requirement = "referrers.filters-applied-header",
         .summary = "A filtered list has no OCI-Filters-Applied",
         .after =
             [](call& at, response& to) {
               if (asks_referrers(at)) to.remove_header("OCI-Filters-Applied");
             }},
    rule{.name = "referrers-filter-not-said-of-none",
         .requirement = "referrers.filters-applied-header",
         .summary = "A filtered list without entries has no OCI-Filters-Applied",
         .after =
             [](call& at, response& to) {
               if (!lists_referrers(at, to)) return;
               const auto index = oci::parse_image_index(to.payload());
               if (index && index->manifests.empty()) to.remove_header("OCI-Filters-Applied");
             }},
    rule{.name = "referrers-filters-with-semicolon",
         .requirement = "referrers.filters-applied-multiple",
         .summary = "Several filters are told with a semicolon between them",
         .after =
             [](call& at, response& to) {
               if (asks_referrers(at) && at.where.parameter("annotation")) {
                 to.header("OCI-Filters-Applied", "artifactType;annotation");
               }
             }},
    rule{.name = "referrers-filter-claimed-only",
         .requirement = "referrers.filter-result-matches",
         .summary = "OCI-Filters-Applied is sent with the whole list",
         .before = [](call& at) -> std::optional<response> {
           if (asks_referrers(at)) at.where.remove_parameter("artifactType");
           return std::nullopt;
         },
         .after =
             [](call& at, response& to) {
               if (lists_referrers(at, to) &&
                   at.asked.target.find("artifactType=") != std::string::npos) {
                 to.header("OCI-Filters-Applied", "artifactType");
               }
             }},
    rule{.name = "referrers-filter-not-decoded",
         .requirement = "referrers.filter-result-matches",
         .summary = "A type with percent-encoded characters matches nothing",
         .after =
             [](call& at, response& to) {
               if (at.asked.target.find('%') == std::string::npos) return;
               change_index(at, to,
                            [](call&, oci::image_index& index) { index.manifests.clear(); });
             }},
    rule{.name = "referrers-filter-always-claimed",
         .requirement = "referrers.filter-not-claimed",
         .summary = "OCI-Filters-Applied is sent without a filter",
         .after =
             [](call& at, response& to) {
               if (lists_referrers(at, to)) to.set_header("OCI-Filters-Applied", "artifactType");
             }},
    rule{.name = "referrers-filter-none-204",
         .requirement = "table.end-12b.success",
         .summary = "A filter that leaves nothing is answered with 204",
         .after =
             [](call& at, response& to) {
               if (!lists_referrers(at, to) || !at.where.parameter("artifactType")) return;
               const auto index = oci::parse_image_index(to.payload());
               if (!index || !index->manifests.empty()) return;
               to.status = 204;
               to.replace_body("");
             }},
};

}  // namespace

std::span<const rule> referrer_filter_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
