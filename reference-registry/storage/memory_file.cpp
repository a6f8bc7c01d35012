#include "storage/memory_file.hpp"

#include <cerrno>
#include <exception>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace plimsoll::reference {
namespace {

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

open_file open_to_read(int descriptor) {
  try {
    return open_file::open("/proc/self/fd/" + std::to_string(descriptor), O_RDONLY);
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace

open_file memory_file(std::string_view bytes) {
  const int descriptor = ::memfd_create("blob", MFD_CLOEXEC);
  if (descriptor < 0) return {};
  open_file made;
  if (write_all(descriptor, bytes)) made = open_to_read(descriptor);
  ::close(descriptor);
  return made;
}

}  // namespace plimsoll::reference
