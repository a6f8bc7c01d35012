#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "plimsoll/reports/history.hpp"
#include "reports/wording.hpp"

namespace plimsoll::reports {
namespace {

constexpr std::size_t shown_runs = 10;

std::size_t count(const past_run& run, verdict outcome) {
  return static_cast<std::size_t>(
      std::count_if(run.requirements.begin(), run.requirements.end(),
                    [outcome](const auto& one) { return one.second == outcome; }));
}

std::string run_line(const past_run& run) {
  return fmt::format("  {:<20}  {:<11}  {:>4} hold  {:>4} broken  {:>4} not followed  {}\n",
                     shown(run.started), to_string(run.outcome), count(run, verdict::pass),
                     count(run, verdict::fail), count(run, verdict::warn), shown(run.file));
}

std::string change_lines(std::string_view what, const std::vector<std::string>& ids) {
  std::string out;
  for (const std::string& id : ids) out += fmt::format("  {:<13}  {}\n", what, shown(id));
  return out;
}

std::string of_registry(const std::vector<past_run>& runs) {
  std::string out = fmt::format("{}: {} {}\n", shown(runs.front().registry), runs.size(),
                                runs.size() == 1 ? "run" : "runs");
  for (std::size_t i = runs.size() - std::min(runs.size(), shown_runs); i < runs.size(); ++i) {
    out += run_line(runs[i]);
  }
  if (runs.size() > 1) {
    const run_changes changes = changes_between(runs[runs.size() - 2], runs.back());
    out += change_lines("newly broken", changes.broken) + change_lines("fixed", changes.fixed) +
           change_lines("still broken", changes.still) +
           change_lines("not judged", changes.unknown);
  }
  return out + "\n";
}

/// The requirements that one of the latest runs broke, each with the verdict of every registry.
std::string matrix(const std::vector<std::vector<past_run>>& registries) {
  std::map<std::string, std::vector<std::string_view>> rows;
  for (std::size_t i = 0; i < registries.size(); ++i) {
    for (const auto& [id, outcome] : registries[i].back().requirements) {
      auto& row = rows[id];
      row.resize(registries.size(), "-");
      row[i] = to_string(outcome);
    }
  }
  std::string out;
  for (std::size_t i = 0; i < registries.size(); ++i) {
    out += fmt::format("{:>3}  {}\n", i + 1, shown(registries[i].back().registry));
  }
  out += fmt::format("\n{:<50}", "requirement");
  for (std::size_t i = 0; i < registries.size(); ++i) out += fmt::format("  {:>5}", i + 1);
  out += "\n";
  for (const auto& [id, row] : rows) {
    const bool kept = std::all_of(row.begin(), row.end(), [](auto word) {
      return word == to_string(verdict::pass) || word == "-";
    });
    if (kept) continue;
    out += fmt::format("{:<50}", shown(id));
    for (const std::string_view word : row) out += fmt::format("  {:>5}", word);
    out += "\n";
  }
  return out;
}

}  // namespace

std::string history_summary(const std::vector<past_run>& runs) {
  const auto registries = by_registry(runs);
  std::string out;
  for (const auto& one : registries) out += of_registry(one);
  return registries.size() > 1 ? out + matrix(registries) : out;
}

}  // namespace plimsoll::reports
