#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "plimsoll/reference_registry/statistics.hpp"
#include "service/route.hpp"

namespace plimsoll::reference {

/// A request that was answered.
struct served_request {
  endpoint where = endpoint::unknown;
  std::string_view method;
  int status = 0;
  std::chrono::nanoseconds took{0};
  std::uint64_t received_bytes = 0;
  std::uint64_t sent_bytes = 0;
};

/// The figures of one thread's connections. That thread alone counts, with plain stores; others
/// read meanwhile.
class meter {
 public:
  void count(const served_request& one) noexcept;
  void connection_opened() noexcept { add(connections_, 1); }
  void connection_closed() noexcept { add(connections_, ~std::uint64_t{0}); }

  /// Adds what was counted so far.
  void add_to(statistics& sum) const;

 private:
  using counter = std::atomic<std::uint64_t>;
  static constexpr std::size_t routes = 11;
  static constexpr std::size_t methods = 8;
  static constexpr std::size_t classes = 5;

  struct times {
    std::array<counter, duration_bounds.size() + 1> counts{};
    counter nanoseconds{0};
  };

  static void add(counter& to, std::uint64_t what) noexcept {
    to.store(to.load(std::memory_order_relaxed) + what, std::memory_order_relaxed);
  }

  std::array<counter, routes * methods * classes> requests_{};
  std::array<times, routes> times_{};
  counter received_{0};
  counter sent_{0};
  counter connections_{0};
};

}  // namespace plimsoll::reference
