#include <algorithm>
#include <array>
#include <string>

#include <nlohmann/json.hpp>

#include "plimsoll/oci/repository_list.hpp"
#include "rules/extension_rules.hpp"

namespace plimsoll::reference {
namespace {

using nlohmann::json;

/// Whatever begins with an underscore below /v2/ or below a repository; not a tag.
bool is_extension(const call& at) {
  const bool is_other = at.where.kind == endpoint::unknown || at.where.repository.empty();
  return asks_extensions(at) || at.where.kind == endpoint::catalog ||
         (is_other && at.asked.target.find("/_") != std::string::npos);
}

/// Answers each request to an extension with this failure.
std::optional<response> refuse(const call& at, int status, const char* code) {
  if (!is_extension(at)) return std::nullopt;
  return failure(status, code, "there are no extensions");
}

/// The list the other way round, with a Link that only this registry understands.
std::optional<response> turn_catalogue_round(call& at) {
  if (at.where.kind != endpoint::catalog) return std::nullopt;
  const auto asked = at.where.parameter("page");
  auto names = at.kept.repositories();
  std::reverse(names.begin(), names.end());
  const std::size_t place = asked ? std::stoul(std::string(*asked)) : 0;
  names.erase(names.begin(),
              names.begin() + static_cast<std::ptrdiff_t>(std::min(place, names.size())));
  response made;
  if (names.size() > 1) {
    names.resize(1);
    made.header("Link", "<?page=" + std::to_string(place + 1) + ">; rel=next");
  }
  made.body = oci::to_json(oci::repository_list{names});
  made.header("Content-Type", "application/json; charset=utf-8");
  return made;
}

constexpr std::array table{
    rule{.name = "extensions-404",
         .summary = "There are no extensions, and each is not found",
         .before = [](call& at) { return refuse(at, 404, "UNSUPPORTED"); }},
    rule{.name = "extensions-unknown",
         .summary = "There are no extensions, and each is EXTENSION_UNKNOWN",
         .before = [](call& at) { return refuse(at, 404, "EXTENSION_UNKNOWN"); }},
    rule{.name = "extensions-denied",
         .summary = "Extensions are for administrators, others get 403",
         .before = [](call& at) { return refuse(at, 403, "DENIED"); }},
    rule{.name = "extensions-none",
         .summary = "The list of extensions is empty",
         .after =
             [](call& at, response& to) {
               if (lists_extensions(at, to)) to.replace_body(R"({"extensions":[]})");
             }},
    rule{.name = "extensions-unknown-200",
         .summary = "What no endpoint is behind is answered with 200 and a page for people",
         .after =
             [](call& at, response& to) {
               if (!is_extension(at) || at.where.kind != endpoint::unknown) return;
               to.status = 200;
               to.replace_body("<html>Welcome</html>");
               to.set_header("Content-Type", "text/html");
             }},
    rule{.name = "extensions-of-registry-only",
         .summary = "Repositories do not list extensions",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind != endpoint::repository_discover) return std::nullopt;
           return failure(404, "UNSUPPORTED", "no such endpoint");
         }},
    rule{.name = "extensions-with-whole-paths",
         .summary = "Extensions list their endpoints with /v2/ and a placeholder for the name",
         .after =
             [](call& at, response& to) {
               const bool is_own = at.where.kind == endpoint::repository_discover;
               change_extensions(
                   at, to,
                   is_own
                       ? [](json& entry) { entry["endpoints"] = {"/v2/{name}/_oci/ext/discover"}; }
                       : [](json& entry) {
                           const auto below = entry.at("endpoints").at(0).get<std::string>();
                           entry["endpoints"] = {"/v2/" + below, "/v2/<name>/" + below};
                         });
             }},
    rule{
        .name = "extensions-with-short-paths",
        .summary = "Extensions list their endpoints below their names, and more than the spec asks",
        .after =
            [](call& at, response& to) {
              change_extensions(at, to, [](json& entry) {
                entry["endpoints"] = {"ext/discover", "tags/{tag}/history?since=<time>"};
                entry["description"] = "";
                entry["version"] = 1;
              });
            }},
    rule{.name = "extensions-without-description",
         .summary = "Extensions have no description, and a url on the registry itself",
         .after =
             [](call& at, response& to) {
               change_extensions(at, to, [](json& entry) {
                 entry.erase("description");
                 entry["url"] = "/docs/extensions";
               });
             }},
    rule{.name = "catalogue-in-one-page",
         .summary = "All repositories are listed, whatever n says",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind == endpoint::catalog) at.where.remove_parameter("n");
           return std::nullopt;
         }},
    rule{.name = "catalogue-without-link",
         .summary = "Pages of repositories have no Link: last leads on",
         .after =
             [](call& at, response& to) {
               if (lists_repositories(at, to)) to.remove_header("Link");
             }},
    rule{.name = "catalogue-unordered",
         .summary = "Repositories are listed in no order, one a page, with a Link of its own",
         .before = turn_catalogue_round},
};

}  // namespace

std::span<const rule> extension_variants() noexcept {
  return table;
}

}  // namespace plimsoll::reference
