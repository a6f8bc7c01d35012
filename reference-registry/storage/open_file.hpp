#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>

namespace plimsoll::reference {

/// A descriptor that is closed with its owner; -1 where there is none.
class open_file {
 public:
  explicit open_file(int descriptor) noexcept : descriptor_(descriptor) {}
  open_file(open_file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  open_file& operator=(open_file&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~open_file();

  /// Opens for reading. Where it cannot be opened, there is none.
  [[nodiscard]] static open_file to_read(const std::filesystem::path& path) noexcept;

  [[nodiscard]] explicit operator bool() const noexcept { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] std::uint64_t size() const;

 private:
  int descriptor_;
};

}  // namespace plimsoll::reference
