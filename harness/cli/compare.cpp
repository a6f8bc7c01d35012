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
  comparison_flags how;
  std::uint64_t seed = load::comparison_settings().seed;
  std::string json;
  std::string html;
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
  comparing wanted = comparing_by(given.how);
  wanted.settings.seed = given.seed;
  wanted.json = given.json;
  wanted.html = given.html;
  return compare_runs("plimsoll compare", *base, *fresh, wanted);
}

}  // namespace

void describe_comparison(CLI::App& app, comparison_flags& to) {
  app.add_option("--margin", to.margin_percent,
                 "Percent that medians, rates and throughput may be worse by")
      ->check(CLI::Range(0.01, 1000.0))
      ->capture_default_str();
  app.add_option("--tail-margin", to.tail_margin_percent,
                 "Percent that higher percentiles may be worse by")
      ->check(CLI::Range(0.01, 1000.0))
      ->capture_default_str();
  app.add_flag("--strict", to.strict, "Inconclusive is no success: exit with 3");
}

comparing comparing_by(const comparison_flags& flags) {
  comparing made;
  made.settings.margin = flags.margin_percent / 100;
  made.settings.tail_margin = flags.tail_margin_percent / 100;
  if (flags.strict) made.how = load::strictness::strict;
  return made;
}

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
  describe_comparison(app, given->how);
  app.add_option("--seed", given->seed, "Of the bootstrap")->capture_default_str();
  app.add_option("--json", given->json, "Write the comparison to this file");
  app.add_option("--html", given->html, "Write it as a page for a browser to this file");
  return [given] { return compare(*given); };
}

}  // namespace plimsoll::cli
