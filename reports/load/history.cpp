#include "plimsoll/load_reports/history.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "plimsoll/load_reports/json.hpp"
#include "plimsoll/load_values/metric.hpp"

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

std::vector<metric> columns_of(std::span<const load_result> runs) {
  std::vector<metric> columns;
  const auto add = [&columns](const metric& one) {
    if (std::find(columns.begin(), columns.end(), one) == columns.end()) columns.push_back(one);
  };
  for (const load_result& run : runs) {
    for (const measured_work& work : run.operations) {
      add({work.name, metric_kind::rate});
      add({work.name, metric_kind::throughput});
      add({work.name, metric_kind::errors});
      for (const double q : {0.5, 0.95, 0.99}) add({work.name, metric_kind::quantile, q});
    }
  }
  return columns;
}

std::string cell(const metric& what, const load_result& run) {
  const auto value = value_of(what, run);
  if (!value) return {};
  const bool time = what.kind == metric_kind::quantile;
  return fmt::format("{:.9g}", time ? *value * 1e-9 : *value);
}

std::string csv_field(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

}  // namespace

result<fs::path> store_run(const fs::path& folder, const load_result& run) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) return failed("make", folder, code.message());
  const fs::path file = folder / fmt::format("{}-{}.json", plain(run.started), plain(run.run_id));
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

std::string otava_csv(std::span<const load_result> runs) {
  std::vector<const load_result*> valid;
  for (const load_result& run : runs) {
    if (run.invalid.empty()) valid.push_back(&run);
  }
  std::stable_sort(valid.begin(), valid.end(), [](const load_result* a, const load_result* b) {
    return a->started < b->started;
  });
  const auto columns = columns_of(runs);
  std::string out = "time,run,version";
  for (const metric& one : columns) out += "," + to_string(one);
  for (const load_result* run : valid) {
    out += fmt::format("\n{},{},{}", csv_field(run->started), csv_field(run->run_id),
                       csv_field(run->version));
    for (const metric& one : columns) out += "," + cell(one, *run);
  }
  return out + "\n";
}

}  // namespace plimsoll::load
