#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

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
  /// The error names what is wrong with the registry's URL or the TLS files.
  [[nodiscard]] static result<std::unique_ptr<authority>> start(const http::client_options& how);
  authority(const authority&) = delete;
  authority& operator=(const authority&) = delete;
  ~authority();

  using token_taker = std::function<void(result<std::string>)>;
  /// The value of Authorization for that access to the repository, empty where none is needed.
  /// The registry's own challenge decides, answered by plimsoll::http: a login, or a token.
  /// @param done called on the authority's thread
  void authorize(access to, std::string repository, token_taker done);

  using origin_taker = std::function<void(result<origin>)>;
  /// @param url "http(s)://host[:port]"
  void look_up(std::string url, origin_taker done);

 private:
  struct state;
  explicit authority(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

/// The origin's addresses; waits for the name server.
[[nodiscard]] result<origin> look_up(std::string_view url);

}  // namespace plimsoll::load
