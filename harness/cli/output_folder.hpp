#pragma once

#include <filesystem>
#include <string>

#include "plimsoll/base/error.hpp"

namespace plimsoll::cli {

/// Makes the folder where it is missing, and finds out whether files can be written to it.
[[nodiscard]] result<void> prepare_folder(const std::filesystem::path& folder);

/// Writes beside the file and renames, so that no half-written report has its name.
[[nodiscard]] result<void> write_file(const std::filesystem::path& path, const std::string& bytes);

}  // namespace plimsoll::cli
