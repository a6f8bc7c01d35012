#pragma once

#include <map>
#include <optional>
#include <string>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/http/url.hpp"

namespace plimsoll::http {

/// A proxy that is spoken to without TLS.
struct proxy {
  std::string host;
  std::string port;
  std::string authorization;  ///< The value of Proxy-Authorization; empty: none. A secret.

  /// "host:port", with brackets around an IPv6 address.
  [[nodiscard]] std::string name() const;
};

/// Goes behind the message on a 407.
inline constexpr const char* proxy_login_advice =
    ": put a login that it takes into the proxy's URL (http_proxy, https_proxy)";

/// The request for a tunnel: RFC 9110, 9.3.6.
/// @param target host:port
/// @param authorization the value of Proxy-Authorization; empty: none
[[nodiscard]] std::string tunnel_request(const std::string& target,
                                         const std::string& authorization);

/// The proxy over which a target is reached; nothing where it is reached directly. The error says
/// which URL of a proxy cannot be used, without the login in it.
[[nodiscard]] result<std::optional<proxy>> proxy_for(const url& target,
                                                     const proxy_options& options);

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
