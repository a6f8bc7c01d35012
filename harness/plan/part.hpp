#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "plimsoll/config/config.hpp"
#include "plimsoll/scenario/scenario.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll {

/// Whether `filter` and `category` leave a scenario or an observer with this id and category in.
[[nodiscard]] bool is_chosen(const configuration& chosen, std::string_view id,
                             std::string_view category);

/// Who gave a setting: "--filter"; "default" where nobody did.
[[nodiscard]] std::string origin_of(const configuration& chosen, std::string_view setting);

/// The settings that leave scenarios or rules out, each with what it leaves out; nothing where all
/// run. A feature that the official suite has off by default is not left out by saying so again.
///
/// The official suite's switches are meant wherever they stand, since variables and its own file
/// are how they are given there; but `apis.push` and `apis.pull` leave out as much as `read-only`
/// does, and are held to the same rule as that.
[[nodiscard]] std::optional<run_part> part_of(const configuration& chosen,
                                              std::span<const scenario* const> all,
                                              std::span<const observer> observers);

}  // namespace plimsoll
