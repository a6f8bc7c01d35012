#pragma once

#include <string>

#include "plimsoll/verdict/transcript.hpp"

namespace plimsoll {

/// Which API an exchange is of, where requirements do not tell it apart from another one: "GET
/// manifest by tag", "GET manifest by digest", the same for HEAD and PUT. Empty for any other API,
/// and where there was no answer.
[[nodiscard]] std::string called_api(const recorded_exchange& exchange);

}  // namespace plimsoll
