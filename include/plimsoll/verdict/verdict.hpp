#pragma once

#include <cstdint>
#include <string_view>

namespace plimsoll {

/// How strongly the spec asks for something (RFC 2119).
enum class level : std::uint8_t { must, must_not, should, should_not, may };

/// What a rule's words come to, beside its level.
enum class rule_weight : std::uint8_t {
  keyword,     ///< An RFC 2119 keyword covers it: a break counts by its level.
  definition,  ///< No keyword, but a break says something false or damages content: by its level.
  advice,      ///< No keyword, and a careful registry may do otherwise: warns at most.
};

/// What became of a check, a scenario, a category or a run. In order of severity:
/// `worst` relies on it.
enum class verdict : std::uint8_t {
  pass,         ///< every check held
  skipped,      ///< switched off: by configuration, or not in the chosen spec version
  unsupported,  ///< an optional feature is absent in a way that the spec allows
  warn,         ///< a SHOULD was not followed; no MUST was broken
  partial,      ///< of a run only: nothing is broken, but a part of the suite was left out
  blocked,      ///< a prerequisite did not hold: not judged
  error,        ///< could not be judged: no connection, a time-out of ours, a defect of ours
  fail,         ///< a MUST was broken
};

[[nodiscard]] constexpr verdict worst(verdict a, verdict b) noexcept {
  return a < b ? b : a;
}

[[nodiscard]] std::string_view to_string(level value) noexcept;
[[nodiscard]] std::string_view to_string(rule_weight value) noexcept;
[[nodiscard]] std::string_view to_string(verdict value) noexcept;

}  // namespace plimsoll
