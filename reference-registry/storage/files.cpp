#include "storage/files.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace plimsoll::reference {

void throw_disk_error(const char* attempted, const std::string& path) {
  throw std::system_error(errno, std::generic_category(), std::string(attempted) + ' ' + path);
}

void make_folder(const std::string& path) {
  constexpr mode_t mode = 0755;
  if (::mkdir(path.c_str(), mode) != 0) {
    if (errno == EEXIST) return;
    if (errno != ENOENT) throw_disk_error("make folder", path);
    make_folder(std::filesystem::path(path).parent_path().string());
    if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) throw_disk_error("make folder", path);
  }
  sync_folder(std::filesystem::path(path).parent_path().string());
}

void sync_folder(const std::string& path) {
  const auto folder = open_file::open(path.empty() ? "." : path, O_RDONLY | O_DIRECTORY);
  if (!folder || ::fsync(folder.descriptor()) != 0) throw_disk_error("sync folder", path);
}

void write_at(const open_file& to, const std::string& path, std::uint64_t offset,
              std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count =
        ::pwrite(to.descriptor(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_disk_error("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

void sync_file(const open_file& file, const std::string& path) {
  if (::fsync(file.descriptor()) != 0) throw_disk_error("sync", path);
}

void rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw_disk_error("rename", from);
}

bool remove_file(const std::string& path) {
  if (::unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG) return false;
  throw_disk_error("remove", path);
}

void replace_file(const std::string& path, const std::string& temporary, std::string_view bytes) {
  const auto file = open_file::open(temporary, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file) throw_disk_error("open", temporary);
  write_at(file, temporary, 0, bytes);
  sync_file(file, temporary);
  rename_file(temporary, path);
  sync_folder(std::filesystem::path(path).parent_path().string());
}

std::optional<std::string> read_file(const std::string& path) {
  const auto file = open_file::open(path, O_RDONLY);
  if (!file) return std::nullopt;
  std::string bytes;
  bytes.reserve(file.size());
  read_file(path, [&bytes](std::string_view piece) { bytes += piece; });
  return bytes;
}

void read_file(const std::string& path, const std::function<void(std::string_view)>& take) {
  const auto file = open_file::open(path, O_RDONLY);
  if (!file) throw_disk_error("open", path);
  std::array<char, std::size_t{64} * 1024> piece;  // NOLINT(*-member-init): read into
  for (;;) {
    const auto count = ::read(file.descriptor(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_disk_error("read", path);
    if (count == 0) return;
    take({piece.data(), static_cast<std::size_t>(count)});
  }
}

}  // namespace plimsoll::reference
