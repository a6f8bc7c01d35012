#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plimsoll {

/// The repository of a scenario: below the prefix and the run's id where a name may have as many
/// components as it likes; else the same words, joined by dashes.
/// @param components how many a name may have at most: 1 or 2; 0: any number
[[nodiscard]] std::string scenario_repository(std::string_view prefix, std::string_view run_id,
                                              std::string_view scenario, std::size_t components);

}  // namespace plimsoll
