#include "output_folder.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::cli {
namespace {

namespace fs = std::filesystem;

error cannot_write(const fs::path& path, const std::error_code& why) {
  return error::of(fmt::format("write {}: {}", printable(path.string()), why.message()));
}

std::error_code last_error() {
  return {errno == 0 ? EIO : errno, std::generic_category()};
}

}  // namespace

result<void> prepare_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return cannot_write(folder, failed);
  if (!fs::is_directory(folder)) {
    return cannot_write(folder, std::make_error_code(std::errc::not_a_directory));
  }
  const fs::path probe = folder / ".plimsoll-probe";
  if (auto written = write_file(probe, "x"); !written) return written;
  fs::remove(probe, failed);
  return {};
}

result<void> write_file(const fs::path& path, const std::string& bytes) {
  fs::path beside = path;
  beside += ".new";
  errno = 0;
  std::ofstream out(beside, std::ios::binary);
  out << bytes;
  out.close();
  if (!out) return cannot_write(path, last_error());
  std::error_code failed;
  fs::rename(beside, path, failed);
  if (failed) return cannot_write(path, failed);
  return {};
}

}  // namespace plimsoll::cli
