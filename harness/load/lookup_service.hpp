#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/ssl/context.hpp>

#include "connection.hpp"
#include "plimsoll/base/error.hpp"
#include "plimsoll/http/client.hpp"

namespace plimsoll::load {

/// What a token allows.
enum class access : std::uint8_t { pull, push, remove, catalogue };

/// Gets tokens and resolves host names for all cores, on a thread of its own: both are rare, and a
/// core must not block on either.
class lookup_service {
 public:
  /// @param tls the cores' own, which trusts the system's CAs from the first origin on that has
  ///            TLS: to read them takes longer than many a run
  /// @return an error that names what is wrong with the registry's URL or the TLS files
  [[nodiscard]] static result<std::unique_ptr<lookup_service>> start(
      const http::client_options& options, std::shared_ptr<boost::asio::ssl::context> tls);
  lookup_service(const lookup_service&) = delete;
  lookup_service& operator=(const lookup_service&) = delete;
  ~lookup_service();

  /// What a token has to allow.
  struct scope {
    access action = access::pull;
    std::string repository;
    std::string source;  ///< Of a mount: the repository that has the blob.
  };

  using token_handler = std::function<void(result<std::string>)>;
  /// Gets the value of Authorization for a scope; empty where none is needed.
  /// The registry's own challenge decides, answered by plimsoll::http: a login, or a token.
  /// @param done called on the service's thread
  void request_token(scope wanted, token_handler done);

  using origin_handler = std::function<void(result<origin>)>;
  /// Resolves an origin, or the proxy for it where the client's options name one.
  /// @param url "http(s)://host[:port]"
  /// @param done called on the service's thread
  void resolve_origin(std::string url, origin_handler done);
  /// The same, blocking: before the cores start.
  [[nodiscard]] result<origin> resolve_origin_blocking(std::string_view url);

 private:
  struct state;
  explicit lookup_service(std::unique_ptr<state> own_state);
  std::unique_ptr<state> state_;
};

}  // namespace plimsoll::load
