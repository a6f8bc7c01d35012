#include <string>
#include <string_view>

#include <fmt/format.h>

#include "plimsoll/reports/pipeline.hpp"
#include "reports/causes.hpp"
#include "reports/wording.hpp"

namespace plimsoll::reports {
namespace {

/// Workflow commands end at a line break; %, and in a property also : and , have to be written
/// as %XX.
std::string escaped(std::string_view foreign, std::string_view also) {
  std::string out;
  for (const char c : shown(foreign)) {
    const bool special = c == '%' || also.find(c) != std::string_view::npos;
    out += special ? fmt::format("%{:02X}", static_cast<unsigned>(c)) : std::string(1, c);
  }
  return out;
}

std::string command(std::string_view name, std::string_view title, std::string_view message) {
  return fmt::format("::{} title={}::{}\n", name, escaped(title, ":,"), escaped(message, ""));
}

std::string of_cause(const run_result& run, const cause& what) {
  const std::string_view kind = what.outcome == verdict::warn ? "warning" : "error";
  if (what.occurrences.empty()) {
    const std::string& name = what.requirement.empty() ? what.reason : what.requirement;
    return command(kind, std::string(to_string(what.outcome)) + " " + name,
                   fmt::format("{} scenarios could not be judged", what.affected.size()));
  }
  const occurrence& first = what.occurrences.front();
  const check_result& check = run.scenarios[first.scenario].checks[first.check];
  return command(
      kind, check.requirement + " (" + weight_text(check) + ")",
      check.statement + " In " + run.scenarios[first.scenario].id + ": " + contrast(check));
}

}  // namespace

std::string annotations(const run_result& run) {
  std::string out;
  for (const cause& one : causes_of(run)) out += of_cause(run, one);
  return out + command("notice", "Plimsoll",
                       std::string(to_string(run.outcome)) + ": " + run.registry +
                           (run.part ? ", " + part_summary(run) : "") +
                           (run.reason.empty() ? "" : ", " + run.reason));
}

}  // namespace plimsoll::reports
