#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/client.hpp"

namespace plimsoll::http {

/// The login for `registry` ("host" or "host:port") in a Docker configuration file: `auths`,
/// `credHelpers` and `credsStore`. A credential helper is run as
/// `docker-credential-NAME get` with the registry on its standard input and is given
/// `limit` to answer; the caller waits for it. The registry's own helper goes before the
/// store, and `auths` is looked at where neither is named or the helper has no login.
/// @return nothing where the file is not there or has no login for that registry; an error
///         where it cannot be read, or the helper fails
[[nodiscard]] result<std::optional<credentials>> docker_credentials(
    const std::filesystem::path& config_json, std::string_view registry,
    std::chrono::milliseconds limit);

}  // namespace plimsoll::http
