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
struct core_resources {
  std::unique_ptr<event_loop> loop;
  content_source content;
  SSL_CTX* tls;  ///< Not owned; used by all cores.
  http::timeouts timeouts;
  std::vector<char> input =
      std::vector<char>(std::size_t{256} * 1024);  ///< Received bytes, before they are parsed.
  std::size_t windows = std::size_t{256} * 1024 * 1024;  ///< Bytes left for larger receive windows.
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

/// What happens to a response's body where the status is expected. The body of any other status is
/// kept, up to 64 KiB.
enum class body_use : std::uint8_t {
  drop,     ///< Counted only.
  keep,     ///< In `reply::body`, up to 8 MiB.
  compare,  ///< With the known bytes, from `exchange_spec::known_from` on.
  hash,     ///< Into `reply::hash`.
  learn     ///< Into `reply::hash` and `exchange_spec::learned`.
};

/// The body of a request, and the response that is expected.
struct exchange_spec {
  std::string_view text;           ///< The body, where it is a text;
  std::optional<blob> content;     ///< or the part of a blob
  std::uint64_t content_from = 0;  ///< from here
  std::uint64_t content_end = 0;   ///< to here.
  bool is_head = false;            ///< The response has no body.
  int expected_status = 200;
  int alternative_status = 0;  ///< Expected as well; 0: none.
  body_use use = body_use::drop;
  blob known;                        ///< What the body is part of;
  const kept_bytes* kept = nullptr;  ///< that goes before it, where it is there.
  kept_bytes* learned = nullptr;
  oci::hash_algorithm algorithm = oci::hash_algorithm::sha256;  ///< Of what is hashed.
  std::uint64_t known_from = 0;
  std::optional<std::uint64_t> known_size;  ///< Of the response's body.
};

/// The response of an exchange. Belongs to the connection, which overwrites it in the next one.
struct reply {
  failure outcome = failure::none;  ///< Of the exchange itself: a status is judged elsewhere.
  std::string detail;               ///< For the user; may be empty.
  int status = 0;                   ///< 0: none came.
  std::string location;
  std::string digest;  ///< Docker-Content-Digest
  std::string content_type;
  std::string link;
  std::string retry_after;
  std::string chunk_min_length;
  std::string body;
  std::optional<oci::hasher> hash;
  std::uint64_t sent_bytes = 0;      ///< Of the body, as far as it was sent.
  std::uint64_t received_bytes = 0;  ///< Of the body.
  std::optional<std::uint64_t> content_length;
  instant started;  ///< Before the connection was made, where there was none.
  instant first_byte;
  instant ended;
};

/// An HTTP/1.1 connection to one origin, opened when needed and kept open as long as the server
/// does. One exchange at a time.
class connection {
 public:
  connection(core_resources& core, const origin& server);
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection();

  struct exchange_awaiter;
  /// Awaited: sends the request and reads the response. Never throws for what the network does.
  /// @param head all of the request's; it and `exchange` live until the response is there
  [[nodiscard]] exchange_awaiter send(std::string_view head, const exchange_spec& exchange);

  /// Ends the current exchange as cut off.
  void abandon();
  [[nodiscard]] bool is_busy() const noexcept { return state_ != state::idle; }
  [[nodiscard]] const origin& server() const noexcept { return server_; }
  /// The number of TCP connections that it has opened.
  [[nodiscard]] std::uint64_t connects() const noexcept { return connects_; }

 private:
  /// Bytes that a connection may transfer before other events and the schedule are handled.
  static constexpr std::size_t bytes_per_turn = 512UL * 1024;
  static constexpr unsigned most_interims = 16;

  enum class state : std::uint8_t { idle, connecting, tunnelling, handshaking, head, body };

  void start();
  void connect();
  void on_connected();
  void on_connect_error(int code);
  void send_connect_request();
  void read_tunnel_response();
  void on_tunnel_response(int status);
  void begin_tls();
  void handshake();
  void begin_request();
  void on_event(std::uint32_t events);
  void progress();
  bool write_request();
  [[nodiscard]] std::size_t pending_output(std::span<iovec> out);
  bool read_response();
  bool read_head();
  bool read_body();
  bool consume_head(std::string_view bytes);
  void store_head(const response_head& head);
  bool consume_body(std::string_view bytes);
  bool consume_content(std::string_view content);
  bool keep(std::string_view content);
  [[nodiscard]] bool matches(std::uint64_t offset, std::string_view content);
  bool check_length();
  void finish_body();
  void set_low_watermark();
  void open_window();
  void input_ended(bool with_error);

  void on_timer();
  void arm(instant deadline, failure kind);
  void fail(failure outcome, std::string detail = {});
  void finish();
  void close();
  [[nodiscard]] bool can_discard() const noexcept;
  [[nodiscard]] bool has_expected_status() const noexcept;

  core_resources& core_;
  const origin& server_;
  transport transport_;
  watcher watcher_;
  timer timer_;
  state state_ = state::idle;
  std::size_t endpoint_ = 0;
  std::string_view head_;
  const exchange_spec* exchange_ = nullptr;
  std::coroutine_handle<> awaiting_;
  std::uint64_t sent_ = 0;  ///< Of head and body together.
  std::uint64_t total_to_send_ = 0;
  bool keeps_open_ = true;
  /// The peer has closed its side. No further event announces that, so reads go on until the end,
  /// also after a short read.
  bool ending_ = false;
  unsigned interims_ = 0;  ///< Interim responses so far.
  std::string pending_;    ///< The start of a head that is incomplete.
  body_reader reader_;
  body_use use_ = body_use::drop;
  std::size_t window_ = 0;  ///< Of `core_resources::windows`.
  instant deadline_;
  instant timer_deadline_;  ///< When the timer expires; the deadline may be later.
  instant exchange_deadline_;
  failure expiry_ = failure::none;
  std::uint64_t connects_ = 0;
  reply reply_;
};

struct connection::exchange_awaiter {
  connection& owner;
  std::string_view head;
  const exchange_spec& exchange;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> coroutine) const {
    owner.awaiting_ = coroutine;
    owner.head_ = head;
    owner.exchange_ = &exchange;
    owner.start();
  }
  [[nodiscard]] reply& await_resume() const noexcept { return owner.reply_; }
};

inline connection::exchange_awaiter connection::send(std::string_view head,
                                                     const exchange_spec& exchange) {
  return {*this, head, exchange};
}

}  // namespace plimsoll::load
