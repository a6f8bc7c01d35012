#pragma once

#include <string>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/client.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming)
class App;
}

namespace plimsoll::cli {

/// How a load gets to its registry.
struct registry_flags {
  std::string username;
  std::string ca_file;
  bool insecure = false;
};

void describe_registry(CLI::App& app, registry_flags& to);

/// The same from these flags and this process' variables.
[[nodiscard]] result<http::client_options> client_options_for(const registry_flags& flags,
                                                              const std::string& origin,
                                                              const std::string& run_id);

}  // namespace plimsoll::cli
