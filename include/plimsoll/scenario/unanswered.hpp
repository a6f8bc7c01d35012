#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "plimsoll/http/message.hpp"

namespace plimsoll {

/// What a run has learnt about requests that get no answer, so that a registry that hangs costs
/// a few time-outs and not one for each request.
///
/// A kind of request is a method, an endpoint, and a host. Used from one executor.
class unanswered_requests {
 public:
  /// Time-outs of one kind in a row after which that kind is not sent any more.
  static constexpr std::size_t limit = 3;

  /// Why `message` is not worth sending; empty: send it.
  [[nodiscard]] std::string reason_against(const http::request& message) const;

  /// Counts `seen` where it timed out; an answer starts the count of its kind anew.
  void record(const http::request& message, const http::exchange& seen);

  /// No connection to this origin ("http://host:port") can be made, as `error` says.
  void mark_unreachable(const std::string& origin, const std::string& error);

  /// What `mark_unreachable` was given; nothing where the origin can be reached or is not known.
  [[nodiscard]] std::optional<std::string> unreachable(const std::string& origin) const;

 private:
  struct silence {
    std::size_t count = 0;
    std::string error;  ///< Of the last time-out.
  };
  std::map<std::string, silence> kinds_;
  std::map<std::string, std::string> unreachable_;
};

/// The kind of a request, for example "PUT of a manifest"; requests to other hosts name theirs.
[[nodiscard]] std::string kind_of(const http::request& message);

/// Whether the error is that of a limit on time, and not of a connection that was refused or broke.
[[nodiscard]] bool is_time_out(const std::string& error) noexcept;

/// Whether the error says that no connection to the server itself was made: refused, no route, no
/// such host, no TLS. An error of a proxy is none of these.
[[nodiscard]] bool is_no_connection(const std::string& error) noexcept;

}  // namespace plimsoll
