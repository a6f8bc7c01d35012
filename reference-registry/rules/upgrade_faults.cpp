#include <algorithm>
#include <array>
#include <string>

#include "plimsoll/oci/name.hpp"
#include "rules/referrer_rules.hpp"

/// "Enabling the Referrers API": what a registry lists of what was pushed before, and after.
namespace plimsoll::reference {
namespace {

/// The index that stands under the tag of the fallback; empty where there is none.
oci::image_index tagged_list(const call& at) {
  const auto subject = oci::digest::parse(at.where.last);
  if (!subject) return {};
  const auto digest = at.kept.tagged(at.where.repository, oci::referrers_tag(*subject));
  if (!digest) return {};
  const auto found = at.kept.manifest(at.where.repository, *digest);
  auto index = found ? oci::parse_image_index(*found->bytes) : oci::image_index{};
  return index ? std::move(*index) : oci::image_index{};
}

void drop_those_in_tag(call& at, oci::image_index& index) {
  const auto known = tagged_list(at).manifests;
  auto& all = index.manifests;
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const oci::descriptor& one) {
                             return std::any_of(known.begin(), known.end(), [&](const auto& other) {
                               return other.digest == one.digest;
                             });
                           }),
            all.end());
}

void add_those_in_tag(call& at, oci::image_index& index) {
  auto known = tagged_list(at).manifests;
  drop_those_in_tag(at, index);
  for (auto& one : known) index.manifests.push_back(std::move(one));
}

/// Remembers what was pushed last to each repository.
std::optional<response> remember_pushed(call& at) {
  if (at.where.kind == endpoint::manifest && at.asked.method == "PUT") {
    const std::string digest = oci::digest_of(at.asked.body).str();
    at.remembered.notes["pushed to " + at.where.repository] = digest;
  }
  return std::nullopt;
}

void hide_newest(call& at, oci::image_index& index) {
  const auto newest = at.remembered.notes.find("pushed to " + at.where.repository);
  if (newest == at.remembered.notes.end()) return;
  std::erase_if(index.manifests,
                [&](const oci::descriptor& one) { return one.digest.str() == newest->second; });
}

/// Remembers the manifests that are pushed while the API is on.
std::optional<response> remember_since_start(call& at) {
  if (at.where.kind == endpoint::manifest && at.asked.method == "PUT") {
    at.remembered.notes[oci::digest_of(at.asked.body).str()] = "";
  }
  return std::nullopt;
}

void drop_older(call& at, oci::image_index& index) {
  std::erase_if(index.manifests, [&](const oci::descriptor& one) {
    return !at.remembered.notes.contains(one.digest.str());
  });
}

constexpr std::array table{
    rule{.name = "upgrade-tagged-left-out",
         .requirement = "upgrade.include-tagged",
         .summary = "What the index under the referrers tag lists is not in the list",
         .after = [](call& at, response& to) { change_index(at, to, drop_those_in_tag); }},
    rule{.name = "upgrade-tag-copied",
         .requirement = "upgrade.fallback-tag-invalid-subject",
         .summary = "The list has all that the index under the referrers tag has",
         .after = [](call& at, response& to) { change_index(at, to, add_those_in_tag); }},
    rule{.name = "upgrade-newest-missing",
         .requirement = "upgrade.include-new",
         .summary = "What was pushed last is not listed",
         .before = remember_pushed,
         .after = [](call& at, response& to) { change_index(at, to, hide_newest); }},
    rule{.name = "upgrade-lists-only-what-is-new",
         .requirement = "upgrade.include-tagged",
         .summary = "What was pushed before the referrers API was switched on is not listed",
         .before = remember_since_start,
         .after = [](call& at, response& to) { change_index(at, to, drop_older); },
         .is_upgraded = true},
};

}  // namespace

std::span<const rule> upgrade_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
