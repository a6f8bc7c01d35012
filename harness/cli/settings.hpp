#pragma once

#include <deque>
#include <string>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/config/config.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming)
class App;
}

namespace plimsoll::cli {

/// The configuration's settings as the flags of a subcommand, which has to outlive its parsing.
class setting_flags {
 public:
  /// Adds a flag for each setting, `--config`, and the registry's URL as an argument.
  explicit setting_flags(CLI::App& app);
  setting_flags(const setting_flags&) = delete;
  setting_flags& operator=(const setting_flags&) = delete;

  /// The configuration from these flags, the variables and the file.
  [[nodiscard]] result<configuration> load(const environment& env) const;
  /// The same, from the variables of this process.
  [[nodiscard]] result<configuration> load() const;

 private:
  struct flag {
    std::string name;
    std::vector<std::string> values;
  };

  std::deque<flag> flags_;  ///< CLI11 keeps references to their values.
  std::string file_;
};

/// The variables of this process.
[[nodiscard]] environment process_environment();

}  // namespace plimsoll::cli
