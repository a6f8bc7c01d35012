#include "plimsoll/reports/formats.hpp"

#include <array>
#include <set>
#include <utility>

#include "plimsoll/load_reports/console.hpp"
#include "plimsoll/load_reports/history.hpp"
#include "plimsoll/reports/console.hpp"
#include "plimsoll/reports/html.hpp"
#include "plimsoll/reports/json.hpp"
#include "plimsoll/reports/junit.hpp"
#include "plimsoll/reports/metrics.hpp"
#include "plimsoll/reports/pipeline.hpp"

namespace plimsoll::reports {
namespace {

/// For formats that know only what a run came to.
template <std::string (*write)(const run_result&)>
result<std::string> of_run(const report_source& source) {
  if (!source.run) return error::of("there is no result of a run to make it from");
  return write(*source.run);
}

result<std::string> told(const report_source& source) {
  std::string out;
  if (source.run) out += summary(*source.run);
  for (const load::load_result& one : source.loads) out += load::summary(one);
  if (!source.history.empty()) out += history_summary(source.history);
  if (!source.load_history.empty()) out += load::history_summary(source.load_history);
  if (out.empty()) return error::of("there is no run to sum up; a proof is shown with --html");
  return out;
}

result<std::string> page(const report_source& source) {
  return html(source);
}

result<std::string> metrics(const report_source& source) {
  metric_families all;
  if (source.run) add(all, metrics_of(*source.run));
  std::set<std::pair<std::string, std::string>> seen;
  for (const load::load_result& one : source.loads) {
    if (!seen.emplace(one.registry, one.workload).second) {
      return error::of("two load runs of one workload and registry are one series: choose one");
    }
    add(all, metrics_of(one));
  }
  if (all.empty()) return error::of("there is no result of a run to make it from");
  return prometheus_text(all);
}

result<std::string> load_series(const report_source& source) {
  return load::otava_csv(source.load_history);
}

constexpr std::array formats{
    report_format{"console", "", "A summary for the terminal", told},
    report_format{"html", "report.html", "One page to read in a browser", page},
    report_format{"junit", "junit.xml", "JUnit XML for CI servers", of_run<junit>},
    report_format{"markdown", "summary.md", "A summary for GitHub and GitLab", of_run<markdown>},
    report_format{"annotations", "", "GitHub's workflow commands", of_run<annotations>},
    report_format{"sarif", "report.sarif", "SARIF 2.1.0", of_run<sarif>},
    report_format{"badge", "badge.svg", "A badge with the verdict", of_run<badge_svg>},
    report_format{"badge-json", "badge.json", "The badge for shields.io's endpoint",
                  of_run<badge_json>},
    report_format{"results-yaml", "results.yaml", "For the OCI's conformance programme",
                  of_run<results_yaml>},
    report_format{"prometheus", "plimsoll.prom", "Metrics for Prometheus' textfile collector",
                  metrics},
    report_format{"csv", "", "The load runs of --history, for Apache Otava", load_series},
    report_format{"json", "result.json", "The result itself, as this version writes it",
                  of_run<to_json>},
};

}  // namespace

std::span<const report_format> all_formats() noexcept {
  return formats;
}

}  // namespace plimsoll::reports
