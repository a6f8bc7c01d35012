#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace plimsoll::reference {

/// The upper bounds of `route_times::counts`, in seconds.
inline constexpr std::array duration_bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                            0.01,   0.025,   0.05,   0.1,   0.25,   0.5,
                                            1.0,    2.5,     5.0,    10.0};

/// Requests that were answered, of one route and method, with one class of status.
struct request_count {
  std::string_view route;   ///< "manifest"; "other" where no endpoint is.
  std::string_view method;  ///< "GET"; "other" for those that no endpoint has.
  unsigned status_class = 2;
  std::uint64_t count = 0;
};

/// How long the requests of a route took, from the end of the head to the last byte of the
/// response.
struct route_times {
  std::string_view route;
  /// Up to each bound and above the one before; the last: beyond all.
  std::array<std::uint64_t, duration_bounds.size() + 1> counts{};
  double seconds = 0;  ///< Of all together.
};

/// What a store holds; what two repositories share counts twice.
struct store_counts {
  std::uint64_t repositories = 0;
  std::uint64_t blobs = 0;  ///< Pushed as such.
  std::uint64_t manifests = 0;
  std::uint64_t tags = 0;
  std::uint64_t open_uploads = 0;
};

/// What a registry served since it started, and what it holds.
struct statistics {
  std::vector<request_count> requests;  ///< Those that came at all.
  std::vector<route_times> times;       ///< Likewise.
  std::uint64_t received_bytes = 0;     ///< Of bodies.
  std::uint64_t sent_bytes = 0;         ///< Of bodies.
  std::uint64_t open_connections = 0;
  store_counts stored;
};

}  // namespace plimsoll::reference
