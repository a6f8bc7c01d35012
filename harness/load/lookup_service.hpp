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

/// Does for all cores what is rare and may wait: looks names up and gets tokens, on a thread of
/// its own, so that a core never waits for either.
class authority {
 public:
  /// @param tls the cores' own, which trusts the system's CAs from the first origin on that has
  ///            TLS: to read them takes longer than many a run
  /// @return an error that names what is wrong with the registry's URL or the TLS files
  [[nodiscard]] static result<std::unique_ptr<authority>> start(
      const http::client_options& how, std::shared_ptr<boost::asio::ssl::context> tls);
  authority(const authority&) = delete;
  authority& operator=(const authority&) = delete;
  ~authority();

  /// What a token is to allow.
  struct scope {
    access to = access::pull;
    std::string repository;
    std::string source;  ///< Of a mount: the repository that has the blob.
  };

  using token_taker = std::function<void(result<std::string>)>;
  /// The value of Authorization for that, empty where none is needed.
  /// The registry's own challenge decides, answered by plimsoll::http: a login, or a token.
  /// @param done called on the authority's thread
  void authorize(scope what, token_taker done);

  using origin_taker = std::function<void(result<origin>)>;
  /// The origin, and how it is reached: over a proxy, where the options of the client name one.
  /// @param url "http(s)://host[:port]"
  /// @param done called on the authority's thread
  void look_up(std::string url, origin_taker done);
  /// The same for who can wait, before there are cores.
  [[nodiscard]] result<origin> look_up_and_wait(std::string_view url);

 private:
  struct state;
  explicit authority(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

}  // namespace plimsoll::load
