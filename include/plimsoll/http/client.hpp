#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/message.hpp"
#include "plimsoll/http/rate_limit.hpp"

namespace plimsoll::http {

struct credentials {
  std::string username;
  std::string password;
  std::string identity_token;  ///< An OAuth2 refresh token, as `docker login` may store.
};

struct tls_options {
  std::string ca_file;             ///< PEM, beside the system's CAs; empty: those alone.
  std::string client_certificate;  ///< PEM file; empty: none.
  std::string client_key;          ///< PEM file.
  bool insecure = false;           ///< Takes any certificate.
};

/// How long to wait, each phase by itself. The error names the phase that ran out.
struct timeouts {
  std::chrono::milliseconds connect{10'000};  ///< Name look-up and TCP together.
  std::chrono::milliseconds tls{10'000};
  std::chrono::milliseconds first_byte{30'000};  ///< From the request's end to the status line.
  std::chrono::milliseconds idle{30'000};        ///< Between two pieces, in either direction.
  std::chrono::milliseconds exchange{120'000};   ///< One hop as a whole.
};

/// What a response may cost us, and a body that is kept; beyond it the exchange fails and says so.
struct limits {
  std::size_t header_bytes = 64 * 1024;       // NOLINT(bugprone-implicit-widening*)
  std::size_t body_bytes = 64 * 1024 * 1024;  // NOLINT(bugprone-implicit-widening*)
};

struct proxy_options {
  std::string http;      ///< URL of the proxy for http targets; empty: none.
  std::string https;     ///< URL of the proxy for https targets (CONNECT); empty: none.
  std::string no_proxy;  ///< Hosts and domains, comma separated, as curl reads NO_PROXY.
};

/// Where a registry is and how to talk to it.
struct client_options {
  std::string registry;  ///< "https://host[:port]" or "http://...", no path.
  std::optional<credentials> login;
  tls_options tls;
  http::timeouts timeouts;
  http::limits limits;
  proxy_options proxy;
  bool cache_auth = true;  ///< A token, or a login that was taken, goes with later requests too.
  std::string user_agent = "plimsoll";
  std::size_t connections = 16;  ///< Kept open to one host at most; others wait their turn.
  unsigned redirects = 10;       ///< Followed in one exchange.
  /// Of one request that gets 502, 503 or 504, or loses its connection, while the host answers
  /// others; 0: none at all, after 429 neither.
  unsigned retries = 3;
  /// Shared by the clients of a run, which then slow down together; null: one of its own.
  std::shared_ptr<rate_limiter> limiter;
};

struct traffic {
  std::uint64_t requests = 0;
  std::uint64_t bytes_sent = 0;      ///< Bodies.
  std::uint64_t bytes_received = 0;  ///< Bodies.
};

/// Sends requests to one registry over a pool of connections, with authentication,
/// redirects and retries. Used from one executor; many exchanges may be under way at once.
class client {
 public:
  /// Reads the TLS files; the error names the file that cannot be used, or what is wrong
  /// with the registry's URL.
  [[nodiscard]] static result<client> make(boost::asio::any_io_executor executor,
                                           client_options options);

  client(client&&) noexcept;
  client& operator=(client&&) noexcept;
  ~client();

  /// Sends `message` and reads the whole response. Never throws for what the registry
  /// or the network does: see `exchange::error`.
  [[nodiscard]] boost::asio::awaitable<exchange> send(request message);

  [[nodiscard]] const client_options& options() const noexcept;
  [[nodiscard]] traffic traffic_so_far() const noexcept;

  /// Ends what is under way, but for name look-ups: each exchange at work has the error
  /// "interrupted". What is sent after that goes out as ever.
  void interrupt();

  /// Closes all connections that are not in use.
  void close_idle();

 private:
  friend class sender;
  struct state;
  explicit client(std::shared_ptr<state> made);
  std::shared_ptr<state> state_;
};

}  // namespace plimsoll::http
