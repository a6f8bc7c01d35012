#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/base/text.hpp"

namespace plimsoll::load {

/// Names of an enumeration's values, in the enumerators' order.
template <std::size_t Count>
using name_table = std::array<std::string_view, Count>;

template <class Enum, std::size_t Count>
std::optional<Enum> value_of(const name_table<Count>& names, std::string_view name) {
  const auto entry = std::find(names.begin(), names.end(), name);
  if (entry == names.end()) return std::nullopt;
  return static_cast<Enum>(entry - names.begin());
}

/// The end of a message: `; did you mean "..."?`, or nothing.
template <class Names>
std::string suggestion(std::string_view typed, const Names& known) {
  const auto near = nearest(typed, known);
  return near ? "; did you mean \"" + std::string(*near) + "\"?" : std::string();
}

/// "a, b or c"
template <class Names>
std::string any_of(const Names& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace plimsoll::load
