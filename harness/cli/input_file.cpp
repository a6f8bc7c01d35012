#include "input_file.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <limits>
#include <system_error>
#include <vector>

#include "plimsoll/base/text.hpp"

namespace plimsoll::cli {

result<std::string> read_file(const std::string& path) {
  return read_file(path, std::numeric_limits<std::uint64_t>::max());
}

result<std::string> read_file(const std::string& path, std::uint64_t most_bytes) {
  const auto unread = [&](int why) {
    return error::of(printable(path) + ": cannot be read: " + std::generic_category().message(why));
  };
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) return unread(EISDIR);
  const error too_large =
      error::of(printable(path) + ": is larger than " + human_bytes(most_bytes));
  const auto size = std::filesystem::file_size(path, unknown);
  if (!unknown && size > most_bytes) return too_large;
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open()) return unread(errno);
  constexpr std::size_t at_once = 64UL * 1024;
  std::vector<char> piece(at_once);
  std::string bytes;
  while (in) {
    in.read(piece.data(), at_once);
    bytes.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    if (bytes.size() > most_bytes) return too_large;
  }
  if (in.bad()) return unread(EIO);
  return bytes;
}

}  // namespace plimsoll::cli
