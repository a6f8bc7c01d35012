#include "storage/file_session.hpp"

#include <filesystem>
#include <utility>

#include <fcntl.h>

#include "storage/files.hpp"

namespace plimsoll::reference {

file_session::file_session(std::string folder, std::string id, oci::hash_algorithm algorithm)
    : upload_session(algorithm), folder_(std::move(folder)), id_(std::move(id)) {
  path_ = path_at(0);
  const auto made = open_file::open(path_, O_WRONLY | O_CREAT | O_EXCL);
  if (!made) throw_disk_error("make", path_);
  sync_folder(folder_);
}

file_session::file_session(std::string folder, std::string id, std::uint64_t size)
    : upload_session(oci::hash_algorithm::sha256, size),
      folder_(std::move(folder)),
      id_(std::move(id)) {
  path_ = path_at(size);
  std::filesystem::resize_file(path_, size);
}

std::string file_session::path_at(std::uint64_t size) const {
  return folder_ + '/' + id_ + '.' + std::to_string(size);
}

void file_session::sync_received() {
  if (file_) sync_file(file_, path_);
  file_ = open_file();
}

void file_session::move_to(const std::string& path) {
  sync_received();
  rename_file(path_, path);
  close();
}

void file_session::remove() {
  close();
  if (remove_file(path_)) sync_folder(folder_);
}

void file_session::write(std::uint64_t offset, std::string_view piece) {
  if (!file_) file_ = open_file::open(path_, O_WRONLY);
  if (!file_) throw_disk_error("open", path_);
  write_at(file_, path_, offset, piece);
}

void file_session::sync(std::uint64_t size) {
  sync_received();
  auto next = path_at(size);
  if (next == path_) return;
  rename_file(path_, next);
  path_ = std::move(next);
  sync_folder(folder_);
}

void file_session::cut(std::uint64_t size) {
  file_ = open_file();
  std::filesystem::resize_file(path_, size);
}

void file_session::read(const std::function<void(std::string_view)>& take) {
  read_file(path_, take);
}

}  // namespace plimsoll::reference
