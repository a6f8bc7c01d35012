#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "plimsoll_generated/requirement_ids.hpp"

namespace plimsoll {

/// Names one requirement of the catalogue. Made from a literal while compiling, so an
/// id that the catalogue (`suite/requirements.json`) does not have does not compile.
class requirement_id {
 public:
  // A literal stands for the id wherever one is asked for.
  // NOLINTNEXTLINE(google-explicit-constructor)
  consteval requirement_id(const char* id) : index_(position(id)) {}

  [[nodiscard]] constexpr std::string_view str() const noexcept {
    return generated::requirement_ids[index_];
  }

  /// Its place among all ids in alphabetical order.
  [[nodiscard]] constexpr std::uint16_t index() const noexcept { return index_; }

  friend constexpr bool operator==(requirement_id, requirement_id) = default;

 private:
  static consteval std::uint16_t position(std::string_view id) {
    const auto* const begin = std::begin(generated::requirement_ids);
    const auto* const end = std::end(generated::requirement_ids);
    const auto* const found = std::lower_bound(begin, end, id);
    if (found == end || *found != id) throw "the catalogue has no requirement with this id";
    return static_cast<std::uint16_t>(found - begin);
  }

  std::uint16_t index_;
};

/// A list of ids, made while compiling: `requirement_ids("tags.200", "tags.order")`.
template <class... Literals>
[[nodiscard]] consteval std::array<requirement_id, sizeof...(Literals)> requirement_ids(
    Literals... ids) {
  return {requirement_id(ids)...};
}

}  // namespace plimsoll
