#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/tag_list.hpp"
#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

bool lists_tags(const call& at, const response& to) {
  return at.where.kind == endpoint::tags && to.status == 200;
}

void limit_to(call& at, std::uint64_t most) {
  if (at.where.kind != endpoint::tags) return;
  const auto n = at.where.parameter("n");
  std::uint64_t asked = most;
  if (n) {
    const auto read = std::from_chars(n->data(), n->data() + n->size(), asked);
    if (read.ec != std::errc() || read.ptr != n->data() + n->size() || asked <= most) return;
  }
  at.where.remove_parameter("n");
  at.where.query.emplace_back("n", std::to_string(most));
}

/// The tags behind `last`, ignoring case, in pages.
response list_ignoring_case(const call& at, std::uint64_t n) {
  const auto is_before = [](const std::string& a, const std::string& b) {
    const std::string left = to_lower(a);
    const std::string right = to_lower(b);
    return left != right ? left < right : a < b;
  };
  oci::tag_list list;
  list.name = at.where.repository;
  list.tags = at.kept.tags(at.where.repository);
  std::sort(list.tags.begin(), list.tags.end(), is_before);
  if (const auto last = at.where.parameter("last")) {
    const std::string from(*last);
    list.tags.erase(list.tags.begin(),
                    std::upper_bound(list.tags.begin(), list.tags.end(), from, is_before));
  }
  response made;
  if (n < list.tags.size()) {
    list.tags.resize(n);
    if (n != 0) {
      made.header("Link", fmt::format("</v2/{}/tags/list?n={}&last={}>; rel=\"next\"", list.name, n,
                                      list.tags.back()));
    }
  }
  made.body = oci::to_json(list);
  made.header("Content-Type", "application/json");
  return made;
}

std::optional<response> ignore_case(call& at) {
  if (at.where.kind != endpoint::tags || !at.is_read()) return std::nullopt;
  if (!at.kept.has_repository(at.where.repository)) return std::nullopt;
  const auto n = page_size(at.where);
  if (!n) return std::nullopt;
  return list_ignoring_case(at, n->value_or(UINT64_MAX));
}

bool is_absent_last(const call& at) {
  const auto last = at.where.parameter("last");
  return at.where.kind == endpoint::tags && last &&
         !at.kept.tagged(at.where.repository, *last).has_value();
}

/// Puts the target of the answer's Link into `pattern`'s {0}.
void rewrite_link(const call& at, response& to, const char* pattern) {
  if (!lists_tags(at, to)) return;
  const auto link = to.find_header("Link");
  if (!link) return;
  const std::string target(link->substr(1, link->find('>') - 1));
  to.set_header("Link", fmt::format(fmt::runtime(pattern), target,
                                    at.asked.header("Host").value_or("localhost")));
}

constexpr std::array table{
    rule{.name = "tags-one-a-page",
         .summary = "A tag list has one tag a page, also where no n is given",
         .before = [](call& at) -> std::optional<response> {
           limit_to(at, 1);
           return std::nullopt;
         }},
    rule{.name = "tags-pages-of-three",
         .summary = "A tag list has three tags a page at most, whatever n says",
         .before = [](call& at) -> std::optional<response> {
           limit_to(at, 3);
           return std::nullopt;
         }},
    rule{.name = "tags-ignoring-case",
         .summary = "Tags are listed in alphanumeric order, the case of letters ignored",
         .before = ignore_case},
    rule{.name = "tags-without-link",
         .summary = "Tag lists have no Link; last leads to the other pages",
         .after =
             [](call& at, response& to) {
               if (lists_tags(at, to)) to.remove_header("Link");
             }},
    rule{.name = "tags-link-absolute",
         .summary = "The Link of a tag list is an absolute URL",
         .after = [](call& at,
                     response& to) { rewrite_link(at, to, "<http://{1}{0}>; rel=\"next\""); }},
    rule{.name = "tags-link-relative",
         .summary = "The Link of a tag list is relative to the list itself",
         .after =
             [](call& at, response& to) {
               if (!lists_tags(at, to)) return;
               if (const auto link = to.find_header("Link")) {
                 to.set_header("Link", "<" + std::string(link->substr(link->find('?'))));
               }
             }},
    rule{.name = "tags-link-bare-rel",
         .summary = "The relation of the Link is not quoted, and in capitals",
         .after = [](call& at, response& to) { rewrite_link(at, to, "<{0}>;rel=Next"); }},
    rule{.name = "tags-link-with-parameters",
         .summary = "The Link has a title and further relations",
         .after =
             [](call& at, response& to) {
               rewrite_link(at, to, "<{0}>; title=\"a, \\\"b\\\"; c\"; rel=\"next last\"");
             }},
    rule{.name = "tags-link-among-others",
         .summary = "The Link header also leads to the first page",
         .after =
             [](call& at, response& to) {
               rewrite_link(at, to, "</v2/>; rel=\"start\", <{0}>; rel=\"next\"");
             }},
    rule{.name = "tags-none-is-null",
         .summary = "The tags of a repository without tags are null",
         .after =
             [](call& at, response& to) {
               if (!lists_tags(at, to)) return;
               const auto list = oci::parse_tag_list(to.payload());
               if (!list || !list->tags.empty()) return;
               to.replace_body(fmt::format(R"({{"name":"{}","tags":null}})", at.where.repository));
             }},
    rule{.name = "tags-none-is-404",
         .summary = "A repository without tags has no tag list",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind != endpoint::tags || !at.kept.tags(at.where.repository).empty()) {
             return std::nullopt;
           }
           return failure(404, "NAME_UNKNOWN", "no such repository");
         }},
    rule{.name = "tags-absent-last-404",
         .summary = "A tag list behind a tag that is not there is refused",
         .before = [](call& at) -> std::optional<response> {
           if (!is_absent_last(at)) return std::nullopt;
           return failure(404, "MANIFEST_UNKNOWN", "there is no such tag");
         }},
    rule{.name = "tags-absent-last-empty",
         .summary = "No tags are listed behind a tag that is not there",
         .after =
             [](call& at, response& to) {
               if (!is_absent_last(at) || !lists_tags(at, to)) return;
               to.remove_header("Link");
               to.replace_body(oci::to_json({at.where.repository, {}}));
             }},
    rule{.name = "tags-bad-n-ignored",
         .summary = "n that is no number is left out of account",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind == endpoint::tags && !page_size(at.where)) {
             at.where.remove_parameter("n");
           }
           return std::nullopt;
         }},
};

}  // namespace

std::span<const rule> tag_list_variants() noexcept {
  return table;
}

}  // namespace plimsoll::reference
