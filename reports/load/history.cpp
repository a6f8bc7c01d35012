#include "plimsoll/load_reports/history.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "plimsoll/load_reports/json.hpp"
#include "plimsoll/load_values/comparison.hpp"
#include "plimsoll/load_values/metric.hpp"
#include "reports/load/units.hpp"

namespace plimsoll::load {
namespace {

namespace fs = std::filesystem;

/// What may stand in a file's name anywhere; results may come from elsewhere.
std::string plain(std::string_view text) {
  constexpr std::string_view kept =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
  std::string out;
  for (const char c : text.substr(0, 60)) {
    if (kept.find(c) != std::string_view::npos) out += c;
  }
  return out;
}

error failed(std::string_view what, const fs::path& path, std::string_view why) {
  return error::of(fmt::format("{} {}: {}", what, path.string(), why));
}

using runs_by_time = std::vector<const load_result*>;

runs_by_time by_time(std::span<const load_result> runs) {
  runs_by_time sorted;
  for (const load_result& run : runs) sorted.push_back(&run);
  std::stable_sort(sorted.begin(), sorted.end(), [](const load_result* a, const load_result* b) {
    return a->started < b->started;
  });
  return sorted;
}

/// What all runs have.
std::vector<metric> columns_of(const runs_by_time& runs) {
  std::vector<metric> columns;
  const auto add = [&](const metric& one) {
    const bool everywhere = std::all_of(runs.begin(), runs.end(), [&one](const load_result* run) {
      return value_of(one, *run).has_value();
    });
    if (everywhere) columns.push_back(one);
  };
  for (const measured_work& work : runs.front()->operations) {
    add({work.name, metric_kind::rate});
    add({work.name, metric_kind::throughput});
    add({work.name, metric_kind::errors});
    for (const double q : {0.5, 0.95, 0.99}) add({work.name, metric_kind::quantile, q});
  }
  return columns;
}

std::string cell(const metric& what, const load_result& run) {
  const bool time = what.kind == metric_kind::quantile;
  return fmt::format("{:.9g}", value_of(what, run).value() * (time ? 1e-9 : 1));
}

std::string csv_field(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

/// No file has it yet: two short runs of one seed may begin within a second. An underscore sorts
/// behind the dot of the first one's name.
fs::path free_name(const fs::path& folder, const load_result& run) {
  const std::string name = fmt::format("{}-{}", plain(run.started), plain(run.run_id));
  fs::path file = folder / (name + ".json");
  for (int i = 2; fs::exists(file); ++i) file = folder / fmt::format("{}_{}.json", name, i);
  return file;
}

std::string line_of(const load_result& run) {
  const measured_work all = all_operations(run);
  const auto shown = [&run](metric_kind kind, double quantile) {
    const auto value = value_of({"", kind, quantile}, run);
    return value ? shown_value(kind, *value) : std::string("-");
  };
  return fmt::format("  {:<20}  {:<16}  {:>9} good  {:>7} failed  {:>10}  p50 {:>8}  p99 {:>8}{}\n",
                     shown_text(run.started), shown_text(run.workload), all.latency.count(),
                     failures_of(all), shown(metric_kind::rate, 0),
                     shown(metric_kind::quantile, 0.5), shown(metric_kind::quantile, 0.99),
                     run.invalid.empty() ? "" : "  not valid");
}

}  // namespace

result<fs::path> store_run(const fs::path& folder, const load_result& run) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) return failed("make", folder, code.message());
  const fs::path file = free_name(folder, run);
  const fs::path part = fs::path(file).concat(".part");
  {
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    out << to_json(run);
    out.close();
    if (!out) {
      const std::string why = std::strerror(errno);
      fs::remove(part, code);
      return failed("write", part, why);
    }
  }
  fs::rename(part, file, code);
  if (code) return failed("write", file, code.message());
  return file;
}

result<std::vector<fs::path>> list_runs(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::path> files;
  for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
    if (at->path().extension() == ".json") files.push_back(at->path());
  }
  if (code) return failed("list", folder, code.message());
  std::sort(files.begin(), files.end());
  return files;
}

result<load_result> load_run(const fs::path& file) {
  std::error_code code;
  const std::uintmax_t size = fs::file_size(file, code);
  if (code) return failed("read", file, code.message());
  if (size > largest_result_bytes) {
    return failed("read", file,
                  fmt::format("{} bytes, expected at most {}", size, largest_result_bytes));
  }
  std::string text(size, '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(text.data(), static_cast<std::streamsize>(size));
  if (!in) return failed("read", file, std::strerror(errno));
  auto run = parse_load_result(text);
  if (!run) return failed("in", file, run.error().what());
  return run;
}

std::string history_summary(std::span<const load_result> runs) {
  constexpr std::size_t most = 10;
  const auto sorted = by_time(runs);
  std::string out = fmt::format("{} load {}\n", runs.size(), runs.size() == 1 ? "run" : "runs");
  for (std::size_t i = runs.size() - std::min(runs.size(), most); i < runs.size(); ++i) {
    out += line_of(*sorted[i]);
  }
  return out;
}

result<std::string> otava_csv(std::span<const load_result> runs) {
  auto valid = by_time(runs);
  std::erase_if(valid, [](const load_result* run) { return !run->invalid.empty(); });
  if (valid.empty()) return error::of("there is no valid load run to make it from");
  for (const load_result* run : valid) {
    if (const auto same = check_same_test(*valid.front(), *run); !same) return same.error();
  }
  const auto columns = columns_of(valid);
  std::string out = "time,run,version,registry";
  for (const metric& one : columns) out += "," + csv_field(to_string(one));
  for (const load_result* run : valid) {
    out += "\n" + csv_field(run->started);
    for (const auto& text : {run->run_id, run->version, run->registry})
      out += "," + csv_field(text);
    for (const metric& one : columns) out += "," + cell(one, *run);
  }
  return out + "\n";
}

}  // namespace plimsoll::load
