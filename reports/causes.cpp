#include "reports/causes.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace plimsoll::reports {
namespace {

/// The order in which people want to see them: broken, not judged, not followed.
int gravity(verdict outcome) {
  switch (outcome) {
    case verdict::fail:
      return 0;
    case verdict::error:
      return 1;
    case verdict::blocked:
      return 2;
    default:
      return 3;
  }
}

class gathering {
 public:
  explicit gathering(const run_result& run) : run_(&run) {
    for (std::size_t i = 0; i < run.scenarios.size(); ++i) add_checks(i);
    for (const scenario_result& one : run.scenarios) note_chain(one);
    for (std::size_t i = 0; i < run.scenarios.size(); ++i) add_unjudged(i);
  }

  std::vector<cause> sorted() && {
    std::stable_sort(causes_.begin(), causes_.end(), [](const cause& a, const cause& b) {
      return gravity(a.outcome) < gravity(b.outcome);
    });
    return std::move(causes_);
  }

 private:
  cause& of_requirement(const std::string& id, verdict outcome) {
    const auto [place, added] = by_requirement_.emplace(id, causes_.size());
    if (added) causes_.push_back({outcome, id, {}, {}, {}});
    cause& found = causes_[place->second];
    if (gravity(outcome) < gravity(found.outcome)) found.outcome = outcome;
    return found;
  }

  cause& of_reason(const std::string& reason, verdict outcome) {
    const auto [place, added] = by_reason_.emplace(reason, causes_.size());
    if (added) causes_.push_back({outcome, {}, reason, {}, {}});
    return causes_[place->second];
  }

  void add_checks(std::size_t at) {
    const auto& checks = run_->scenarios[at].checks;
    for (std::size_t i = 0; i < checks.size(); ++i) {
      const verdict outcome = checks[i].outcome;
      if (outcome != verdict::fail && outcome != verdict::warn) continue;
      of_requirement(checks[i].requirement, outcome).occurrences.push_back({at, i});
    }
  }

  /// What a blocked scenario was to judge is not known because of what blocked it.
  void note_chain(const scenario_result& blocked) {
    if (blocked.blocked_by.empty()) return;
    for (const std::string& id : blocked.judges) {
      const bool judged = std::any_of(blocked.checks.begin(), blocked.checks.end(),
                                      [&](const auto& check) { return check.requirement == id; });
      if (!judged) stands_on_.emplace(id, blocked.blocked_by);
    }
  }

  /// Follows the chain to its end, or to a requirement that is known to be broken.
  std::string root_of(std::string id) const {
    std::set<std::string> seen;
    while (!by_requirement_.contains(id) && seen.insert(id).second) {
      const auto next = stands_on_.find(id);
      if (next == stands_on_.end()) break;
      id = next->second;
    }
    return id;
  }

  void add_unjudged(std::size_t at) {
    const scenario_result& one = run_->scenarios[at];
    if (!one.blocked_by.empty()) {
      of_requirement(root_of(one.blocked_by), verdict::blocked).affected.push_back(at);
    } else if (one.outcome == verdict::error || one.outcome == verdict::blocked) {
      of_reason(one.reason, one.outcome).affected.push_back(at);
    }
  }

  const run_result* run_;
  std::vector<cause> causes_;
  std::map<std::string, std::size_t> by_requirement_;
  std::map<std::string, std::size_t> by_reason_;
  std::map<std::string, std::string> stands_on_;
};

}  // namespace

std::vector<cause> causes_of(const run_result& run) {
  return gathering(run).sorted();
}

}  // namespace plimsoll::reports
