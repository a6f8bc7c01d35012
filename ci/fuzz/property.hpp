#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace plimsoll::fuzz {

/// libFuzzer keeps the input of whatever ends the process.
inline void require(bool holds) {
  if (!holds) std::abort();
}

[[nodiscard]] inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return std::string(data, data + size);
}

}  // namespace plimsoll::fuzz
