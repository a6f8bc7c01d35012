#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plimsoll::http {

/// Header fields in the order and spelling in which they were sent or received.
class header_fields {
 public:
  using field = std::pair<std::string, std::string>;

  void add(std::string name, std::string value);
  /// Replaces all fields of that name.
  void set(std::string name, std::string value);
  void remove(std::string_view name);

  /// The value of the first field of that name, case ignored; nothing where there is none.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept;
  /// The values of all fields of that name, in order.
  [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
  [[nodiscard]] const std::vector<field>& fields() const noexcept { return fields_; }

 private:
  std::vector<field> fields_;
};

/// A body that is made while it is sent, in constant memory. It can be asked for any
/// part again (a retry, a redirect), so it must give the same bytes for the same offset.
struct body_source {
  std::uint64_t size = 0;  ///< Bytes in all.
  std::function<void(std::uint64_t offset, std::span<char> out)> read;
};

/// Takes a response's body piece by piece instead of keeping it; only bodies of final
/// 2xx responses go there, others are kept.
using body_sink = std::function<void(std::string_view piece)>;

/// A request to a registry.
///
/// A class with constructors, not an aggregate, on purpose: GCC 12 destroys a braced
/// temporary twice when it stands in a `co_await` expression.
class request {
 public:
  /// @param target a path with query that starts with '/', sent to the client's registry as
  ///        it stands; or an absolute http(s) URL, as a Location may be
  request(std::string method, std::string target);

  request& header(std::string name, std::string value) &;
  request&& header(std::string name, std::string value) &&;
  request& body(std::string bytes) &;
  request&& body(std::string bytes) &&;
  request& body(body_source source) &;
  request&& body(body_source source) &&;
  /// Sends the body with `Transfer-Encoding: chunked` and no Content-Length.
  request& chunked() &;
  request&& chunked() &&;
  /// Closes the connection after that many bytes of the body: a dropped connection, on
  /// purpose. The exchange then has no response and the error "cut as asked".
  request& cut_after(std::uint64_t bytes) &;
  request&& cut_after(std::uint64_t bytes) &&;
  request& sink(body_sink to) &;
  request&& sink(body_sink to) &&;
  /// The response is what came first: a redirect is not followed.
  request& keep_redirects() &;
  request&& keep_redirects() &&;
  /// Sends neither credentials nor a token.
  request& anonymous() &;
  request&& anonymous() &&;

  [[nodiscard]] const std::string& method() const noexcept { return method_; }
  [[nodiscard]] const std::string& target() const noexcept { return target_; }
  [[nodiscard]] const header_fields& headers() const noexcept { return headers_; }
  [[nodiscard]] const std::shared_ptr<const std::string>& body() const noexcept { return body_; }
  [[nodiscard]] const std::optional<body_source>& source() const noexcept { return source_; }
  [[nodiscard]] std::uint64_t body_size() const noexcept;
  [[nodiscard]] bool has_body() const noexcept { return body_ || source_; }
  [[nodiscard]] bool is_chunked() const noexcept { return chunked_; }
  [[nodiscard]] std::optional<std::uint64_t> cut() const noexcept { return cut_; }
  [[nodiscard]] const body_sink& sink() const noexcept { return sink_; }
  [[nodiscard]] bool follows_redirects() const noexcept { return !keep_redirects_; }
  [[nodiscard]] bool is_anonymous() const noexcept { return anonymous_; }

 private:
  std::string method_;
  std::string target_;
  header_fields headers_;
  std::shared_ptr<const std::string> body_;
  std::optional<body_source> source_;
  body_sink sink_;
  std::optional<std::uint64_t> cut_;
  bool chunked_ = false;
  bool keep_redirects_ = false;
  bool anonymous_ = false;
};

struct response {
  int status = 0;  ///< 100 to 599; 0 where there is no response.
  header_fields headers;
  std::string body;             ///< Without its content codings; empty where a sink took it.
  std::uint64_t body_size = 0;  ///< Bytes received, as coded, also where a sink took them.
  /// Why the body is not coded as Content-Encoding says (RFC 9110, 8.4); `body` is then as it came.
  std::string coding_error;

  /// The content codings of the body, in lower case: "gzip", "gzip, zstd"; empty where it has none.
  [[nodiscard]] std::string codings() const;

  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept {
    return headers.get(name);
  }
};

/// One request on the wire and the response to it: a redirect, a token fetch and a
/// retry are hops of their own.
struct hop {
  std::string purpose;  ///< "" for what was asked for, else "token", "redirect", "retry".
  std::string method;
  std::string url;                               ///< Absolute, as sent; may hold secrets.
  header_fields sent;                            ///< May hold secrets.
  std::shared_ptr<const std::string> sent_body;  ///< Null where there was none or it was streamed.
  std::uint64_t sent_body_size = 0;
  http::response response;
  std::string error;  ///< Why there is no whole response; empty otherwise.
  std::chrono::steady_clock::time_point started;
  std::chrono::steady_clock::duration took{0};
};

/// Why an exchange has no answer that could be judged.
enum class exchange_failure : std::uint8_t {
  none,          ///< It is answered.
  network,       ///< No connection, no whole response, a limit of ours; `exchange::error` has it.
  interrupted,   ///< We ended it: `client::interrupt`.
  rate_limited,  ///< The host limits the rate or is not available, and we wait no longer for it.
};

/// Why a request ended with 401, or without the token that it needs.
enum class auth_failure : std::uint8_t {
  none,
  no_challenge,       ///< 401 without WWW-Authenticate, here and at /v2/ (RFC 9110, 15.5.2).
  unknown_challenge,  ///< Neither Basic nor Bearer.
  login_needed,       ///< It asks for a login, and there is none to send.
  login_refused,      ///< A login was sent, and refused by the registry or its token server.
  bad_realm,          ///< The realm of Bearer is missing or no http(s) URL.
  insecure_realm,     ///< The realm is http for a registry of https: the login is not sent there.
  token_server,       ///< The token server cannot be reached, or answers with neither 200 nor 401.
  bad_token,          ///< It answers with 200 and without a token that can be used.
};

/// A request and all that came of it. What a registry or a network does is data here,
/// never an exception.
struct exchange {
  std::size_t index = 0;     ///< Its place in the scenario's transcript, from 0.
  http::response response;   ///< The last hop's; status 0 where there is none.
  std::string error;         ///< Phase and reason: "connect 127.0.0.1:5000: Connection refused".
  std::string url;           ///< Where the response came from, after redirects.
  std::vector<hop> earlier;  ///< Hops before the last.
  hop last;                  ///< The hop that gave `response` (its own `response` has no body).

  exchange_failure failure = exchange_failure::none;
  auth_failure login = auth_failure::none;
  std::string login_detail;  ///< Of `login`: the realm, or what the token server did; may be empty.
  /// What has to be known to read the response, for example that its redirect was not followed
  /// since it has clients send GET in place of POST; empty where nothing has.
  std::string explanation;

  [[nodiscard]] bool answered() const noexcept { return error.empty(); }
};

/// Why the login did not do, as a clause that needs no more context: "401 without
/// WWW-Authenticate (RFC 9110, 15.5.2)"; empty for `auth_failure::none`.
[[nodiscard]] std::string login_problem(const exchange& seen);

}  // namespace plimsoll::http
