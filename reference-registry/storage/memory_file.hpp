#pragma once

#include <string_view>

#include "storage/open_file.hpp"

namespace plimsoll::reference {

/// A file of these bytes, to read, that has no name and lies in memory. None where the system has
/// no memory or no descriptor left for it.
[[nodiscard]] open_file memory_file(std::string_view bytes);

}  // namespace plimsoll::reference
