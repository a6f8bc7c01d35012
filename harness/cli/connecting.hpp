#pragma once

#include <string>

#include "plimsoll/base/error.hpp"
#include "plimsoll/config/config.hpp"
#include "plimsoll/http/client.hpp"

namespace plimsoll::cli {

/// How the configuration has a registry talked to. Where it has no login, the one is taken that
/// `docker login` stored for that registry.
///
/// @param origin the registry, scheme://host[:port]
/// @param run_id goes into the User-Agent, so that a run can be found in a registry's log
/// @return an error where the stored logins cannot be read
[[nodiscard]] result<http::client_options> client_options_for(const configuration& chosen,
                                                              const environment& env,
                                                              const std::string& origin,
                                                              const std::string& run_id);

}  // namespace plimsoll::cli
