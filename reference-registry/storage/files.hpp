#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "storage/open_file.hpp"

namespace plimsoll::reference {

/// Files that survive the process and the machine: what these functions did stays done. They
/// throw std::system_error where the disk fails.

/// Throws for `errno`, with what was attempted on which file.
[[noreturn]] void throw_disk_error(const char* attempted, const std::string& path);

/// Makes the folder and those above it.
void make_folder(const std::string& path);
/// Names in the folder that came, changed or went are on the disk then.
void sync_folder(const std::string& path);

void write_at(const open_file& to, const std::string& path, std::uint64_t offset,
              std::string_view bytes);
/// The file's bytes are on the disk then.
void sync_file(const open_file& file, const std::string& path);
/// Moves to another name, and takes its place where there is one.
void rename_file(const std::string& from, const std::string& to);
/// False where there is none.
[[nodiscard]] bool remove_file(const std::string& path);

/// Puts the bytes there in one step: a reader sees the file before or the file behind it.
/// @param temporary a path in the same file system
void replace_file(const std::string& path, const std::string& temporary, std::string_view bytes);

/// Nothing where there is no such file.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path);
/// Hands the file on in pieces.
void read_file(const std::string& path, const std::function<void(std::string_view)>& take);

}  // namespace plimsoll::reference
