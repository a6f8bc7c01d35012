#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/http/message.hpp"
#include "plimsoll/oci/challenge.hpp"

namespace plimsoll::http {

/// How to answer a 401.
struct authorization_plan {
  std::string key;               ///< Realm, service and scope of the token.
  std::optional<request> fetch;  ///< Asks for the token; nothing where Basic is the answer.
  bool sends_login = true;       ///< To the registry or its token server.
};

/// How to answer a 401, or why it cannot be answered.
struct authorization_choice {
  std::optional<authorization_plan> plan;
  auth_failure failure = auth_failure::none;
  std::string detail;  ///< Of the failure: the realm; may be empty.
};

/// A client's login and the tokens that it has been given, each for the scope it was asked
/// for (the distribution project's token authentication).
class authorizations {
 public:
  using clock = std::chrono::steady_clock;

  explicit authorizations(std::optional<credentials> login) : login_(std::move(login)) {}

  /// The value of Authorization that served for requests like this one; empty where there is
  /// none, or the token has run out.
  [[nodiscard]] std::string known(std::string_view method, std::string_view target,
                                  clock::time_point now) const;

  /// What the challenges of a 401 call for. Where it has none, those of `GET /v2/` serve, with the
  /// scope that the request needs, as docker does.
  /// @param secure the 401 came over TLS: a login is then not sent to a realm without
  [[nodiscard]] authorization_choice plan(const response& refused, bool secure,
                                          std::string_view method, std::string_view target) const;

  /// Whether `learn_base` was called.
  [[nodiscard]] bool knows_base() const noexcept { return base_challenges_.has_value(); }
  /// Keeps the challenges of the answer to `GET /v2/` without authorization; it may have none.
  void learn_base(const response& answer);

  /// Reads the token server's answer to `plan.fetch`, and keeps the token for requests like this.
  /// @return the value of Authorization to use now, however short the token's life
  [[nodiscard]] result<std::string> learn(const authorization_plan& plan, const response& answer,
                                          std::string_view method, std::string_view target,
                                          clock::time_point now);

  /// From now on requests like this one carry the login itself.
  void use_basic(std::string_view method, std::string_view target);

 private:
  struct token {
    std::string value;
    clock::time_point end;
  };

  [[nodiscard]] std::string basic() const;
  [[nodiscard]] bool has_password() const { return login_ && !login_->username.empty(); }
  void consider(const oci::challenge& offer, bool secure, std::string_view default_scope,
                authorization_choice& choice) const;

  std::optional<credentials> login_;
  std::optional<std::vector<std::string>> base_challenges_;  ///< Values of WWW-Authenticate.
  std::map<std::string, std::string> keys_;  ///< From a kind of request to its token's key.
  std::map<std::string, token> tokens_;
};

}  // namespace plimsoll::http
