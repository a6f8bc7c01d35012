#include <algorithm>
#include <array>
#include <string>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/name.hpp"
#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

bool is_put(const call& at) {
  return at.where.kind == endpoint::manifest && at.asked.method == "PUT";
}

bool has_name(const call& at) {
  return at.where.kind != endpoint::unknown && at.where.kind != endpoint::base &&
         at.where.kind != endpoint::discover;
}

std::optional<response> invalid_name_where(bool refused) {
  if (!refused) return std::nullopt;
  return failure(400, "NAME_INVALID", "this is not a repository name");
}

std::optional<response> no_tag_where(bool refused) {
  if (!refused) return std::nullopt;
  return failure(400, "MANIFEST_INVALID", "this is not a tag");
}

constexpr std::array table{
    rule{.name = "names-without-double-underscore",
         .requirement = "name.regexp.registry-accepts",
         .summary = "Two underscores in a repository's name are refused, as 1.0 had it",
         .before =
             [](call& at) {
               return invalid_name_where(at.where.repository.find("__") != std::string::npos);
             }},
    rule{.name = "names-of-six-components",
         .requirement = "name.regexp.registry-accepts",
         .summary = "A repository's name with more than six components is refused",
         .before =
             [](call& at) {
               return invalid_name_where(split(at.where.repository, '/').size() > 6);
             }},
    rule{.name = "names-of-128-characters",
         .requirement = "name.regexp.registry-accepts",
         .summary = "A repository's name of more than 128 characters is refused",
         .before = [](call& at) { return invalid_name_where(at.where.repository.size() > 128); }},
    rule{.name = "names-fold-case",
         .requirement = "name.regexp.registry-rejects",
         .summary = "Capitals in a repository's name are taken for small letters",
         .before = [](call& at) -> std::optional<response> {
           at.where.repository = to_lower(at.where.repository);
           return std::nullopt;
         }},
    rule{.name = "names-malformed-500",
         .requirement = "name.regexp.registry-rejects",
         .summary = "A push to what is no repository's name is answered with 500",
         .after =
             [](call& at, response& to) {
               if (!has_name(at) || oci::is_repository_name(at.where.repository)) return;
               if (!at.is_read()) to.status = 500;
             }},
    rule{.name = "names-malformed-called-invalid-manifest",
         .requirement = "errors.code.name-invalid",
         .summary = "What is no repository's name is called MANIFEST_INVALID",
         .after =
             [](call& at, response& to) {
               if (!has_name(at) || oci::is_repository_name(at.where.repository)) return;
               to.replace_body(R"({"errors":[{"code":"MANIFEST_INVALID"}]})");
             }},
    rule{.name = "names-malformed-409",
         .requirement = "table.end-7.failure-404",
         .summary = "A manifest under what is no repository's name is answered with 409",
         .after =
             [](call& at, response& to) {
               if (is_put(at) && !oci::is_repository_name(at.where.repository)) to.status = 409;
             }},
    rule{.name = "tags-fold-case",
         .requirement = "tag.regexp.registry-accepts",
         .summary = "Capitals in a tag are taken for small letters",
         .before = [](call& at) -> std::optional<response> {
           const bool is_manifest = at.where.kind == endpoint::manifest;
           if (is_manifest && oci::is_tag(at.where.last)) at.where.last = to_lower(at.where.last);
           return std::nullopt;
         }},
    rule{.name = "tags-without-underscore-first",
         .requirement = "tag.regexp.accepted",
         .summary = "A tag that begins with an underscore is refused",
         .before = [](call& at) { return no_tag_where(is_put(at) && at.where.last[0] == '_'); }},
    rule{.name = "tags-of-127-characters",
         .requirement = "tag.length-128.registry-accepts",
         .summary = "A tag of 128 characters is refused",
         .before =
             [](call& at) {
               return no_tag_where(is_put(at) && at.where.last.size() == 128 &&
                                   oci::is_tag(at.where.last));
             }},
    rule{.name = "tags-cut-at-128-characters",
         .requirement = "tag.length-129.registry",
         .summary = "A tag of more than 128 characters is cut",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind != endpoint::manifest) return std::nullopt;
           if (at.where.last.find(':') == std::string::npos && at.where.last.size() > 128) {
             at.where.last.resize(128);
           }
           return std::nullopt;
         }},
    rule{.name = "tags-malformed-mended",
         .requirement = "tag.regexp.registry-rejects",
         .summary = "A character that no tag may have becomes a dash on a push",
         .before = [](call& at) -> std::optional<response> {
           if (!is_put(at) || at.where.last.find(':') != std::string::npos) return std::nullopt;
           const auto is_bad = [](char c) { return c != '.' && c != '-' && !oci::is_tag({&c, 1}); };
           std::replace_if(at.where.last.begin(), at.where.last.end(), is_bad, '-');
           return std::nullopt;
         }},
};

}  // namespace

std::span<const rule> name_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
