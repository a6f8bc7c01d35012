#include "storage/open_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/files.hpp"

namespace plimsoll::reference {

open_file::~open_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

open_file open_file::open(const std::string& path, int flags) {
  open_file made;
  constexpr mode_t mode = 0644;
  made.descriptor_ = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  if (!made) {
    // A digest may be longer than a file's name may be.
    if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG) return made;
    throw_disk_error("open", path);
  }
  struct stat found {};
  if (::fstat(made.descriptor_, &found) != 0) throw_disk_error("stat", path);
  made.size_ = static_cast<std::uint64_t>(found.st_size);
  return made;
}

}  // namespace plimsoll::reference
