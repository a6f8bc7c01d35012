#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace plimsoll::reference {

/// A file that is open; closed with its owner. False where there is none.
class open_file {
 public:
  open_file() = default;
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  open_file(open_file&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}
  open_file& operator=(open_file&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~open_file();

  /// None where there is no such file. Throws where it is there and cannot be opened.
  /// @param flags as open(2) has them
  [[nodiscard]] static open_file open(const std::string& path, int flags);

  [[nodiscard]] explicit operator bool() const noexcept { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// In bytes, when it was opened.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace plimsoll::reference
