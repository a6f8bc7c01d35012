#pragma once

#include <cstdint>
#include <string_view>

namespace plimsoll::load {

/// Why a step of an operation failed, in the order of the reports.
enum class failure : std::uint8_t {
  none,
  dns,                 ///< The host has no address.
  connect,             ///< No TCP connection.
  tls,                 ///< No TLS session on it.
  auth,                ///< 401 or 403, also with a fresh token; or no token could be got.
  too_many_requests,   ///< 429.
  status,              ///< Any other status than what the operation calls for.
  timeout_connect,     ///< Also that of TLS.
  timeout_first_byte,  ///< Between the request's end and the response's start.
  timeout_idle,        ///< Between two pieces, in either direction.
  timeout_exchange,    ///< The exchange as a whole.
  reset,               ///< The connection ended before a response began, or with an error.
  protocol,            ///< What came is not HTTP/1.1, or not what the spec calls for.
  short_body,          ///< Fewer bytes than the length that was announced or is known.
  corrupt,             ///< Other bytes than those that are known.
  descriptors,         ///< This process may not open more connections.
  cut_off  ///< The run ended first: load_result calls it `unfinished`. No failure of the registry.
};

/// The name in results, for example "timeout.first-byte".
[[nodiscard]] std::string_view to_string(failure kind) noexcept;

inline constexpr std::size_t failure_kinds = 17;

/// Whether the content of a push that ended so may be in the registry: it succeeded, or its answer
/// was lost.
[[nodiscard]] bool may_exist(failure outcome) noexcept;

}  // namespace plimsoll::load
