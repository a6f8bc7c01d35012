#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plimsoll/verdict/transcript.hpp"
#include "plimsoll/verdict/verdict.hpp"

namespace plimsoll {

/// One requirement, judged by one scenario. Where the scenario checked it more than once, the
/// first check that did not hold stands here.
struct check_result {
  std::string requirement;  ///< The catalogue's id.
  std::string spec;         ///< "distribution" or "image".
  std::string section;      ///< The spec's heading.
  level strength = level::must;
  std::optional<rule_weight> weight;  ///< Nothing in a result that is older than weights.
  verdict outcome = verdict::pass;
  std::string statement;  ///< The rule in one sentence, as the catalogue paraphrases it.
  std::string expected;   ///< In words, for example "status 416"; empty for a pass.
  std::string received;   ///< What was seen instead, in the same words.
  std::optional<std::size_t> exchange;  ///< Which exchange of the transcript decided it.
  std::string curl;     ///< That exchange as a command to repeat it; empty for a pass.
  std::string allowed;  ///< Why a failure is only a warning for a time; empty otherwise.
  std::string capped;   ///< Why a failure is a warning in this run; empty otherwise.
  std::string note;     ///< What is worth saying of a pass, "seen after 0.8 s"; mostly empty.
};

/// What one scenario's run came to. A value: nothing points back.
struct scenario_result {
  std::string id;  ///< "push/chunked-upload"; stable for ever.
  std::string title;
  std::string category;  ///< "pull", "push", "discovery", "management".
  verdict outcome = verdict::pass;
  std::string reason;               ///< Why it was not judged; empty otherwise.
  std::string blocked_by;           ///< The requirement that did not hold; empty unless blocked.
  std::vector<std::string> judges;  ///< The requirements that it is there to judge, by id.
  /// The APIs that it had an answer from, each once, where requirements do not tell them apart:
  /// "GET manifest by tag".
  std::vector<std::string> calls;
  std::vector<check_result> checks;
  std::vector<recorded_exchange> transcript;  ///< Empty for a pass, unless asked for.
  std::size_t exchanges = 0;                  ///< How many there were.
  std::chrono::microseconds took{0};
};

struct category_result {
  std::string category;
  verdict outcome = verdict::pass;
  std::vector<std::pair<verdict, std::size_t>> scenarios;  ///< How many of each verdict; none is 0.
  std::vector<std::pair<verdict, std::size_t>> checks;
};

/// What the suite does about one requirement, whichever registry it is run on.
struct requirement_note {
  std::string requirement;  ///< The catalogue's id.
  /// Of the reference registry, that break it: `plimsoll prove` demands that each is caught.
  std::vector<std::string> faults;
  std::string not_judged;  ///< Why no scenario judges it; empty where one does.
};

/// One setting that left a part of the suite out of a run.
struct run_restriction {
  std::string setting;     ///< "filter", "category", "read-only", or a switch: "apis.referrer".
  std::string value;       ///< "pull/blob", "true"
  std::string origin;      ///< Who set it: "--filter", "PLIMSOLL_FILTER", "plimsoll.yaml:3".
  std::string leaves_out;  ///< In words: "168 scenarios", "12 rules".
  /// Whether it was meant for this run: it is a flag, or stands in a file that `--config` names. A
  /// variable, or a file that was merely found, may be left over from something else.
  bool deliberate = true;
};

/// Which part of the suite a run was restricted to.
struct run_part {
  std::size_t scenarios_run = 0;  ///< Those that were not skipped; `summarize` counts them.
  std::vector<run_restriction> restrictions;
  std::size_t scenarios_in_suite = 0;  ///< Without any restriction.
};

/// All that is known after a run: the one value that reports are made from.
struct run_result {
  std::string version;   ///< Of the suite.
  std::string run_id;    ///< As in the User-Agent of each request.
  std::string registry;  ///< URL without credentials.
  std::string spec_version;
  std::string profile;
  std::string started;  ///< RFC 3339, UTC.
  std::chrono::microseconds took{0};
  std::uint64_t seed = 0;
  verdict outcome = verdict::pass;
  std::string reason;            ///< Why the run could not be judged; empty otherwise.
  std::optional<run_part> part;  ///< What was chosen of the suite; nothing for a whole run.
  std::uint64_t requests = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::vector<std::pair<std::string, std::string>>
      configuration;  ///< Key, value; secrets left out.
  std::vector<category_result> categories;
  std::vector<scenario_result> scenarios;  ///< In the plan's order.
  std::vector<std::string> left_behind;    ///< What could not be cleaned up.
  std::vector<std::string> claims;         ///< Categories that have to be there as a whole.
  std::vector<requirement_note> coverage;  ///< Of the catalogue, in its order.
  std::vector<std::string> stale;  ///< Allowances of the profile that ended or are not needed.
};

/// The exit code of a run: 0 conformant, or a part in which nothing is broken and that was meant; 1
/// a MUST broken; 3 could not be judged, or only in a part that nobody chose for this run. A
/// registry that broke a MUST is found wanting even where something else could not be judged.
[[nodiscard]] int exit_code(const run_result& run) noexcept;

/// How many scenarios were not skipped.
[[nodiscard]] std::size_t scenarios_run(const run_result& run) noexcept;

/// The first restriction that was not meant for this run; null where there is none.
[[nodiscard]] const run_restriction* accidental_restriction(const run_result& run) noexcept;

/// Fills `categories`, `outcome` and `part->scenarios_run` from `scenarios`, `reason` and `part`.
void summarize(run_result& run);

}  // namespace plimsoll
