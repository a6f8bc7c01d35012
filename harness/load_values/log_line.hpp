#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "plimsoll/load_values/replay.hpp"

// Parsers of log lines and their parts: nothing where the text is malformed.
namespace plimsoll::load {

/// The fields of a request that all formats have.
struct logged_line {
  std::chrono::nanoseconds since_epoch{0};
  std::string_view method;
  std::string_view target;  ///< Path and query, as in the request line, or with a scheme and host.
  std::uint64_t status = 0;
  std::uint64_t bytes = 0;
};

/// "02/Jan/2026:03:04:05 +0000"
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_clf_time(std::string_view text);

/// RFC 3339: "2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05+01:00"
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_rfc3339(std::string_view text);

/// "ADDRESS - USER [TIME] "METHOD TARGET HTTP/1.1" STATUS BYTES ..."
[[nodiscard]] std::optional<logged_line> parse_combined(std::string_view line);

/// The request of a line; nothing where it is none of the distribution API. Its offset is since
/// the epoch.
[[nodiscard]] std::optional<logged_request> request_of(const logged_line& line);

}  // namespace plimsoll::load
