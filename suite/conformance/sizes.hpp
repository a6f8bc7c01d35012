#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

#include "plimsoll/verdict/transcript.hpp"

/// How large a scenario makes what it pushes: as large as it may be on a fast registry, and smaller
/// where each request takes long.
namespace plimsoll::suite {

/// What the requests of one scenario that only differ in number may take.
constexpr std::chrono::microseconds few_seconds = std::chrono::seconds(4);

/// How many requests fit into `few_seconds`.
///
/// @param most never more than that
/// @param least never fewer: what the rule needs
/// @param sent how many were sent to find out; at least 1
/// @param took all of these together
[[nodiscard]] std::size_t affordable(std::size_t most, std::size_t least, std::size_t sent,
                                     std::chrono::microseconds took);

/// From the first request to the last answer of the newest `count` exchanges.
[[nodiscard]] std::chrono::microseconds time_of_last(std::span<const recorded_exchange> transcript,
                                                     std::size_t count);

/// Tells the reader of a report why there were fewer; empty where there were `most`.
/// @param plural what was pushed, for example "tags"
[[nodiscard]] std::string note_on_size(std::size_t count, std::size_t most,
                                       const std::string& plural);

}  // namespace plimsoll::suite
