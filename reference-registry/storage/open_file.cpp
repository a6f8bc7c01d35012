#include "storage/open_file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace plimsoll::reference {

open_file::~open_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

open_file open_file::to_read(const std::filesystem::path& path) noexcept {
  return open_file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

std::uint64_t open_file::size() const {
  struct stat found {};
  if (::fstat(descriptor_, &found) != 0) {
    throw std::system_error(errno, std::generic_category(), "fstat");
  }
  return static_cast<std::uint64_t>(found.st_size);
}

}  // namespace plimsoll::reference
