#include <algorithm>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/runner/preflight.hpp"

namespace plimsoll {
namespace {

/// Whether the body is a page in HTML. Content-Type does not say: registries send JSON as HTML.
bool is_html(std::string_view body) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
  body.remove_prefix(std::min(body.find_first_not_of(" \t\r\n\f"), body.size()));
  const std::string beginning = to_lower(body.substr(0, 16));
  return beginning.starts_with("<!doctype") || beginning.starts_with("<html");
}

}  // namespace

std::string no_registry(const http::exchange& seen) {
  const int status = seen.response.status;
  const std::string answer = fmt::format("GET /v2/ is answered with {}", status);
  if (status >= 500) return answer + ": the registry is not ready, or broken: see its log";
  if (status == 400 && seen.response.body.find("HTTPS") != std::string::npos) {
    return answer + ": it wants TLS: use https://";
  }
  if (status / 100 == 2 && is_html(seen.response.body)) {
    return answer + " and a page in HTML: no registry there; check the URL";
  }
  return "";
}

std::string closed_registry(const http::exchange& seen, bool has_login) {
  std::string reason = fmt::format("GET /v2/ is answered with {}", seen.response.status);
  const std::string problem = printable(http::login_problem(seen));
  if (!problem.empty()) reason += ": " + problem;
  switch (seen.login) {
    case http::auth_failure::login_needed:
      return reason + ": give --username and PLIMSOLL_PASSWORD";
    case http::auth_failure::login_refused:
      return reason + ": check --username and PLIMSOLL_PASSWORD";
    case http::auth_failure::none:
      return reason + (has_login ? ": the login may not use the registry"
                                 : ": a login is needed: --username and PLIMSOLL_PASSWORD");
    default:
      return reason;
  }
}

}  // namespace plimsoll
