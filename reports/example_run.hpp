#pragma once

#include "plimsoll/verdict/result.hpp"

namespace plimsoll::reports {

/// A run with one scenario of each verdict, and no member left at its default.
[[nodiscard]] run_result example_run();

/// Bytes that no report may pass on as they are: a terminal's escape, XML's delimiters, NUL,
/// invalid UTF-8, and a character that XML 1.0 has no way to write.
[[nodiscard]] std::string hostile_bytes();

}  // namespace plimsoll::reports
