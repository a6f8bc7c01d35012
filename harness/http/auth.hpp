#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/http/message.hpp"

namespace plimsoll::http {

/// How to answer a 401.
struct authorization_plan {
  std::string key;               ///< Realm, service and scope of the token.
  std::optional<request> fetch;  ///< Asks for the token; nothing where Basic is the answer.
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

  /// What the challenges of a 401 call for; nothing where none of them can be answered.
  /// @param secure the 401 came over TLS: a login is then not sent to a realm without
  [[nodiscard]] std::optional<authorization_plan> plan(const response& refused, bool secure) const;

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

  std::optional<credentials> login_;
  std::map<std::string, std::string> keys_;  ///< From a kind of request to its token's key.
  std::map<std::string, token> tokens_;
};

}  // namespace plimsoll::http
