#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/config/config.hpp"

namespace plimsoll {

/// What the inputs say, before it is put together. The official suite splits some of our
/// values in two.
struct draft {
  configuration made;
  std::string tls = "enabled";
  std::string repo1 = "conformance/repo1";
  std::string repo2 = "conformance/repo2";
};

/// One value that may be given: its names, and how it goes into a draft and out again.
struct field {
  std::string_view name;          ///< Ours; empty where only the official suite has it.
  std::string_view official;      ///< Its path in oci-conformance.yaml; may be empty.
  std::string_view official_env;  ///< May be empty.
  enum class shape : std::uint8_t { one, list, secret, boolean } form = shape::one;
  /// @return "expected ..., received ..." where the parts are not such a value
  std::optional<std::string> (*set)(draft&, const std::vector<std::string>& parts);
  /// Empty where `name` is.
  std::string (*text)(const configuration&);
  std::string_view help = {};  ///< For a person; empty for what only the official suite has.

  /// What messages and origins call it.
  [[nodiscard]] std::string_view key() const { return name.empty() ? official : name; }
};

[[nodiscard]] std::span<const field> all_fields();
[[nodiscard]] const field* find_field(std::string_view key);

/// "spec" is PLIMSOLL_SPEC.
[[nodiscard]] std::string variable_name(std::string_view name);

/// What an input says of one field.
struct given_value {
  const field* of = nullptr;
  std::vector<std::string> parts;
  origin from;
  std::string called = {};  ///< Its path in a file; empty where `from` names it.
};

/// What all inputs say, the weakest first.
struct inputs {
  std::vector<given_value> values;
  std::vector<std::string> notes;
  std::vector<std::string> ignored;  ///< A line for each name that is of something else.
  bool official = false;  ///< Whether the official suite's file or variables are among them.
};

/// `; did you mean "..."?` or nothing, to go behind a message.
[[nodiscard]] std::string suggestion(std::string_view typed,
                                     std::span<const std::string_view> known);

[[nodiscard]] result<std::vector<given_value>> read_flags(std::span<const setting> flags);
/// Each returns what it finds in the variables of one kind; `check_names` alone looks at the rest.
[[nodiscard]] std::vector<given_value> read_own_variables(const environment& env);
[[nodiscard]] std::vector<given_value> read_official_variables(const environment& env);
/// The legacy variables of the official suite, with a note for each.
[[nodiscard]] result<inputs> read_legacy_variables(const environment& env);
/// A line for each variable that begins as ours or the official suite's do and is neither's; an
/// error for one that is within two edits of a variable of ours.
[[nodiscard]] result<std::vector<std::string>> check_names(const environment& env);

enum class dialect : std::uint8_t { ours, official };

/// The settings in a YAML text. `file` is what messages call it. Adds a line to `ignored` for each
/// key that is a flag of another command.
[[nodiscard]] result<std::vector<given_value>> read_yaml(const std::string& text,
                                                         const std::string& file, dialect keys,
                                                         std::vector<std::string>& ignored);

}  // namespace plimsoll
