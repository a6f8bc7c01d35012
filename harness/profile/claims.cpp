#include "claims.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "plimsoll/catalogue/catalogue.hpp"

namespace plimsoll {
namespace {

/// An API of a category, and the rules of which one has to hold where it is there.
struct end_point {
  std::string_view category;
  std::string_view api;
  std::array<std::string_view, 2> rules;
};

// The APIs of the spec's "Endpoints" that can be absent without a rule being broken otherwise.
constexpr std::array end_points{
    end_point{"pull", "GET /v2/<name>/manifests/<reference>", {"pull.manifest.get-200"}},
    end_point{"pull", "HEAD /v2/<name>/manifests/<reference>", {"pull.head.manifest-200"}},
    end_point{"pull", "GET /v2/<name>/blobs/<digest>", {"pull.blob.get-200"}},
    end_point{"pull", "HEAD /v2/<name>/blobs/<digest>", {"pull.head.blob-200"}},
    end_point{"push", "POST /v2/<name>/blobs/uploads/", {"push.post.202"}},
    end_point{"push", "PATCH of an upload", {"push.chunk.202"}},
    end_point{"push", "PUT that ends an upload", {"push.put.201"}},
    end_point{"push", "PUT /v2/<name>/manifests/<reference>", {"push.manifest.201"}},
    end_point{"discovery", "GET /v2/<name>/tags/list", {"tags.200"}},
    end_point{"discovery", "GET /v2/<name>/referrers/<digest>", {"referrers.200"}},
    // Deletion by digest alone is enough: "Content Management" leaves that by tag open.
    end_point{"management",
              "DELETE /v2/<name>/manifests/<reference>",
              {"delete.manifest.202", "delete.tag.202"}},
    end_point{"management", "DELETE /v2/<name>/blobs/<digest>", {"delete.blob.202"}},
};

bool is_rule_of(const end_point& which, std::string_view id) {
  return std::find(which.rules.begin(), which.rules.end(), id) != which.rules.end();
}

/// A scenario of another category may stand on something else that is absent.
bool judges(const scenario_result& scenario, const end_point& which) {
  if (scenario.category != which.category) return false;
  return std::any_of(scenario.judges.begin(), scenario.judges.end(),
                     [&](const std::string& id) { return is_rule_of(which, id); });
}

/// Whether the run's version of the spec has it; also where the version is not known.
bool is_of_version(const end_point& which, const run_result& run) {
  const auto version = parse_spec_version(run.spec_version);
  if (!version) return true;
  return std::any_of(which.rules.begin(), which.rules.end(), [&](std::string_view id) {
    const requirement* const rule = find_requirement(id);
    return rule != nullptr && rule->level_in(*version).has_value();
  });
}

bool was_checked(const end_point& which, const run_result& run) {
  return std::any_of(run.scenarios.begin(), run.scenarios.end(), [&](const scenario_result& each) {
    return std::any_of(each.checks.begin(), each.checks.end(), [&](const check_result& check) {
      return is_rule_of(which, check.requirement);
    });
  });
}

/// The scenario that shows that the end-point is not there; null where something else kept it from
/// being judged.
scenario_result* shows_absence(const end_point& which, run_result& run) {
  scenario_result* absent = nullptr;
  for (scenario_result& scenario : run.scenarios) {
    if (!judges(scenario, which)) continue;
    switch (scenario.outcome) {
      case verdict::blocked:
      case verdict::error:
      case verdict::fail:
        return nullptr;
      case verdict::unsupported:
        if (absent == nullptr || absent->outcome == verdict::skipped) absent = &scenario;
        break;
      case verdict::skipped:
        if (absent == nullptr && !run.part) absent = &scenario;
        break;
      case verdict::pass:
      case verdict::warn:
      case verdict::partial:
        break;
    }
  }
  return absent;
}

}  // namespace

void judge_claims(const profile& how, run_result& run) {
  for (const end_point& which : end_points) {
    const auto& claims = how.claims;
    if (std::find(claims.begin(), claims.end(), which.category) == claims.end()) continue;
    if (!is_of_version(which, run) || was_checked(which, run)) continue;
    scenario_result* const absent = shows_absence(which, run);
    if (absent == nullptr) continue;
    absent->outcome = verdict::fail;
    absent->reason = fmt::format("the category {} is claimed, and {} is not offered: {}",
                                 which.category, which.api, absent->reason);
  }
}

}  // namespace plimsoll
