#pragma once

#include <string>
#include <string_view>

#include "plimsoll/base/error.hpp"

namespace plimsoll::http {

/// An http or https URL in parts.
struct url {
  bool tls = false;
  std::string host;    ///< Without brackets for IPv6.
  std::string port;    ///< "80" or "443" where the text has none.
  std::string target;  ///< Path and query, at least "/"; a fragment is dropped.
  std::string userinfo;

  /// scheme://host[:port], the port left out where it is the scheme's own.
  [[nodiscard]] std::string origin() const;
  /// The value of a Host header.
  [[nodiscard]] std::string host_field() const;
  [[nodiscard]] std::string str() const { return origin() + target; }
};

/// "host:port", with brackets around an IPv6 address.
[[nodiscard]] std::string host_and_port(const std::string& host, const std::string& port);

[[nodiscard]] result<url> parse_url(std::string_view text);

/// Resolves a Location or Link target against the URL that it came from (RFC 3986, 5).
[[nodiscard]] result<url> resolve(const url& base, std::string_view target);

/// The target with `name=value` appended to its query; `value` is percent-encoded but for
/// what may stand in a query unencoded. The target's own query stays as it is.
[[nodiscard]] std::string with_query(std::string_view target, std::string_view name,
                                     std::string_view value);

}  // namespace plimsoll::http
