#pragma once

#include <string>

#include "plimsoll/base/error.hpp"

namespace plimsoll::cli {

/// All bytes of a file.
[[nodiscard]] result<std::string> read_file(const std::string& path);

}  // namespace plimsoll::cli
