#pragma once

#include "plimsoll/verdict/proof.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll::reports {

/// A run with one scenario of each verdict, and no member left at its default.
[[nodiscard]] run_result example_run();

/// The run with these bytes behind each text that a report shows.
[[nodiscard]] run_result poisoned_run(const std::string& bytes);

/// The run with `hostile_bytes` wherever a report shows text.
[[nodiscard]] run_result hostile_run();

/// A proof with a fault that was caught and one that was not, and the same of variants.
[[nodiscard]] proof_result example_proof();

/// Bytes that no report may pass on as they are: a terminal's escape, XML's delimiters, NUL,
/// invalid UTF-8, and a character that XML 1.0 has no way to write.
[[nodiscard]] std::string hostile_bytes();

}  // namespace plimsoll::reports
