#pragma once

#include <span>
#include <string>
#include <vector>

#include "plimsoll/catalogue/catalogue.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll {

/// What the findings come to: one check a requirement, in the order in which they were first
/// checked; the first finding that did not hold decides it. Requirements that the version of
/// the spec does not have are left out.
[[nodiscard]] std::vector<check_result> judge(std::span<const finding> findings,
                                              std::span<const recorded_exchange> transcript,
                                              spec_version version);

/// The exchange as a command that repeats it, quoted for a shell (POSIX.1-2024: also $'...').
/// Secrets are missing from it; a body that was not kept whole, or has zero bytes, is a
/// placeholder.
[[nodiscard]] std::string curl_line(const recorded_exchange& exchange);

}  // namespace plimsoll
