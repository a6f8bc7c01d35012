#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "input_file.hpp"
#include "output_folder.hpp"
#include "plimsoll/load_reports/history.hpp"
#include "plimsoll/reports/formats.hpp"
#include "plimsoll/reports/json.hpp"

namespace plimsoll::cli {
namespace {

/// A report that was asked for; "-" is the terminal.
struct wanted_report {
  const reports::report_format* format;
  std::string file;
};

int refuse(int code, const std::string& why) {
  std::cerr << "plimsoll report: " << why << '\n';
  return code;
}

/// Takes a document in: one run and one proof at most, and any number of load runs.
result<void> take(const std::string& path, reports::report_source& into) {
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  auto document = reports::parse_document(*bytes);
  if (!document) return error::of(path + ": " + document.error().what());
  if (auto* run = std::get_if<run_result>(&*document)) {
    if (into.run) return error::of(path + ": a second result; one report shows one run");
    into.run = std::move(*run);
  } else if (auto* load = std::get_if<load::load_result>(&*document)) {
    into.loads.push_back(std::move(*load));
  } else {
    if (into.proof) return error::of(path + ": a second proof; one report shows one");
    into.proof = std::move(std::get<proof_result>(*document));
  }
  return {};
}

result<void> take_past_load(const std::string& name, const std::string& bytes,
                            reports::report_source& into) {
  auto load = load::read_past_load(name, bytes);
  if (!load) return load.error();
  into.load_history.push_back(std::move(*load));
  return {};
}

/// A run of either kind. A load run says so first, where plimsoll wrote it; then it is read once.
result<void> take_past_run(const std::string& name, const std::string& bytes,
                           reports::report_source& into) {
  constexpr std::string_view load_begins = R"({"plimsoll_load")";
  if (bytes.starts_with(load_begins)) return take_past_load(name, bytes, into);
  auto run = reports::read_past_run(name, bytes);
  if (run) {
    into.history.push_back(std::move(*run));
    return {};
  }
  const auto load = take_past_load(name, bytes, into);
  return load ? load : run.error();
}

/// Every result below the folder. What is no result is told and passed over: a folder of many
/// runs must not become unreadable for one that was cut short.
result<void> take_history(const std::string& folder, reports::report_source& into) {
  std::error_code failed;
  std::filesystem::recursive_directory_iterator entries(folder, failed);
  if (failed) return error::of(folder + ": " + failed.message());
  std::vector<std::filesystem::path> files;
  for (const auto& entry : entries) {
    if (entry.is_regular_file() && entry.path().extension() == ".json") files.push_back(entry);
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    const std::string path = file.string();
    const auto bytes = read_file(path);
    if (!bytes) return bytes.error();
    const std::string name = std::filesystem::relative(file, folder).string();
    if (const auto taken = take_past_run(name, *bytes, into); !taken) {
      std::cerr << "plimsoll report: passed over " << path << ": " << taken.error().what() << '\n';
    }
  }
  const bool none = into.history.empty() && into.load_history.empty();
  return none ? error::of(folder + ": no result of a run is in it") : result<void>();
}

/// `--html other.json` takes the result for the page's file: nothing may be written over it.
result<void> check_target(const wanted_report& one) {
  const bool is_json = std::filesystem::path(one.file).extension() == ".json";
  if (!is_json || one.format->name == "json") return {};
  return error::of(fmt::format("--{} {} would write over it: name the results before the flags",
                               one.format->name, one.file));
}

result<void> write(const wanted_report& one, const reports::report_source& source) {
  const auto bytes = one.format->write(source);
  if (!bytes) return error::of(fmt::format("--{}: {}", one.format->name, bytes.error().what()));
  if (one.file == "-") {
    std::cout << *bytes;
    return {};
  }
  if (auto done = write_file(one.file, *bytes); !done) return done;
  std::cout << "wrote " << one.file << '\n';
  return {};
}

int report(const std::vector<std::string>& inputs, const std::string& history,
           const std::vector<wanted_report>& wanted) {
  reports::report_source source;
  for (const wanted_report& one : wanted) {
    if (auto good = check_target(one); !good) return refuse(2, good.error().what());
  }
  if (inputs.empty() && history.empty()) return refuse(2, "expected a RESULT, or --history DIR");
  if (!history.empty()) {
    if (auto taken = take_history(history, source); !taken) return refuse(2, taken.error().what());
  }
  for (const std::string& path : inputs) {
    if (auto taken = take(path, source); !taken) return refuse(2, taken.error().what());
  }
  for (const wanted_report& one : wanted) {
    if (auto done = write(one, source); !done) return refuse(3, done.error().what());
  }
  return 0;
}

}  // namespace

runnable describe_report(CLI::App& app) {
  struct options {
    std::vector<std::string> inputs;
    std::string history;
    std::vector<std::string> files = std::vector<std::string>(reports::all_formats().size());
  };
  const auto given = std::make_shared<options>();
  app.add_option("RESULT", given->inputs, "JSON files: a run, load runs, the suite's proof");
  app.add_option("--history", given->history,
                 "A folder of results: trends, changes, registries side by side")
      ->type_name("DIR");
  std::vector<CLI::Option*> flags;
  for (std::size_t i = 0; i < given->files.size(); ++i) {
    const reports::report_format& format = reports::all_formats()[i];
    const std::string file = format.file.empty() ? "-" : std::string(format.file);
    flags.push_back(app.add_option("--" + std::string(format.name), given->files[i],
                                   fmt::format("{}; FILE: {} unless told, - for the terminal",
                                               format.summary, file))
                        ->expected(0, 1)
                        ->type_name("[FILE]"));
  }
  return [given, flags] {
    std::vector<wanted_report> wanted;
    for (std::size_t i = 0; i < flags.size(); ++i) {
      const reports::report_format& format = reports::all_formats()[i];
      const std::string usual = format.file.empty() ? "-" : std::string(format.file);
      if (flags[i]->count() != 0) {
        wanted.push_back({&format, given->files[i].empty() ? usual : given->files[i]});
      }
    }
    if (wanted.empty()) wanted.push_back({&reports::all_formats().front(), "-"});
    return report(given->inputs, given->history, wanted);
  };
}

}  // namespace plimsoll::cli
