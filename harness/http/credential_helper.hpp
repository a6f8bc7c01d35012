#pragma once

#include <chrono>
#include <string>

#include "plimsoll/base/error.hpp"

namespace plimsoll::http {

/// What a credential helper said, and how it ended.
struct helper_answer {
  std::string output;    ///< Its standard output; may hold a secret.
  bool success = false;  ///< It exited with 0.
};

/// Runs `program get`, looked up in PATH, with `input` on its standard input. It is killed
/// where it takes longer than `limit` or writes more than 64 KiB; no child is left behind.
[[nodiscard]] result<helper_answer> run_credential_helper(const std::string& program,
                                                          const std::string& input,
                                                          std::chrono::milliseconds limit);

}  // namespace plimsoll::http
