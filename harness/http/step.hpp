#pragma once

#include <string>

#include "plimsoll/http/client.hpp"
#include "plimsoll/http/url.hpp"
#include "proxies.hpp"
#include "wire.hpp"

/// The next hop of an exchange, and the bytes that it asks with.
namespace plimsoll::http {

/// The hop to make next.
struct step {
  url to;
  std::string method;
  std::string purpose;
  std::string authorization;  ///< Of our own; empty where there is none.
  bool with_body = false;
  bool fresh = false;    ///< Not over a connection that was used before.
  bool foreign = false;  ///< Another origin than the one that was asked: no credentials.
};

/// What would make other bytes of a request than it says; empty where nothing does.
[[nodiscard]] std::string complaint(const request& message);

/// Where the request goes: a path and query at the registry, or an absolute URL.
[[nodiscard]] result<url> where(const url& registry, const std::string& target);

/// The header fields: the request's own before ours, without secrets to another origin.
[[nodiscard]] header_fields fields_of(const step& next, const request& message,
                                      const client_options& options);

/// A request in the form in which a proxy takes it (RFC 9112, 3.2.2).
void address_through(const proxy& via, const url& to, outgoing& what);

}  // namespace plimsoll::http
