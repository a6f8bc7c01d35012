#include "input_file.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "plimsoll/base/text.hpp"

namespace plimsoll::cli {

result<std::string> read_file(const std::string& path) {
  const auto unread = [&](int why) {
    return error::of(printable(path) + ": cannot be read: " + std::generic_category().message(why));
  };
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) return unread(EISDIR);
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open()) return unread(errno);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) return unread(EIO);
  return bytes;
}

}  // namespace plimsoll::cli
