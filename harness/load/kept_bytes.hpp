#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plimsoll/oci/digest.hpp"

namespace plimsoll::load {

/// The bytes of an existing blob, kept for comparison: hashing each download costs three times as
/// much. Kept in pieces; equal pieces are kept once.
class kept_bytes {
 public:
  static constexpr std::size_t piece_size = std::size_t{128} * 1024;

  /// @param most bytes of memory: of a blob that takes more, nothing is kept
  explicit kept_bytes(std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) noexcept
      : most_(most) {}

  void append(std::string_view bytes);
  /// After the last byte; then `matches` may be asked, from any thread.
  void close();
  [[nodiscard]] bool matches(std::uint64_t offset, std::string_view bytes) const noexcept;
  [[nodiscard]] bool is_too_large() const noexcept { return distinct_ > most_; }

 private:
  void close_piece();

  std::string last_;
  std::unordered_map<std::string, std::shared_ptr<const std::string>> by_digest_;
  std::vector<std::shared_ptr<const std::string>> pieces_;
  std::uint64_t most_;
  std::uint64_t distinct_ = 0;  ///< Bytes of pieces that differ.
};

}  // namespace plimsoll::load
