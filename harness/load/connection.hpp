#pragma once

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <netinet/in.h>

#include "body_reader.hpp"
#include "content.hpp"
#include "event_loop.hpp"
#include "failure.hpp"
#include "kept_bytes.hpp"
#include "plimsoll/http/client.hpp"
#include "response_head.hpp"
#include "transport.hpp"

namespace plimsoll::load {

/// What the connections of one core share.
struct core {
  core(std::unique_ptr<event_loop> on, content_source with, SSL_CTX* tls_context,
       http::timeouts how_long)
      : loop(std::move(on)), content(std::move(with)), tls(tls_context), timeouts(how_long) {}

  std::unique_ptr<event_loop> loop;
  content_source content;
  SSL_CTX* tls;  ///< Not owned; used by all cores.
  http::timeouts timeouts;
  std::vector<char> input =
      std::vector<char>(std::size_t{256} * 1024);        ///< Received, before it is looked at.
  std::size_t windows = std::size_t{256} * 1024 * 1024;  ///< Left to open connections' windows by.
};

/// An address to connect to.
struct endpoint {
  sockaddr_storage address{};
  socklen_t size = 0;
};

/// A host with its addresses, or those of the proxy that it is reached over.
struct origin {
  bool tls = false;
  std::string host;  ///< Without brackets.
  std::string host_field;
  std::vector<endpoint> endpoints;
  std::string proxy;         ///< "host:port"; empty: none.
  std::string before_path;   ///< Of a target: the origin, where a proxy reads it; else "".
  std::string proxy_fields;  ///< Lines for a head that a proxy reads; a secret.
  std::string tunnel;        ///< The request for a tunnel; empty: none. A secret.
};

/// What becomes of a response's body, where the status is the one that is hoped for; that of
/// any other status is kept, up to 64 KiB.
enum class body_use : std::uint8_t {
  drop,     ///< Counted only.
  keep,     ///< In `reply::body`, up to 8 MiB.
  compare,  ///< With what is known, from `exchange::known_from` on.
  hash,     ///< Into `reply::hash`.
  learn     ///< Into `reply::hash` and `exchange::learned`.
};

/// The body of a request, and what its response should be.
struct exchange {
  std::string_view text;           ///< The body, where it is a text;
  std::optional<blob> content;     ///< or the part of a blob
  std::uint64_t content_from = 0;  ///< from here
  std::uint64_t content_end = 0;   ///< to here.
  bool is_head = false;            ///< The response has no body.
  int hoped_status = 200;
  int also_status = 0;  ///< As good; 0: none.
  body_use use = body_use::drop;
  blob known;                        ///< What the body is part of;
  const kept_bytes* kept = nullptr;  ///< that goes before it, where it is there.
  kept_bytes* learned = nullptr;
  oci::hash_algorithm algorithm = oci::hash_algorithm::sha256;  ///< Of what is hashed.
  std::uint64_t known_from = 0;
  std::optional<std::uint64_t> known_size;  ///< Of the response's body.
};

/// What came of an exchange. Belongs to the connection, which writes over it in the next.
struct reply {
  failure why = failure::none;  ///< Of the exchange itself: a status is judged elsewhere.
  std::string detail;           ///< For a person; empty where there is nothing to add.
  int status = 0;               ///< 0: none came.
  std::string location;
  std::string digest;  ///< Docker-Content-Digest
  std::string content_type;
  std::string link;
  std::string retry_after;
  std::string chunk_min_length;
  std::string body;
  std::optional<oci::hasher> hash;
  std::uint64_t sent_bytes = 0;      ///< Of the body, as far as it went out.
  std::uint64_t received_bytes = 0;  ///< Of the body.
  std::optional<std::uint64_t> content_length;
  instant started;  ///< Before the connection was made, where there was none.
  instant first_byte;
  instant ended;
};

/// A connection of HTTP/1.1 to one origin, made when it is needed and kept while the server
/// keeps it. One exchange at a time.
class connection {
 public:
  connection(core& on, const origin& to);
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection();

  struct waiting;
  /// Awaited: sends the request and reads the response. Never throws for what the network does.
  /// @param head all of the request's; it and `what` live until the response is there
  [[nodiscard]] waiting send(std::string_view head, const exchange& what);

  /// Ends an exchange that is under way, as cut off.
  void abandon();
  [[nodiscard]] bool is_busy() const noexcept { return state_ != state::idle; }
  [[nodiscard]] const origin& to() const noexcept { return to_; }
  /// How many TCP connections it has made, and bytes of bodies it is through, for progress.
  [[nodiscard]] std::uint64_t connects() const noexcept { return connects_; }

 private:
  /// What a connection may move before others get their turn: a schedule is looked at between.
  static constexpr std::size_t turn = 512UL * 1024;
  static constexpr unsigned most_interims = 16;

  enum class state : std::uint8_t { idle, connecting, tunnelling, handshaking, head, body };

  void start();
  void connect();
  void connected();
  void refused(int code);
  void ask_for_tunnel();
  void read_tunnel_answer();
  void through_tunnel(int status);
  void begin_tls();
  void shake_hands();
  void begin_request();
  void happened(std::uint32_t events);
  void progress();
  bool push();
  [[nodiscard]] std::size_t outgoing(std::span<iovec> out);
  bool pull();
  bool pull_head();
  bool pull_body();
  bool take_head(std::string_view bytes);
  void remember(const response_head& head);
  bool take_body(std::string_view bytes);
  bool take_content(std::string_view content);
  bool keep(std::string_view content);
  [[nodiscard]] bool matches(std::uint64_t at, std::string_view content);
  bool check_length();
  void after_body();
  void await_much();
  void open_window();
  void input_ended(bool with_error);

  void expired();
  void arm(instant deadline, failure kind);
  void fail(failure why, std::string detail = {});
  void finish();
  void close();
  [[nodiscard]] bool can_discard() const noexcept;
  [[nodiscard]] bool is_hoped() const noexcept;

  core& on_;
  const origin& to_;
  transport transport_;
  watcher watcher_;
  timer timer_;
  state state_ = state::idle;
  std::size_t endpoint_ = 0;
  std::string_view head_;
  const exchange* what_ = nullptr;
  std::coroutine_handle<> awaiting_;
  std::uint64_t sent_ = 0;  ///< Of head and body together.
  std::uint64_t to_send_ = 0;
  bool keeps_open_ = true;
  /// The other side's end has been seen: no event will tell of it again, so that a read which
  /// brings less than it asked for is not yet the last.
  bool ending_ = false;
  unsigned interims_ = 0;  ///< Responses before the one that counts.
  std::string pending_;    ///< The start of a head that came in parts.
  body_reader reader_;
  body_use use_ = body_use::drop;
  std::size_t window_ = 0;  ///< Of `core::windows`.
  instant deadline_;
  instant wheel_;  ///< When the timer will look at the deadline.
  instant exchange_deadline_;
  failure expiry_ = failure::none;
  std::uint64_t connects_ = 0;
  reply reply_;
};

struct connection::waiting {
  connection& on;
  std::string_view head;
  const exchange& what;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> who) const {
    on.awaiting_ = who;
    on.head_ = head;
    on.what_ = &what;
    on.start();
  }
  [[nodiscard]] reply& await_resume() const noexcept { return on.reply_; }
};

inline connection::waiting connection::send(std::string_view head, const exchange& what) {
  return {*this, head, what};
}

}  // namespace plimsoll::load
