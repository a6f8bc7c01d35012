#include "auth.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <nlohmann/json.hpp>

#include "plimsoll/base/text.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/oci/challenge.hpp"
#include "plimsoll/oci/manifest.hpp"

namespace plimsoll::http {
namespace {

using std::chrono::seconds;

constexpr std::string_view basic_key = "basic";
constexpr std::int64_t default_lifetime = 60;
constexpr std::int64_t longest_lifetime = std::int64_t{24} * 60 * 60;

/// Requests that need the same scope: those to one repository that read, write or delete.
std::string kind_of(std::string_view method, std::string_view target) {
  target = target.substr(0, target.find('?'));
  auto end = target.size();
  for (const std::string_view part : {"/blobs/", "/manifests/", "/tags/", "/referrers/"}) {
    end = std::min(end, target.find(part));
  }
  const bool reads = method == "GET" || method == "HEAD";
  const std::string_view action = reads ? "pull" : method == "DELETE" ? "delete" : "push";
  return std::string(action) + " " + std::string(target.substr(0, end));
}

/// The scope of a token for the request, in the distribution project's syntax; empty where it is
/// for no repository. What is mounted from another repository is read there.
std::string scope_of(std::string_view method, std::string_view target) {
  constexpr std::string_view prefix = "/v2/";
  const auto query_at = target.find('?');
  const auto path = target.substr(0, query_at);
  if (path == "/v2/_catalog") return "registry:catalog:*";
  auto end = std::string_view::npos;
  for (const std::string_view part : {"/blobs/", "/manifests/", "/tags/", "/referrers/"}) {
    end = std::min(end, path.find(part));
  }
  if (!path.starts_with(prefix) || end == std::string_view::npos || end < prefix.size()) return {};
  const bool reads = method == "GET" || method == "HEAD";
  const std::string_view actions = reads ? "pull" : method == "DELETE" ? "delete" : "pull,push";
  std::string scope = "repository:";
  scope.append(path.substr(prefix.size(), end - prefix.size())).append(":").append(actions);
  if (query_at == std::string_view::npos) return scope;
  for (const auto part : split(target.substr(query_at + 1), '&')) {
    if (part.starts_with("from=")) {
      scope.append(" repository:")
          .append(percent_decode(part.substr(5)).value_or(""))
          .append(":pull");
    }
  }
  return scope;
}

std::string form_field(std::string_view name, std::string_view value) {
  return std::string(name) + "=" + percent_encode(value);
}

/// The GET of a token, or the POST with an identity token (OAuth2).
request token_request(std::string realm, std::string_view service, std::string_view scope,
                      const std::string& identity) {
  if (!identity.empty()) {
    std::string form = form_field("grant_type", "refresh_token") + "&" +
                       form_field("service", service) + "&" + form_field("client_id", "plimsoll") +
                       "&" + form_field("scope", scope) + "&" +
                       form_field("refresh_token", identity);
    request made("POST", std::move(realm));
    made.header("Content-Type", "application/x-www-form-urlencoded").body(std::move(form));
    return made;
  }
  if (!service.empty()) realm = with_query(realm, "service", service);
  for (const auto part : split(scope, ' ')) {
    if (!part.empty()) realm = with_query(realm, "scope", part);
  }
  return request("GET", std::move(realm));
}

std::string text_of(const nlohmann::json& document, const char* name) {
  const auto found = document.find(name);
  return found != document.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool fits_a_field(std::string_view token) {
  return std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

std::string authorizations::basic() const {
  return "Basic " + oci::base64_encode(login_->username + ":" + login_->password);
}

std::string authorizations::known(std::string_view method, std::string_view target,
                                  clock::time_point now) const {
  const auto key = keys_.find(kind_of(method, target));
  if (key == keys_.end()) return {};
  if (key->second == basic_key) return basic();
  const auto found = tokens_.find(key->second);
  if (found == tokens_.end() || found->second.end <= now) return {};
  return "Bearer " + found->second.value;
}

authorization_choice authorizations::plan(const response& refused, bool secure,
                                          std::string_view method, std::string_view target) const {
  authorization_choice choice;
  std::vector<std::string> values;
  for (const auto value : refused.headers.all("WWW-Authenticate")) values.emplace_back(value);
  std::string default_scope;
  if (values.empty() && base_challenges_) {
    values = *base_challenges_;
    default_scope = scope_of(method, target);
  }
  choice.failure = values.empty() ? auth_failure::no_challenge : auth_failure::unknown_challenge;
  for (const std::string& value : values) {
    for (const oci::challenge& offer : oci::parse_challenges(value)) {
      consider(offer, secure, default_scope, choice);
      if (choice.plan) return choice;
    }
  }
  return choice;
}

/// Plans for one challenge, or says why it cannot be answered.
void authorizations::consider(const oci::challenge& offer, bool secure,
                              std::string_view default_scope, authorization_choice& choice) const {
  authorization_plan made;
  made.key = basic_key;
  if (offer.scheme == "basic") {
    if (has_password()) {
      choice.plan = std::move(made);
    } else {
      choice.failure = auth_failure::login_needed;
    }
    return;
  }
  if (offer.scheme != "bearer") return;
  const auto realm = offer.parameter("realm");
  const auto to = parse_url(realm.value_or(""));
  if (!to) {
    choice.failure = auth_failure::bad_realm;
    choice.detail = realm ? printable(*realm) : "there is none";
    return;
  }
  if (login_ && secure && !to->tls) {
    choice.failure = auth_failure::insecure_realm;
    choice.detail = to->origin();
    return;
  }
  const auto service = offer.parameter("service").value_or("");
  const auto scope = offer.parameter("scope").value_or(default_scope);
  made.key = to->str() + " " + std::string(service) + " " + std::string(scope);
  made.fetch = token_request(to->str(), service, scope, login_ ? login_->identity_token : "");
  const bool has_identity = login_ && !login_->identity_token.empty();
  if (has_password() && !has_identity) made.fetch->header("Authorization", basic());
  made.sends_login = has_password() || has_identity;
  choice.plan = std::move(made);
}

void authorizations::learn_base(const response& answer) {
  base_challenges_.emplace();
  for (const auto value : answer.headers.all("WWW-Authenticate")) {
    base_challenges_->emplace_back(value);
  }
}

result<std::string> authorizations::learn(const authorization_plan& plan, const response& answer,
                                          std::string_view method, std::string_view target,
                                          clock::time_point now) {
  const auto document = nlohmann::json::parse(answer.body, nullptr, false);
  if (!document.is_object()) return error::of("the answer is no JSON object");
  token made;
  made.value = text_of(document, "token");
  if (made.value.empty()) made.value = text_of(document, "access_token");
  if (made.value.empty()) return error::of("the answer holds no token");
  if (!fits_a_field(made.value)) return error::of("the token does not fit a header field");
  const auto lifetime = document.find("expires_in");
  std::int64_t length = default_lifetime;
  if (lifetime != document.end() && lifetime->is_number_integer()) {
    length = std::clamp<std::int64_t>(lifetime->get<std::int64_t>(), 0, longest_lifetime);
  }
  // Given up a little early: it has to last until the registry has read it.
  made.end = now + seconds(length - length / 10);
  auto field = "Bearer " + made.value;
  tokens_[plan.key] = std::move(made);
  keys_[kind_of(method, target)] = plan.key;
  return field;
}

void authorizations::use_basic(std::string_view method, std::string_view target) {
  keys_[kind_of(method, target)] = basic_key;
}

}  // namespace plimsoll::http
