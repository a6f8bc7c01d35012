#pragma once

#include <cstdint>
#include <string>

#include "plimsoll/base/error.hpp"

namespace plimsoll::cli {

/// All bytes of a file.
[[nodiscard]] result<std::string> read_file(const std::string& path);
/// The same; a file of more than `most_bytes` is refused.
[[nodiscard]] result<std::string> read_file(const std::string& path, std::uint64_t most_bytes);

}  // namespace plimsoll::cli
