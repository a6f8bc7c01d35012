#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "plimsoll/config/config.hpp"

namespace plimsoll {

/// What one of the official suite's switches stands for here.
struct feature_switch {
  std::string_view setting;  ///< "apis.referrer"
  bool (*on)(const configuration&);
  /// Beginnings of the ids of the requirements that it switches off, separated by spaces.
  std::string_view requirements;
};

[[nodiscard]] std::span<const feature_switch> feature_switches() noexcept;

/// Why a requirement is not judged: the switch, its value and who set it; nothing where it is.
[[nodiscard]] std::optional<std::string> switched_off_by(const configuration& chosen,
                                                         std::string_view requirement);

}  // namespace plimsoll
