#pragma once

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

/// Which hosts are reached over which proxy.
class proxies {
 public:
  /// The error says which URL cannot be used, without the login in it.
  [[nodiscard]] static result<proxies> make(const proxy_options& options);

  /// Null where the target is reached directly.
  [[nodiscard]] const proxy* find(const url& target) const;

 private:
  std::optional<proxy> http_;
  std::optional<proxy> https_;
  std::string no_proxy_;
};

}  // namespace plimsoll::http
