#pragma once

#include <string>

#include "plimsoll/verdict/result.hpp"

/// Reports that other programs of a pipeline read. All foreign text is escaped as the form wants.
namespace plimsoll::reports {

/// A summary in Markdown, as GitHub shows it behind a job and GitLab on a merge request: the
/// verdict, a table of the categories, then each cause with what was expected and received.
[[nodiscard]] std::string markdown(const run_result& run);

/// GitHub's workflow commands, one line each: an error for a MUST that is broken, a warning for
/// what warns, and a notice with the verdict.
[[nodiscard]] std::string annotations(const run_result& run);

/// SARIF 2.1.0: a rule for each requirement that was found broken, a result for each place.
[[nodiscard]] std::string sarif(const run_result& run);

/// A badge with the verdict, as SVG that refers to nothing outside of itself.
[[nodiscard]] std::string badge_svg(const run_result& run);

/// The same as the JSON that shields.io's endpoint badge reads.
[[nodiscard]] std::string badge_json(const run_result& run);

/// `results.yaml` as submissions to the OCI's conformance programme have it, beside `junit.xml` and
/// `report.html`: each API and each kind of content of its list with Pass, Skip, Disabled, FAIL or
/// Error. `reports/programme/keys.cpp` says what of a run each of them is made from.
[[nodiscard]] std::string results_yaml(const run_result& run);

/// The run's metrics in Prometheus' text form, for node_exporter's textfile collector.
[[nodiscard]] std::string prometheus_text(const run_result& run);

}  // namespace plimsoll::reports
