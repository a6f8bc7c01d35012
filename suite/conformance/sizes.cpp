#include "sizes.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace plimsoll::suite {

std::size_t affordable(std::size_t most, std::size_t least, std::size_t sent,
                       std::chrono::microseconds took) {
  if (took <= std::chrono::microseconds::zero()) return most;
  const auto fits =
      static_cast<std::size_t>(few_seconds.count()) * sent / static_cast<std::size_t>(took.count());
  return std::clamp(fits, std::min(least, most), most);
}

std::chrono::microseconds time_of_last(std::span<const recorded_exchange> transcript,
                                       std::size_t count) {
  const auto newest = transcript.last(std::min(count, transcript.size()));
  if (newest.empty()) return {};
  auto began = newest.front().started;
  auto ended = began;
  for (const recorded_exchange& it : newest) {
    began = std::min(began, it.started);
    ended = std::max(ended, it.started + it.took);
  }
  return ended - began;
}

std::string note_on_size(std::size_t count, std::size_t most, const std::string& plural) {
  if (count >= most) return {};
  return fmt::format("with {} {} in place of {}: each request takes long here", count, plural,
                     most);
}

}  // namespace plimsoll::suite
