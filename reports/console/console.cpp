#include "plimsoll/reports/console.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "reports/wording.hpp"

namespace plimsoll::reports {
namespace {

using counts = std::vector<std::pair<verdict, std::size_t>>;

/// From what is hoped for to what was not looked at.
constexpr std::array columns{verdict::pass,   verdict::warn,    verdict::fail,
                             verdict::error,  verdict::blocked, verdict::unsupported,
                             verdict::skipped};

constexpr std::string_view category_heading = "category";
constexpr std::size_t verdict_width = 11;  // "not offered", the longest
constexpr std::size_t narrowest_column = 5;

std::size_t count_of(const counts& numbers, verdict what) {
  std::size_t sum = 0;
  for (const auto& [one, number] : numbers) sum += one == what ? number : 0;
  return sum;
}

std::string row(std::string_view name, std::size_t width, std::string_view outcome,
                const counts& numbers) {
  std::string line = fmt::format("{:<{}}  {:<{}}", name, width, outcome, verdict_width);
  for (const verdict column : columns) {
    const std::size_t number = count_of(numbers, column);
    const std::string cell = number == 0 ? "-" : std::to_string(number);
    line += fmt::format("  {:>{}}", cell,
                        std::max<std::size_t>(display_name(column).size(), narrowest_column));
  }
  return line + "\n";
}

std::string heading(std::size_t width) {
  std::string line =
      fmt::format("{:<{}}  {:<{}}", category_heading, width, "verdict", verdict_width);
  for (const verdict column : columns) {
    line += fmt::format("  {:>{}}", display_name(column), narrowest_column);
  }
  return line + "\n";
}

/// What became of the categories that the profile claims; nothing where it claims none.
std::string claims(const run_result& run) {
  std::string out;
  for (const auto& [category, outcome] : claims_of(run)) {
    out += fmt::format("claimed      {}: {}\n", category, outcome);
  }
  return out.empty() ? out : "\n" + out;
}

std::string table(const run_result& run) {
  std::size_t width = category_heading.size();
  counts total;
  for (const category_result& one : run.categories) {
    width = std::max(width, shown(one.category).size());
    total.insert(total.end(), one.scenarios.begin(), one.scenarios.end());
  }
  std::string out = heading(width);
  for (const category_result& one : run.categories) {
    out += row(shown(one.category), width, display_name(one.outcome), one.scenarios);
  }
  return out + row("all", width, display_name(run.outcome), total) + claims(run);
}

std::string finding(const scenario_result& scenario, const check_result& check) {
  std::string out = fmt::format("\n{:<4}  {}", to_string(check.outcome), shown(scenario.id));
  if (!scenario.title.empty()) out += ": " + shown(scenario.title);
  out += "\n";
  for (const std::string& line : finding_lines(check)) out += "      " + line + "\n";
  return out;
}

/// A verdict that no check explains still has to be seen.
std::string findings(const run_result& run, verdict what) {
  std::string out;
  for (const scenario_result& scenario : run.scenarios) {
    bool explained = false;
    for (const check_result& check : scenario.checks) {
      if (check.outcome != what) continue;
      out += finding(scenario, check);
      explained = true;
    }
    if (scenario.outcome == what && !explained) {
      out += fmt::format("\n{:<4}  {}: {}\n", to_string(what), shown(scenario.id),
                         reason_of(scenario));
    }
  }
  return out;
}

/// Scenarios of one verdict that were not judged for the same reason.
struct same_reason {
  std::string reason;
  std::vector<std::string> scenarios;
};

std::vector<same_reason> reasons_for(const run_result& run, verdict outcome) {
  std::vector<same_reason> reasons;
  for (const scenario_result& scenario : run.scenarios) {
    if (scenario.outcome != outcome) continue;
    std::string reason = reason_of(scenario);
    const auto known = std::find_if(reasons.begin(), reasons.end(),
                                    [&](const auto& group) { return group.reason == reason; });
    if (known != reasons.end()) {
      known->scenarios.push_back(shown(scenario.id));
    } else {
      reasons.push_back({std::move(reason), {shown(scenario.id)}});
    }
  }
  return reasons;
}

/// A cause that many scenarios share is one line: their ids are in the other reports.
std::string not_judged(const run_result& run) {
  constexpr std::size_t most_lines = 3;
  std::string out;
  for (const verdict outcome :
       {verdict::error, verdict::unsupported, verdict::blocked, verdict::skipped}) {
    for (const same_reason& group : reasons_for(run, outcome)) {
      const auto& ids = group.scenarios;
      std::vector<std::string> names = ids;
      if (ids.size() > most_lines) {
        names = {fmt::format("{} and {} more", ids.front(), ids.size() - 1)};
      }
      for (const std::string& name : names) {
        out += fmt::format("{:<{}}  {}: {}\n", display_name(outcome), verdict_width, name,
                           group.reason);
      }
    }
  }
  return out.empty() ? out : "\n" + out;
}

/// What the run leaves to do: what the registry kept, and allowances to take out.
std::string leftovers(const run_result& run) {
  std::string out;
  for (const std::string& one : run.left_behind) out += "left behind  " + shown(one) + "\n";
  for (const std::string& one : run.stale) out += "stale        " + shown(one) + "\n";
  return out.empty() ? out : "\n" + out;
}

std::string meaning(const run_result& run) {
  switch (run.outcome) {
    case verdict::pass:
      return "conformant";
    case verdict::partial:
      return part_summary(run) + ", nothing broken";
    case verdict::unsupported:
      return "conformant, without some optional features";
    case verdict::warn:
      return "conformant, but not all that is recommended is followed";
    case verdict::fail:
      return "not conformant";
    case verdict::blocked:
    case verdict::error:
    case verdict::skipped:
      break;
  }
  return "could not be judged";
}

std::string overall(const run_result& run) {
  std::string out = fmt::format(
      "\n{} with distribution-spec {}, profile {}, plimsoll {}, seed {}\n"
      "{} requests in {} s, {} sent, {} received\n",
      shown(run.registry), shown(run.spec_version), shown(run.profile), shown(run.version),
      run.seed, run.requests, seconds(run.took), human_bytes(run.bytes_sent),
      human_bytes(run.bytes_received));
  for (const std::string& line : part_lines(run)) out += "part: " + line + "\n";
  out += fmt::format("verdict: {} ({})", to_string(run.outcome), meaning(run));
  if (!run.reason.empty()) out += ": " + shown(run.reason);
  return out + "\n";
}

}  // namespace

std::string summary(const run_result& run) {
  return table(run) + findings(run, verdict::fail) + findings(run, verdict::warn) +
         not_judged(run) + leftovers(run) + overall(run);
}

}  // namespace plimsoll::reports
