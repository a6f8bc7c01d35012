#include "layer_archive.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

namespace plimsoll::suite {
namespace {

constexpr std::size_t block_bytes = 512;
constexpr int gzip_frame = 15 + 16;  ///< zlib's window bits for the largest window in gzip's frame.

unsigned char* bytes_of(char* text) {
  return reinterpret_cast<unsigned char*>(text);  // NOLINT(*-reinterpret-cast): zlib's bytes
}

/// zlib takes its input by a pointer to what it does not change.
unsigned char* bytes_of(std::string_view text) {
  return bytes_of(const_cast<char*>(text.data()));  // NOLINT(*-const-cast)
}

}  // namespace

std::string tar_of(std::string_view name, std::string_view content) {
  std::array<char, block_bytes> head{};
  const auto put = [&](std::size_t at, std::string_view text) {
    std::copy(text.begin(), text.end(), head.begin() + static_cast<std::ptrdiff_t>(at));
  };
  put(0, name.substr(0, 100));
  put(100, "0000644");  // mode, owner and group
  put(108, "0000000");
  put(116, "0000000");
  put(124, fmt::format("{:011o}", content.size()));
  put(136, "00000000000");  // time of the last change
  put(148, "        ");     // the checksum counts itself as spaces
  put(156, "0");            // a regular file
  put(257, std::string_view("ustar\00000", 8));
  std::uint32_t sum = 0;
  for (const char one : head) sum += static_cast<unsigned char>(one);
  put(148, fmt::format("{:06o}", sum));
  head[154] = '\0';

  std::string made(head.begin(), head.end());
  made += content;
  made.resize((made.size() + block_bytes - 1) / block_bytes * block_bytes, '\0');
  return made.append(2 * block_bytes, '\0');
}

std::string gzip_of(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_frame, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::runtime_error("zlib has no memory");
  }
  std::string made(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = bytes_of(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = bytes_of(made.data());
  stream.avail_out = static_cast<uInt>(made.size());
  deflate(&stream, Z_FINISH);
  made.resize(stream.total_out);
  deflateEnd(&stream);
  return made;
}

std::optional<std::string> gunzipped(std::string_view bytes, std::size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, gzip_frame) != Z_OK) throw std::runtime_error("zlib has no memory");
  std::string made(limit, '\0');
  stream.next_in = bytes_of(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = bytes_of(made.data());
  stream.avail_out = static_cast<uInt>(made.size());
  const int end = inflate(&stream, Z_FINISH);
  made.resize(stream.total_out);
  const bool whole = end == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  if (!whole) return std::nullopt;
  return made;
}

std::string zstd_of(std::string_view bytes) {
  std::string made(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size =
      ZSTD_compress(made.data(), made.size(), bytes.data(), bytes.size(), ZSTD_CLEVEL_DEFAULT);
  if (ZSTD_isError(size) != 0) throw std::runtime_error(ZSTD_getErrorName(size));
  made.resize(size);
  return made;
}

std::optional<std::string> unzstd(std::string_view bytes, std::size_t limit) {
  std::string made(limit, '\0');
  const std::size_t size = ZSTD_decompress(made.data(), made.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0) return std::nullopt;
  made.resize(size);
  return made;
}

}  // namespace plimsoll::suite
