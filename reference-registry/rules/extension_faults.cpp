#include <array>
#include <string>

#include <nlohmann/json.hpp>

#include "plimsoll/oci/repository_list.hpp"
#include "rules/extension_rules.hpp"

namespace plimsoll::reference {
namespace {

using nlohmann::json;

bool is_limited(const call& at) {
  return at.where.parameter("n").has_value();
}

constexpr std::array table{
    rule{.name = "extensions-as-text",
         .requirement = "ext.discover.content-type",
         .summary = "The list of extensions is text/plain",
         .after =
             [](call& at, response& to) {
               if (lists_extensions(at, to)) to.set_header("Content-Type", "text/plain");
             }},
    rule{.name = "extensions-203",
         .requirement = "ext.discover.content-type",
         .summary = "The list of extensions has status 203",
         .after =
             [](call& at, response& to) {
               if (lists_extensions(at, to)) to.status = 203;
             }},
    rule{.name = "extensions-bare-array",
         .requirement = "ext.discover.content-type",
         .summary = "The list of extensions is an array, without an object around it",
         .after =
             [](call& at, response& to) {
               if (lists_extensions(at, to)) to.replace_body("[]");
             }},
    rule{.name = "extensions-without-list",
         .requirement = "ext.discover.extensions-array",
         .summary = "The document has no extensions",
         .after =
             [](call& at, response& to) {
               if (lists_extensions(at, to)) to.replace_body("{}");
             }},
    rule{.name = "extensions-as-names",
         .requirement = "ext.discover.extensions-array",
         .summary = "The extensions are an array of names",
         .after =
             [](call& at, response& to) {
               if (lists_extensions(at, to)) to.replace_body(R"({"extensions":["_oci"]})");
             }},
    rule{.name = "extensions-without-name",
         .requirement = "ext.discover.name",
         .summary = "Extensions have no name",
         .after =
             [](call& at, response& to) {
               change_extensions(at, to, [](json& entry) { entry.erase("name"); });
             }},
    rule{.name = "extensions-name-not-in-path",
         .requirement = "ext.discover.name",
         .summary = "Extensions are named otherwise than in their paths",
         .after =
             [](call& at, response& to) {
               change_extensions(
                   at, to, [](json& entry) { entry["name"] = "_the" + entry.value("name", ""); });
             }},
    rule{.name = "extensions-without-url",
         .requirement = "ext.discover.url",
         .summary = "Extensions have no url",
         .after =
             [](call& at, response& to) {
               change_extensions(at, to, [](json& entry) { entry.erase("url"); });
             }},
    rule{.name = "extensions-url-is-prose",
         .requirement = "ext.discover.url",
         .summary = "The url of a repository's extension says where to look instead of linking",
         .after =
             [](call& at, response& to) {
               if (at.where.kind != endpoint::repository_discover) return;
               change_extensions(at, to, [](json& entry) { entry["url"] = "see the manual"; });
             }},
    rule{.name = "extensions-without-endpoints",
         .requirement = "ext.discover.endpoints",
         .summary = "Extensions have no endpoints, as in the spec's sample",
         .after =
             [](call& at, response& to) {
               change_extensions(at, to, [](json& entry) { entry.erase("endpoints"); });
             }},
    rule{.name = "extensions-endpoints-as-text",
         .requirement = "ext.discover.endpoints",
         .summary = "The endpoints of an extension are one string",
         .after =
             [](call& at, response& to) {
               change_extensions(at, to,
                                 [](json& entry) { entry["endpoints"] = "_oci/ext/discover"; });
             }},
    rule{.name = "extensions-name-without-underscore",
         .requirement = "ext.name-underscore",
         .summary = "Extensions are named without their underscore",
         .after =
             [](call& at, response& to) {
               change_extensions(
                   at, to, [](json& entry) { entry["name"] = entry.value("name", "").substr(1); });
             }},
    rule{.name = "extensions-listed-twice",
         .requirement = "ext.name-unique",
         .summary = "Each extension is listed twice",
         .after =
             [](call& at, response& to) {
               if (!lists_extensions(at, to)) return;
               auto document = json::parse(to.payload());
               for (const json& entry : json(document.at("extensions"))) {
                 document.at("extensions").push_back(entry);
               }
               to.replace_body(document.dump());
             }},
    rule{.name = "extensions-upper-case-module",
         .requirement = "ext.segment-regexp",
         .summary = "A module has letters in upper case",
         .after =
             [](call& at, response& to) {
               change_extensions(at, to, [](json& entry) {
                 entry.at("endpoints").push_back(entry.value("name", "") + "/ext/listAll");
               });
             }},
    rule{.name = "extensions-outside-of-the-api",
         .requirement = "ext.registry-level-path",
         .summary = "An extension of the registry has an endpoint outside of /v2/",
         .after =
             [](call& at, response& to) {
               if (at.where.kind != endpoint::discover) return;
               change_extensions(at, to, [](json& entry) {
                 entry.at("endpoints").push_back("/ext/" + entry.value("name", ""));
               });
             }},
    rule{.name = "extensions-catalogue-only-listed",
         .requirement = "ext.registry-level-path",
         .summary = "_catalog is listed, and not found",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind != endpoint::catalog) return std::nullopt;
           return failure(404, "UNSUPPORTED", "no such endpoint");
         }},
    rule{.name = "extensions-of-repository-at-registry",
         .requirement = "ext.repository-level-path",
         .summary = "A repository's extension has an endpoint outside of the repository",
         .after =
             [](call& at, response& to) {
               if (at.where.kind != endpoint::repository_discover) return;
               change_extensions(at, to, [](json& entry) {
                 entry.at("endpoints").push_back("/v2/" + entry.value("name", "") + "/ext/search");
               });
             }},
    rule{.name = "catalogue-is-a-page",
         .requirement = "ext.reserved-names",
         .summary = "_catalog answers with a page in HTML",
         .after =
             [](call& at, response& to) {
               if (!lists_repositories(at, to)) return;
               to.replace_body("<html><body>Browse our catalogue</body></html>");
               to.set_header("Content-Type", "text/html");
             }},
    rule{.name = "catalogue-without-type",
         .requirement = "ext.versioning-headers",
         .summary = "The list of repositories has no Content-Type",
         .after =
             [](call& at, response& to) {
               if (lists_repositories(at, to)) to.remove_header("Content-Type");
             }},
    rule{.name = "catalogue-cut-without-link",
         .requirement = "ext.pagination-align",
         .summary = "A page of the list of repositories has no Link, and last is ignored",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind == endpoint::catalog) at.where.remove_parameter("last");
           return std::nullopt;
         },
         .after =
             [](call& at, response& to) {
               if (lists_repositories(at, to)) to.remove_header("Link");
             }},
    rule{.name = "catalogue-page-again",
         .requirement = "ext.pagination-align",
         .summary = "The Link of a list of repositories leads to the same page",
         .after =
             [](call& at, response& to) {
               if (!lists_repositories(at, to) || !is_limited(at)) return;
               to.set_header("Link", '<' + at.asked.target + ">; rel=\"next\"");
             }},
    rule{.name = "catalogue-link-bare-url",
         .requirement = "ext.pagination-align",
         .summary = "The Link of a list of repositories is a URL alone",
         .after =
             [](call& at, response& to) {
               if (!lists_repositories(at, to) || !to.find_header("Link")) return;
               to.set_header("Link", "/v2/_catalog?n=1");
             }},
    rule{.name = "catalogue-n-ignored",
         .requirement = "ext.pagination-align",
         .summary = "Each page of the list of repositories has all of them, and a Link",
         .after =
             [](call& at, response& to) {
               if (!lists_repositories(at, to) || !to.find_header("Link")) return;
               to.replace_body(oci::to_json(oci::repository_list{at.kept.repositories()}));
             }},
};

}  // namespace

void change_extensions(const call& at, response& to, void (*change)(json& entry)) {
  if (!lists_extensions(at, to)) return;
  auto document = json::parse(to.payload());
  for (json& entry : document.at("extensions")) change(entry);
  to.replace_body(document.dump());
}

std::span<const rule> extension_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
