#pragma once

#include <map>
#include <string>

#include "plimsoll/http/client.hpp"

namespace plimsoll::http {

/// The proxies that a process's variables name, as curl reads them: `http_proxy` in lower case
/// alone, `https_proxy`, `all_proxy` and `no_proxy` in either case, the lower case first.
[[nodiscard]] proxy_options proxies_in(
    const std::map<std::string, std::string, std::less<>>& variables);

/// Whether a host is reached without a proxy: it is this machine, or `no_proxy` names it. That
/// is a list, separated by commas or spaces, of host names (which stand for all below them
/// too), addresses, and networks such as 10.0.0.0/8; or "*" for every host.
///
/// @param host without brackets, for IPv6
[[nodiscard]] bool goes_around_proxy(const std::string& host, const std::string& no_proxy);

}  // namespace plimsoll::http
