#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "comparing.hpp"
#include "output_folder.hpp"
#include "plimsoll/load_reports/comparison.hpp"
#include "plimsoll/load_reports/history.hpp"
#include "plimsoll/reports/formats.hpp"
#include "plimsoll/reports/html.hpp"

namespace plimsoll::cli {
namespace {

struct options {
  std::vector<std::string> files;  ///< With the separator among them.
  comparing wanted;
  double margin_percent = 5;
  double tail_margin_percent = 10;
  bool strict = false;
};

/// A folder stands for all results in it.
result<std::vector<load::load_result>> read_runs(const std::vector<std::string>& paths) {
  std::vector<load::load_result> runs;
  for (const std::string& path : paths) {
    std::vector<std::filesystem::path> files{path};
    if (std::filesystem::is_directory(path)) {
      auto listed = load::list_runs(path);
      if (!listed) return listed.error();
      files = std::move(*listed);
    }
    for (const auto& file : files) {
      auto run = load::load_run(file);
      if (!run) return run.error();
      runs.push_back(std::move(*run));
    }
  }
  return runs;
}

int refuse(const std::string& why) {
  std::cerr << "plimsoll compare: " << why << '\n';
  return 2;
}

/// The comparison, with the last run of each side drawn beside it.
std::string page(const load::comparison& compared, const std::vector<load::load_result>& base,
                 const std::vector<load::load_result>& fresh) {
  reports::report_source source;
  source.comparison = compared;
  source.loads = {base.back(), fresh.back()};
  return reports::html(source);
}

result<void> write_files(const comparing& wanted, const load::comparison& compared,
                         const std::vector<load::load_result>& base,
                         const std::vector<load::load_result>& fresh) {
  if (!wanted.json.empty()) {
    if (auto written = write_file(wanted.json, load::to_json(compared)); !written) return written;
  }
  if (wanted.html.empty()) return {};
  return write_file(wanted.html, page(compared, base, fresh));
}

int compare(const options& given) {
  const auto& files = given.files;
  const auto between = std::find(files.begin(), files.end(), between_runs);
  if (between == files.begin() || between == files.end() || between + 1 == files.end()) {
    return refuse("expected results on both sides of --, as in: compare old/*.json -- new/*.json");
  }
  const auto base = read_runs({files.begin(), between});
  if (!base) return refuse(base.error().what());
  const auto fresh = read_runs({between + 1, files.end()});
  if (!fresh) return refuse(fresh.error().what());
  comparing wanted = given.wanted;
  wanted.settings.margin = given.margin_percent / 100;
  wanted.settings.tail_margin = given.tail_margin_percent / 100;
  if (given.strict) wanted.how = load::strictness::strict;
  return compare_runs("plimsoll compare", *base, *fresh, wanted);
}

}  // namespace

int compare_runs(std::string_view command, const std::vector<load::load_result>& base,
                 const std::vector<load::load_result>& fresh, const comparing& wanted) {
  const auto compared = load::compare(base, fresh, wanted.settings);
  if (!compared) {
    std::cerr << command << ": " << compared.error().what() << '\n';
    return 2;
  }
  std::cout << load::summary(*compared);
  if (const auto written = write_files(wanted, *compared, base, fresh); !written) {
    std::cerr << command << ": " << written.error().what() << '\n';
    return 3;
  }
  return exit_code(*compared, wanted.how);
}

runnable describe_compare(CLI::App& app) {
  const auto given = std::make_shared<options>();
  app.footer(
      "plimsoll compare BASE... -- NEW...: the runs behind the -- are judged by those before it.");
  app.add_option("RUNS", given->files, "Results of load runs, or folders of them, old -- new")
      ->required();
  app.add_option("--margin", given->margin_percent,
                 "Percent that medians, rates and throughput may be worse by")
      ->check(CLI::Range(0.01, 1000.0))
      ->capture_default_str();
  app.add_option("--tail-margin", given->tail_margin_percent,
                 "Percent that higher percentiles may be worse by")
      ->check(CLI::Range(0.01, 1000.0))
      ->capture_default_str();
  app.add_option("--seed", given->wanted.settings.seed, "Of the bootstrap")->capture_default_str();
  app.add_option("--json", given->wanted.json, "Write the comparison to this file");
  app.add_option("--html", given->wanted.html, "Write it as a page for a browser to this file");
  app.add_flag("--strict", given->strict, "Inconclusive is no success: exit with 3");
  return [given] { return compare(*given); };
}

}  // namespace plimsoll::cli
