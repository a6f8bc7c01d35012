#include "upgrade.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "judging.hpp"

namespace plimsoll {
namespace {

constexpr std::string_view rule = "upgrade.include-tagged";

std::vector<const scenario*> those_that(basis stand_on, const std::vector<const scenario*>& all) {
  std::vector<const scenario*> chosen;
  for (const scenario* one : all) {
    const bool judges = std::any_of(one->judges.begin(), one->judges.end(),
                                    [](requirement_id id) { return id.str() == rule; });
    if (judges && one->stands_on == stand_on) chosen.push_back(one);
  }
  return chosen;
}

/// The subject whose tag a push went to; empty for other exchanges.
std::string subject_of(const recorded_exchange& one) {
  constexpr std::string_view place = "/manifests/sha256-";
  const std::size_t at = one.url.find(place);
  if (one.method != "PUT" || one.status != 201 || at == std::string::npos) return "";
  return "sha256:" + one.url.substr(at + place.size());
}

std::vector<std::string> subjects_in(const run_outcome& ran) {
  std::set<std::string> found;
  for (const scenario_result& scenario : ran.scenarios) {
    for (const recorded_exchange& one : scenario.transcript) {
      if (auto subject = subject_of(one); !subject.empty()) found.insert(std::move(subject));
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace

std::vector<scenario_result> judge_upgrade(reference::registry& running,
                                           const reference::options& after,
                                           const std::vector<const scenario*>& scenarios,
                                           run_options how) {
  how.repositories = {"upgrade/one", "upgrade/two"};
  how.keeps_transcripts = true;
  how.given.referrers = subjects_in(judge(running, those_that(basis::pushed, scenarios), how));
  if (how.given.referrers.empty()) {
    throw std::runtime_error("no scenario has left a list of referrers under a tag");
  }
  auto restarted = reference::registry::restart(std::move(running), after);
  if (!restarted) throw std::runtime_error(restarted.error().what());
  running = std::move(*restarted);
  return judge(running, those_that(basis::given_referrers, scenarios), how).scenarios;
}

}  // namespace plimsoll
