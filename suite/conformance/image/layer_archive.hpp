#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Layers as images have them: a tar archive, as it is or compressed.
namespace plimsoll::suite {

/// A tar archive (POSIX ustar) of one regular file.
///
/// @param name of the file, at most 100 characters
/// @param content less than 8 GiB
[[nodiscard]] std::string tar_of(std::string_view name, std::string_view content);

/// Whole streams of gzip (RFC 1952, by zlib) and of zstd (RFC 8878, by libzstd).
[[nodiscard]] std::string gzip_of(std::string_view bytes);
[[nodiscard]] std::string zstd_of(std::string_view bytes);

/// What was compressed; nothing where the bytes are no such stream, where they end early or go
/// on behind it, or where more than `limit` bytes come out.
[[nodiscard]] std::optional<std::string> gunzipped(std::string_view bytes, std::size_t limit);
[[nodiscard]] std::optional<std::string> unzstd(std::string_view bytes, std::size_t limit);

}  // namespace plimsoll::suite
