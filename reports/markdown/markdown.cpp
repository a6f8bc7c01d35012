#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "plimsoll/reports/pipeline.hpp"
#include "reports/causes.hpp"
#include "reports/spec_link.hpp"
#include "reports/wording.hpp"

namespace plimsoll::reports {
namespace {

/// GitHub cuts a summary at 1 MiB; nobody reads that far.
constexpr std::size_t most_causes = 50;

/// Foreign text as a code span, in which neither Markdown nor HTML means anything. The fence is
/// longer than any run of backticks inside; a bar would end a table's cell even there.
std::string code(std::string_view foreign) {
  const std::string text = shown(foreign);
  std::size_t longest = 0;
  std::size_t run = 0;
  std::string inner;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    if (c == '|') inner += '\\';
    inner += c;
  }
  const std::string fence(longest + 1, '`');
  return inner.empty() ? "(nothing)" : fence + ' ' + inner + ' ' + fence;
}

/// Text in prose: what Markdown and HTML would read as theirs is escaped.
std::string prose(std::string_view foreign) {
  std::string out;
  for (const char c : shown(foreign)) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      if (std::string_view(R"(\`*_{}[]()#+-.!|>~@:)").find(c) != std::string_view::npos)
        out += '\\';
      out += c;
    }
  }
  return out;
}

std::string_view mark(verdict outcome) {
  switch (outcome) {
    case verdict::pass:
      return "✅";
    case verdict::fail:
      return "❌";
    case verdict::warn:
      return "⚠️";
    case verdict::error:
    case verdict::blocked:
      return "⛔";
    default:
      return "➖";
  }
}

std::size_t count_of(const category_result& category, verdict what) {
  std::size_t sum = 0;
  for (const auto& [one, number] : category.scenarios) sum += one == what ? number : 0;
  return sum;
}

std::string table(const run_result& run) {
  std::string out =
      "| category | verdict | pass | warn | fail | not judged | not offered |\n"
      "| --- | --- | ---: | ---: | ---: | ---: | ---: |\n";
  for (const category_result& one : run.categories) {
    out += fmt::format("| {} | {} {} | {} | {} | {} | {} | {} |\n", prose(one.category),
                       mark(one.outcome), display_name(one.outcome), count_of(one, verdict::pass),
                       count_of(one, verdict::warn), count_of(one, verdict::fail),
                       count_of(one, verdict::error) + count_of(one, verdict::blocked),
                       count_of(one, verdict::unsupported));
  }
  for (const auto& [category, outcome] : claims_of(run)) {
    out += fmt::format("\nClaimed: {} {}\n", prose(category), outcome);
  }
  return out;
}

std::string finding(const run_result& run, const cause& what) {
  const occurrence& first = what.occurrences.front();
  const scenario_result& scenario = run.scenarios[first.scenario];
  const check_result& check = scenario.checks[first.check];
  const std::string link =
      spec_link(run.spec_version, check.requirement, check.spec, check.section);
  std::string out = fmt::format("\n<details><summary>{} {}</summary>\n\n", mark(what.outcome),
                                prose(check.statement));
  out += fmt::format("{} ({}), [{}]({})\n\n", code(check.requirement), weight_text(check),
                     prose(check.section), link);
  out += "- in " + code(scenario.id) + "\n- expected " + code(check.expected) + "\n- received " +
         code(check.received) + '\n';
  if (!what.affected.empty()) {
    out += fmt::format("- {} more could not be judged because of it\n", what.affected.size());
  }
  if (!check.curl.empty()) out += "\nTo see it again:\n\n    " + repeat_command(check) + "\n";
  return out + "\n</details>\n";
}

std::string one_line(const run_result& run, const cause& what) {
  const std::string name = what.requirement.empty() ? prose(what.reason) : code(what.requirement);
  std::string out = fmt::format("\n{} {}: {}", mark(what.outcome), to_string(what.outcome), name);
  for (const std::size_t at : what.affected) out += "\n- " + code(run.scenarios[at].id);
  return out + '\n';
}

}  // namespace

std::string markdown(const run_result& run) {
  std::string out =
      fmt::format("## {} Plimsoll: {}\n\n{}, distribution-spec {}, {} requests in {} s\n\n",
                  mark(run.outcome), to_string(run.outcome), code(run.registry),
                  prose(run.spec_version), run.requests, seconds(run.took));
  if (!run.reason.empty()) out += prose(run.reason) + "\n\n";
  if (run.part) {
    out += prose(part_summary(run)) + ":\n\n";
    for (const std::string& line : part_lines(run)) out += "- " + prose(line) + "\n";
    out += "\n";
  }
  out += table(run);
  const auto causes = causes_of(run);
  for (std::size_t i = 0; i < std::min(causes.size(), most_causes); ++i) {
    out += causes[i].occurrences.empty() ? one_line(run, causes[i]) : finding(run, causes[i]);
  }
  if (causes.size() > most_causes) {
    out += fmt::format("\n{} more are in the full report.\n", causes.size() - most_causes);
  }
  return out;
}

}  // namespace plimsoll::reports
