#pragma once

#include <optional>

namespace plimsoll::load {

/// Which rate to try next on the way to the highest one that a registry bears: twice the last
/// one until one breaks, half of it until one is kept, and then the middle of both, until they
/// are near enough. Knows no clock and no registry.
class limit_search {
 public:
  /// Of two neighbouring rates, the one that breaks is at most so much above the one that is kept.
  static constexpr double precision = 0.05;
  /// Where a rate below it breaks, none is kept.
  static constexpr double least_per_second = 0.1;

  /// @param first_per_second above 0
  explicit limit_search(double first_per_second) noexcept : first_(first_per_second) {}

  /// Starts a second; nothing where the search is at its end.
  [[nodiscard]] std::optional<double> next() const noexcept;

  /// What became of the rate that `next` gave.
  void note(double per_second, bool kept) noexcept;

  /// The highest rate that was kept; nothing where none was.
  [[nodiscard]] std::optional<double> kept() const noexcept { return kept_; }
  /// The lowest rate that broke; nothing where none did, up to the highest that a run may have.
  [[nodiscard]] std::optional<double> broken() const noexcept { return broken_; }

 private:
  double first_;
  std::optional<double> kept_;
  std::optional<double> broken_;
};

}  // namespace plimsoll::load
