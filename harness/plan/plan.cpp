#include "plimsoll/plan/plan.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "part.hpp"
#include "plimsoll/base/text.hpp"
#include "switches.hpp"

namespace plimsoll {
namespace {

/// The settings of the official suite that have no counterpart, with what they are there.
constexpr std::array<std::string_view, 6> without_effect{"data.image",        "data.index-list",
                                                         "data.sparse",       "data.artifact-list",
                                                         "data.subject-list", "data.empty-blob"};

/// Why nothing that the scenario judges is left; nothing where some of it is.
std::string nothing_left(const configuration& chosen, std::span<const requirement_id> judged) {
  std::string reason;
  for (const requirement_id id : judged) {
    if (!find(id).level_in(chosen.version)) continue;
    const auto off = switched_off_by(chosen, id.str());
    if (!off) return "";
    if (reason.empty()) reason = *off;
  }
  if (!reason.empty() || judged.empty()) return reason;
  return fmt::format("judges nothing that distribution-spec {} has", to_string(chosen.version));
}

/// What a scenario that only reads has to be given, and the setting's name.
std::pair<bool, std::string_view> given_for(const configuration& chosen, basis what) {
  switch (what) {
    case basis::given_tags:
      return {!chosen.given.tags.empty(), "given.tags"};
    case basis::given_manifests:
      return {!chosen.given.manifests.empty() || !chosen.given.tags.empty(), "given.manifests"};
    case basis::given_blobs:
      return {!chosen.given.blobs.empty(), "given.blobs"};
    case basis::given_referrers:
      return {!chosen.given.referrers.empty(), "given.referrers"};
    case basis::given_private:
      return {!chosen.owner.repository.empty(), "private.repo"};
    case basis::pushed:
    case basis::nothing:
      break;
  }
  return {true, ""};
}

std::string why_skipped(const configuration& chosen, const scenario& what) {
  if (what.stands_on == basis::pushed || what.stands_on == basis::given_private) {
    if (chosen.read_only) {
      return fmt::format("pushes, and read-only is on ({})", origin_of(chosen, "read-only"));
    }
    if (!chosen.apis.push) {
      return fmt::format("pushes, and apis.push is off ({})", origin_of(chosen, "apis.push"));
    }
  }
  if (what.needs_fresh && !chosen.repositories.empty()) {
    return fmt::format("needs a repository that nobody has pushed to, and repo is given ({})",
                       origin_of(chosen, "repo"));
  }
  if (what.pushes_elsewhere && !chosen.repositories.empty()) {
    return fmt::format("writes to other repositories, and repo is given ({})",
                       origin_of(chosen, "repo"));
  }
  if (what.is_large && chosen.filter.empty()) {
    return fmt::format("moves much: runs where it is asked for by --filter {}", what.id);
  }
  const auto [given, setting] = given_for(chosen, what.stands_on);
  if (!given && what.stands_on == basis::given_private) {
    return "needs a repository that the login may not read: name it with --private.repo";
  }
  if (!given) return fmt::format("reads what is there already: name it with --{}", setting);
  return nothing_left(chosen, what.judges);
}

}  // namespace

plan make_plan(const configuration& chosen, std::span<const scenario* const> all,
               std::span<const observer> observers) {
  plan made;
  for (const scenario* const one : all) {
    if (!is_chosen(chosen, one->id, one->category)) continue;
    made.scenarios.push_back({one, why_skipped(chosen, *one)});
  }
  for (const observer& one : observers) {
    if (is_chosen(chosen, one.id, one.category)) made.observers.push_back(one);
  }
  for (const requirement& one : all_requirements()) {
    if (switched_off_by(chosen, one.id)) made.switched_off.push_back(one.id);
  }
  for (const std::string_view setting : without_effect) {
    if (chosen.origins.find(setting) == chosen.origins.end()) continue;
    made.notes.push_back(fmt::format("{} ({}) has no effect: what it switches is no requirement",
                                     setting, origin_of(chosen, setting)));
  }
  made.why_not_sent = forbidden_requests(chosen);
  made.part = part_of(chosen, all, observers);
  return made;
}

std::vector<const scenario*> to_run(const plan& from) {
  std::vector<const scenario*> out;
  for (const planned_scenario& one : from.scenarios) {
    if (one.skipped.empty()) out.push_back(one.what);
  }
  return out;
}

std::vector<scenario_result> with_skipped(const plan& from, std::vector<scenario_result> ran) {
  std::vector<scenario_result> all;
  auto next = ran.begin();
  for (const planned_scenario& one : from.scenarios) {
    if (one.skipped.empty()) {
      if (next != ran.end()) all.push_back(std::move(*next++));
      continue;
    }
    scenario_result skipped;
    skipped.id = one.what->id;
    skipped.title = one.what->title;
    skipped.category = one.what->category;
    for (const requirement_id id : one.what->judges) skipped.judges.emplace_back(id.str());
    skipped.outcome = verdict::skipped;
    skipped.reason = one.skipped;
    all.push_back(std::move(skipped));
  }
  std::move(next, ran.end(), std::back_inserter(all));
  return all;
}

std::string to_text(const plan& from) {
  std::string out;
  for (const planned_scenario& one : from.scenarios) {
    out += one.skipped.empty()
               ? fmt::format("run   {}\n", one.what->id)
               : fmt::format("skip  {}: {}\n", one.what->id, printable(one.skipped));
  }
  for (const observer& one : from.observers) {
    out += fmt::format("run   {} (sees every answer)\n", one.id);
  }
  return out;
}

}  // namespace plimsoll
