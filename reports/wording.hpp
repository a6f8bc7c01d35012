#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plimsoll/verdict/result.hpp"

/// What the reports for people say alike. All of it is fit for a terminal.
namespace plimsoll::reports {

/// Foreign text on one line.
[[nodiscard]] std::string shown(std::string_view foreign);

/// The command that sends the request of a finding again, on one line; whole, as it is of no use
/// otherwise. Empty where there is none.
[[nodiscard]] std::string repeat_command(const check_result& check);

/// How binding the rule of a check is: "MUST", "definition, MUST", "advice". A warning never says
/// only "MUST": where a MUST with a keyword warns, the reason stands behind it.
[[nodiscard]] std::string weight_text(const check_result& check);

/// "expected status 416, received status 202", for a check that did not hold.
[[nodiscard]] std::string contrast(const check_result& check);

/// A finding as lines without their ends: what was broken, where it stands, what was
/// expected and received, and how to see it again.
[[nodiscard]] std::vector<std::string> finding_lines(const check_result& check);

/// Why a scenario came to something other than pass, where no finding says it.
[[nodiscard]] std::string reason_of(const scenario_result& scenario);

/// Each category that the profile claims, and whether that claim holds, in words.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> claims_of(const run_result& run);

/// "9 of 177 scenarios run"; empty for a whole run.
[[nodiscard]] std::string part_summary(const run_result& run);

/// A line for each setting that left something out: "filter = pull/blob (--filter) leaves out 168
/// scenarios".
[[nodiscard]] std::vector<std::string> part_lines(const run_result& run);

/// What people are told of a verdict: its name, but "not offered" for unsupported.
[[nodiscard]] std::string_view display_name(verdict outcome) noexcept;

/// Seconds with six decimals; none below zero.
[[nodiscard]] std::string seconds(std::chrono::microseconds time);

}  // namespace plimsoll::reports
