#pragma once

#include <string>

#include "plimsoll/base/error.hpp"
#include "plimsoll/config/config.hpp"

namespace plimsoll::cli {

/// The PEM text of a key: that of a file, or of a variable for `env://NAME`.
[[nodiscard]] result<std::string> read_key(const std::string& where, const environment& env);

/// The variables without the one that holds the key, which is no setting.
[[nodiscard]] environment without_key(environment env, const std::string& where);

}  // namespace plimsoll::cli
