#include "connecting.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "plimsoll/http/credentials.hpp"
#include "plimsoll/http/proxy.hpp"
#include "plimsoll/http/url.hpp"
#include "version.hpp"

namespace plimsoll::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds credential_helper_limit{30};

/// A phase has its own limit, so that a registry that does not answer is found out before the
/// whole request's time is over; one that is given more time has it in each phase.
http::timeouts timeouts_of(milliseconds whole) {
  constexpr milliseconds to_connect = seconds(10);
  constexpr milliseconds to_answer = seconds(30);
  http::timeouts out;
  out.connect = std::min(whole, to_connect);
  out.tls = out.connect;
  out.first_byte = std::min(whole, std::max(to_answer, whole / 2));
  out.idle = out.first_byte;
  out.exchange = whole;
  return out;
}

std::string value_of(const environment& env, std::string_view name) {
  const auto found = env.find(name);
  return found == env.end() ? std::string() : found->second;
}

/// Where `docker login` stores its logins; nothing where there is no home either.
std::optional<std::filesystem::path> docker_config(const environment& env) {
  if (const std::string folder = value_of(env, "DOCKER_CONFIG"); !folder.empty()) {
    return std::filesystem::path(folder) / "config.json";
  }
  if (const std::string home = value_of(env, "HOME"); !home.empty()) {
    return std::filesystem::path(home) / ".docker" / "config.json";
  }
  return std::nullopt;
}

result<std::optional<http::credentials>> login_for(const configuration& chosen,
                                                   const environment& env,
                                                   const std::string& origin) {
  using login = std::optional<http::credentials>;
  if (!chosen.username.empty() || !chosen.identity_token.empty()) {
    http::credentials given;
    given.username = chosen.username;
    given.password = chosen.password;
    given.identity_token = chosen.identity_token;
    return login(std::move(given));
  }
  const auto stored = docker_config(env);
  const auto registry = http::parse_url(origin);
  if (!stored || !registry) return login();
  return http::docker_credentials(*stored, registry->host_field(), credential_helper_limit);
}

}  // namespace

result<http::client_options> client_options_for(const configuration& chosen, const environment& env,
                                                const std::string& origin,
                                                const std::string& run_id) {
  auto login = login_for(chosen, env, origin);
  if (!login) return login.error();
  http::client_options how;
  how.registry = origin;
  how.login = std::move(*login);
  how.cache_auth = chosen.cache_auth;
  how.user_agent = fmt::format("plimsoll/{} (run {})", version(), run_id);
  how.tls.ca_file = chosen.ca_file.string();
  how.tls.client_certificate = chosen.client_certificate.string();
  how.tls.client_key = chosen.client_key.string();
  how.tls.insecure = chosen.insecure;
  how.timeouts = timeouts_of(chosen.timeout);
  how.connections = chosen.concurrency;
  how.limiter = http::make_rate_limiter(chosen.rate_limit_wait);
  how.proxy = http::proxies_in(env);
  // Of the bodies that are kept, manifests and lists are the largest.
  how.limits.body_bytes = 16UL * 1024 * 1024;
  return how;
}

}  // namespace plimsoll::cli
