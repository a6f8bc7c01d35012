#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "plimsoll/config/config.hpp"
#include "plimsoll/scenario/context.hpp"

namespace plimsoll {

/// What one of the official suite's switches stands for here.
struct feature_switch {
  std::string_view setting;  ///< "apis.referrer"
  bool (*on)(const configuration&);
  /// Beginnings of the ids of the requirements that it switches off, separated by spaces.
  std::string_view requirements;
};

[[nodiscard]] std::span<const feature_switch> feature_switches() noexcept;

/// Whether the switch is for this requirement.
[[nodiscard]] bool covers(const feature_switch& feature, std::string_view requirement);

/// Why a requirement is not judged: the switch, its value and who set it; nothing where it is.
[[nodiscard]] std::optional<std::string> switched_off_by(const configuration& chosen,
                                                         std::string_view requirement);

/// Says of each request whether one of the switches forbids it: with `apis.referrer` off no list of
/// referrers is asked for, with `data.sha512` off no sha512 digest is named, and so on. Empty where
/// no such switch was set to off.
[[nodiscard]] request_filter forbidden_requests(const configuration& chosen);

}  // namespace plimsoll
