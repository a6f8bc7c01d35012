#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "plimsoll/catalogue/ids.hpp"
#include "plimsoll/verdict/verdict.hpp"

namespace plimsoll {

enum class spec_version : std::uint8_t { v1_0, v1_1, v1_2_dev };

[[nodiscard]] std::string_view to_string(spec_version version) noexcept;
/// "1.0", "1.1" or "1.2-dev"; nothing for any other text.
[[nodiscard]] std::optional<spec_version> parse_spec_version(std::string_view text) noexcept;

/// How the spec words a rule. What a break comes to is `rule_weight`.
enum class wording : std::uint8_t {
  keyword,     ///< An RFC 2119 keyword in prose.
  no_keyword,  ///< Plain wording.
  implied,     ///< Follows from a rule that does not name this actor or case.
  table,       ///< Stands only in a table.
};

/// One normative statement of the distribution-spec or the image-spec.
struct requirement {
  std::string_view id;         ///< Stable for ever: reports and known-failure files name it.
  std::string_view spec;       ///< "distribution" or "image"
  std::string_view section;    ///< The heading's text.
  std::string_view statement;  ///< Paraphrased.
  std::string_view observe;    ///< How a test can tell.
  std::string_view actor;      ///< "registry" or "client"
  std::string_view testable;   ///< "wire", "clientside" or "not-observable"
  std::string_view category;
  std::string_view endpoints;     ///< Space separated: "end-4a end-6".
  std::string_view changed;       ///< What changed between versions of the spec; may be empty.
  std::string_view not_observed;  ///< Why no scenario judges it; empty where one does.
  level strength;                 ///< In 1.1, or in the version that brought it.
  level strength_in_dev;          ///< In 1.2-dev.
  spec_version since;
  wording words;
  rule_weight weight;       ///< For duties of clients without keyword: advice.
  std::string_view reason;  ///< Why it has that weight; empty where `words` is keyword.

  /// The level in that version of the spec; nothing where the statement is not in it.
  [[nodiscard]] std::optional<level> level_in(spec_version version) const noexcept;

  /// What a break comes to: `fail` for a MUST with the weight keyword or definition, `warn` for a
  /// SHOULD and for advice, `pass` for a MAY.
  [[nodiscard]] verdict when_broken(spec_version version) const noexcept;
};

/// All requirements, in the order of the catalogue's file.
[[nodiscard]] std::span<const requirement> all_requirements() noexcept;

[[nodiscard]] const requirement& find(requirement_id id) noexcept;

/// By its text, for what comes from files and the command line.
[[nodiscard]] const requirement* find_requirement(std::string_view id) noexcept;

}  // namespace plimsoll
