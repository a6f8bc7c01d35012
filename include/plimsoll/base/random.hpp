#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plimsoll {

/// A stream of bytes that its seed decides: the same seed gives the same bytes on
/// every machine. Fast, and not for cryptography.
class seeded_bytes {
 public:
  explicit seeded_bytes(std::uint64_t seed) noexcept : state_(seed) {}

  /// The next 64 bits.
  [[nodiscard]] std::uint64_t next() noexcept;

  /// The next number from 0 to below 1; each multiple of 2^-53 is as likely.
  [[nodiscard]] double fraction() noexcept;

  /// The next `count` bytes; any byte value occurs.
  [[nodiscard]] std::string bytes(std::size_t count);

  /// The next `count` lower-case hexadecimal digits.
  [[nodiscard]] std::string hex(std::size_t count);

 private:
  std::uint64_t state_;
};

/// A seed for one part of a run: the run's seed mixed with the part's name, so
/// that parts neither share bytes nor depend on the order in which they run.
[[nodiscard]] std::uint64_t derive_seed(std::uint64_t seed, std::string_view part) noexcept;

}  // namespace plimsoll
