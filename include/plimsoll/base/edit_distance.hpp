#pragma once

#include <cstddef>
#include <string_view>

namespace plimsoll {

/// How many bytes have to be added, taken out or replaced to make one text of the other.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace plimsoll
