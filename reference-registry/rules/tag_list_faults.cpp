#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "plimsoll/oci/tag_list.hpp"
#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

bool lists_tags(const call& at, const response& to) {
  return at.where.kind == endpoint::tags && to.status == 200;
}

bool is_limited(const call& at) {
  return at.where.parameter("n").has_value();
}

/// Changes the tag list of a good answer.
void change_list(const call& at, response& to, void (*change)(oci::tag_list&)) {
  if (!lists_tags(at, to)) return;
  auto list = oci::parse_tag_list(to.payload());
  if (!list) return;
  change(*list);
  to.replace_body(oci::to_json(*list));
}

void turn_round(oci::tag_list& list) {
  std::reverse(list.tags.begin(), list.tags.end());
}

/// Neither of the two orders: by length first.
void sort_by_length(oci::tag_list& list) {
  std::stable_sort(list.tags.begin(), list.tags.end(),
                   [](const auto& a, const auto& b) { return a.size() < b.size(); });
}

/// The tag that looks like a number comes behind all others.
void put_number_last(oci::tag_list& list) {
  std::stable_partition(list.tags.begin(), list.tags.end(),
                        [](const std::string& tag) { return tag != "2"; });
}

void drop_last(oci::tag_list& list) {
  if (!list.tags.empty()) list.tags.pop_back();
}

/// The place of the tag that comes behind `last` in all tags, and the tags themselves.
std::string tag_before(const call& at, std::string_view last) {
  const auto tags = at.kept.tags(at.where.repository);
  const auto found = std::lower_bound(tags.begin(), tags.end(), last);
  return found == tags.begin() ? "" : *std::prev(found);
}

void set_parameter(route& where, std::string_view name, std::string value) {
  where.remove_parameter(name);
  where.query.emplace_back(name, std::move(value));
}

std::optional<response> no_tag_lists(call& at) {
  if (at.where.kind != endpoint::tags) return std::nullopt;
  return failure(404, "UNSUPPORTED", "no such endpoint");
}

/// `last` names the first tag of the page instead of the one before it.
std::optional<response> include_last(call& at) {
  const auto last = at.where.parameter("last");
  if (at.where.kind == endpoint::tags && last) {
    auto before = tag_before(at, *last);
    if (before.empty()) {
      at.where.remove_parameter("last");
    } else {
      set_parameter(at.where, "last", std::move(before));
    }
  }
  return std::nullopt;
}

std::optional<response> ignore_last(call& at) {
  if (at.where.kind == endpoint::tags) at.where.remove_parameter("last");
  return std::nullopt;
}

/// A number in `last` is how many tags to leave out.
std::optional<response> last_is_index(call& at) {
  const auto last = at.where.parameter("last");
  const bool is_number =
      last && std::all_of(last->begin(), last->end(), [](char c) { return c >= '0' && c <= '9'; });
  if (at.where.kind != endpoint::tags || !is_number || last->size() > 2) return std::nullopt;
  const auto tags = at.kept.tags(at.where.repository);
  const auto place = static_cast<std::size_t>(std::stoi(std::string(*last)));
  if (place != 0 && place <= tags.size()) set_parameter(at.where, "last", tags[place - 1]);
  return std::nullopt;
}

std::optional<response> never_empty_page(call& at) {
  if (at.where.kind == endpoint::tags && at.where.parameter("n") == "0") {
    at.where.remove_parameter("n");
  }
  return std::nullopt;
}

std::optional<response> ignore_n(call& at) {
  if (at.where.kind == endpoint::tags && at.where.parameter("n") != "0") {
    at.where.remove_parameter("n");
  }
  return std::nullopt;
}

std::optional<response> number_refused_by_crash(call& at) {
  const auto n = at.where.parameter("n");
  if (at.where.kind != endpoint::tags || n != "many") return std::nullopt;
  return failure(500, "UNSUPPORTED", "n is not a number");
}

/// The page begins at the second tag.
std::optional<response> skip_first(call& at) {
  const auto tags = at.kept.tags(at.where.repository);
  if (at.where.kind == endpoint::tags && is_limited(at) && !at.where.parameter("last") &&
      tags.size() > 1) {
    set_parameter(at.where, "last", tags.front());
  }
  return std::nullopt;
}

constexpr std::string_view alias = "registry-alias";

constexpr std::array table{
    rule{.name = "tags-no-list",
         .requirement = "category.discovery.support",
         .summary = "There are no tag lists",
         .before = no_tag_lists},
    rule{.name = "tags-list-206",
         .requirement = "tags.200",
         .summary = "A tag list has status 206",
         .after =
             [](call& at, response& to) {
               if (lists_tags(at, to) && !is_limited(at)) to.status = 206;
             }},
    rule{.name = "tags-page-206",
         .requirement = "table.end-8b.success",
         .summary = "A page of a tag list has status 206",
         .after =
             [](call& at, response& to) {
               if (lists_tags(at, to) && is_limited(at)) to.status = 206;
             }},
    rule{.name = "tags-bare-array",
         .requirement = "tags.body-format",
         .summary = "A tag list is an array of tags, without an object around it",
         .after =
             [](call& at, response& to) {
               if (lists_tags(at, to)) to.replace_body(R"(["alpha"])");
             }},
    rule{.name = "tags-without-name",
         .requirement = "tags.body-format",
         .summary = "A tag list has no name",
         .after =
             [](call& at, response& to) {
               if (lists_tags(at, to)) to.replace_body(R"({"tags":["alpha"]})");
             }},
    rule{.name = "tags-short-name",
         .requirement = "tags.body-name",
         .summary = "The name of a tag list is the last part of the repository's name",
         .after =
             [](call& at, response& to) {
               change_list(at, to, [](oci::tag_list& list) {
                 list.name.erase(0, list.name.rfind('/') + 1);
               });
             }},
    rule{.name = "tags-last-is-missing",
         .requirement = "tags.body-tags-complete",
         .summary = "The last tag of a whole list is left out",
         .after =
             [](call& at, response& to) {
               if (!is_limited(at)) change_list(at, to, drop_last);
             }},
    rule{.name = "tags-of-the-neighbour",
         .requirement = "tags.body-tags-complete",
         .summary = "The list has the tags of a repository whose name begins the same",
         .after =
             [](call& at, response& to) {
               if (!lists_tags(at, to) || is_limited(at)) return;
               const auto theirs = at.kept.tags(at.where.repository + "-other");
               auto list = oci::parse_tag_list(to.payload());
               if (!list || theirs.empty()) return;
               list->tags.insert(list->tags.end(), theirs.begin(), theirs.end());
               std::sort(list->tags.begin(), list->tags.end());
               to.replace_body(oci::to_json(*list));
             }},
    rule{.name = "tags-with-an-alias",
         .requirement = "tags.body-tags-extra",
         .summary = "The list has a tag that the registry made, for the first manifest",
         .before = [](call& at) -> std::optional<response> {
           const auto tags = at.kept.tags(at.where.repository);
           const bool asks = at.where.kind == endpoint::manifest && at.where.last == alias;
           if (asks && !tags.empty()) at.where.last = tags.front();
           return std::nullopt;
         },
         .after =
             [](call& at, response& to) {
               if (is_limited(at)) return;
               change_list(at, to, [](oci::tag_list& list) {
                 list.tags.emplace_back(alias);
                 std::sort(list.tags.begin(), list.tags.end());
               });
             }},
    rule{.name = "tags-reversed",
         .requirement = "tags.order",
         .summary = "The list begins with the last tag",
         .after =
             [](call& at, response& to) {
               if (!is_limited(at)) change_list(at, to, turn_round);
             }},
    rule{.name = "tags-by-length",
         .requirement = "tags.order",
         .summary = "Tags are listed by their length",
         .after =
             [](call& at, response& to) {
               if (!is_limited(at)) change_list(at, to, sort_by_length);
             }},
    rule{.name = "tags-page-reversed",
         .requirement = "tags.n-order",
         .summary = "A page of a tag list is sorted backwards",
         .after =
             [](call& at, response& to) {
               if (is_limited(at)) change_list(at, to, turn_round);
             }},
    rule{.name = "tags-n-ignored",
         .requirement = "tags.n-exact",
         .summary = "All tags are listed, whatever n says",
         .before = ignore_n},
    rule{.name = "tags-page-short-without-link",
         .requirement = "tags.n-exact",
         .summary = "A page has one tag less than n, and no Link",
         .after =
             [](call& at, response& to) {
               if (!is_limited(at)) return;
               change_list(at, to, drop_last);
               to.remove_header("Link");
             }},
    rule{.name = "tags-page-from-second",
         .requirement = "tags.n-from-start",
         .summary = "A page without last begins at the second tag",
         .before = skip_first},
    rule{.name = "tags-n-zero-all",
         .requirement = "tags.n-zero-empty",
         .summary = "n=0 means no limit",
         .before = never_empty_page},
    rule{.name = "tags-n-zero-400",
         .requirement = "tags.n-zero-empty",
         .summary = "n=0 is refused",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind != endpoint::tags || at.where.parameter("n") != "0")
             return std::nullopt;
           return failure(400, "UNSUPPORTED", "n is too small");
         }},
    rule{.name = "tags-n-zero-link",
         .requirement = "tags.n-zero-no-link",
         .summary = "The empty list of n=0 has a Link",
         .after =
             [](call& at, response& to) {
               if (!lists_tags(at, to) || at.where.parameter("n") != "0") return;
               to.set_header("Link", fmt::format("</v2/{}/tags/list?n=1>; rel=\"next\"",
                                                 at.where.repository));
             }},
    rule{.name = "tags-last-included",
         .requirement = "tags.last-exclusive",
         .summary = "The page behind last begins with last itself",
         .before = include_last},
    rule{.name = "tags-last-without-n-ignored",
         .requirement = "tags.last-exclusive",
         .summary = "All tags are listed, whatever last says, where there is no n",
         .before = [](call& at) -> std::optional<response> {
           return is_limited(at) ? std::nullopt : ignore_last(at);
         }},
    rule{.name = "tags-last-400",
         .requirement = "tags.last-accepted",
         .summary = "A tag list with last is refused",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind != endpoint::tags || !at.where.parameter("last")) return std::nullopt;
           return failure(400, "UNSUPPORTED", "follow the Link");
         }},
    rule{.name = "tags-absent-last-from-start",
         .requirement = "tags.last-unknown",
         .summary = "A tag list behind a tag that is not there begins at the first tag",
         .before = [](call& at) -> std::optional<response> {
           const auto last = at.where.parameter("last");
           if (!last || at.kept.tagged(at.where.repository, *last)) return std::nullopt;
           return ignore_last(at);
         }},
    rule{.name = "tags-last-ignored",
         .requirement = "tags.last-up-to-n-after",
         .summary = "Each page begins at the first tag, whatever last says",
         .before = ignore_last},
    rule{.name = "tags-last-is-index",
         .requirement = "tags.last-not-index.registry",
         .summary = "A number in last is how many tags to leave out",
         .before = last_is_index},
    rule{.name = "tags-last-is-index-of-unsorted",
         .requirement = "tags.last-not-index.registry",
         .summary = "The tag 2 is listed last, and in last it is how many tags to leave out",
         .before = last_is_index,
         .after =
             [](call& at, response& to) {
               if (!is_limited(at)) change_list(at, to, put_number_last);
             }},
    rule{.name = "tags-link-bare-url",
         .requirement = "tags.link-format",
         .summary = "The Link of a tag list is a URL alone",
         .after =
             [](call& at, response& to) {
               if (!lists_tags(at, to) || !to.find_header("Link")) return;
               to.set_header("Link", fmt::format("/v2/{}/tags/list?n=1", at.where.repository));
             }},
    rule{.name = "tags-link-without-rel",
         .requirement = "tags.link-format",
         .summary = "The Link of a tag list has no relation",
         .after =
             [](call& at, response& to) {
               if (!lists_tags(at, to)) return;
               if (const auto link = to.find_header("Link")) {
                 to.set_header("Link", std::string(link->substr(0, link->find(';'))));
               }
             }},
    rule{.name = "tags-link-in-a-circle",
         .requirement = "tags.link-walk-complete",
         .summary = "The Link of a tag list leads to its first page",
         .after =
             [](call& at, response& to) {
               if (!lists_tags(at, to) || !to.find_header("Link")) return;
               to.set_header(
                   "Link", fmt::format("</v2/{}/tags/list?n={}>; rel=\"next\"", at.where.repository,
                                       at.where.parameter("n").value_or("1")));
             }},
    rule{.name = "tags-link-skips",
         .requirement = "tags.link-walk-complete",
         .summary = "The page that a Link leads to leaves out a tag",
         .after =
             [](call& at, response& to) {
               if (at.where.parameter("last") && to.find_header("Link")) {
                 change_list(at, to, drop_last);
               }
             }},
    rule{.name = "tags-unknown-repository-200",
         .requirement = "table.end-8a.failure-404",
         .summary = "A repository that is not there has an empty tag list",
         .after =
             [](call& at, response& to) {
               if (at.where.kind != endpoint::tags || to.status != 404 || is_limited(at)) return;
               to.status = 200;
               to.replace_body(oci::to_json({at.where.repository, {}}));
             }},
    rule{.name = "tags-page-unknown-repository-200",
         .requirement = "table.end-8b.failure-404",
         .summary = "A page of a repository that is not there is an empty tag list",
         .after =
             [](call& at, response& to) {
               if (at.where.kind != endpoint::tags || to.status != 404 || !is_limited(at)) return;
               to.status = 200;
               to.replace_body(oci::to_json({at.where.repository, {}}));
             }},
    rule{.name = "tags-n-text-500",
         .requirement = "table.end-8b.failure-404",
         .summary = "n that is no number is answered with 500",
         .before = number_refused_by_crash},
};

}  // namespace

std::span<const rule> tag_list_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
