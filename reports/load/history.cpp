#include "plimsoll/load_reports/history.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "plimsoll/load_reports/json.hpp"

namespace plimsoll::load {
namespace {

namespace fs = std::filesystem;

/// Keeps what every file system allows in a name; results may come from other machines.
std::string plain(std::string_view text) {
  constexpr std::string_view kept =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
  std::string out;
  for (const char c : text.substr(0, 60)) {
    if (kept.find(c) != std::string_view::npos) out += c;
  }
  return out;
}

error failed(std::string_view action, const fs::path& path, std::string_view reason) {
  return error::of(fmt::format("{} {}: {}", action, path.string(), reason));
}

/// A file name that is not taken: two short runs of one seed may begin within a second. An
/// underscore sorts after the dot of the first one's name.
fs::path free_name(const fs::path& folder, const load_result& run) {
  const std::string name = fmt::format("{}-{}", plain(run.started), plain(run.run_id));
  fs::path file = folder / (name + ".json");
  for (int i = 2; fs::exists(file); ++i) file = folder / fmt::format("{}_{}.json", name, i);
  return file;
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
      const std::string reason = std::strerror(errno);
      fs::remove(part, code);
      return failed("write", part, reason);
    }
  }
  fs::rename(part, file, code);
  if (code) return failed("write", file, code.message());
  return file;
}

result<std::vector<fs::path>> list_runs(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::path> files;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end;
       entry.increment(code)) {
    if (entry->path().extension() == ".json") files.push_back(entry->path());
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

result<past_load> read_past_load(std::string file, std::string_view json) {
  const auto run = parse_load_result(json);
  if (!run) return run.error();
  return past_load_of(std::move(file), *run);
}

}  // namespace plimsoll::load
